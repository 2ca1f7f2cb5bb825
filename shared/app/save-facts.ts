import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Discovered } from './discover.ts';
import type { Known } from './load.ts';
import type { Lease } from './take-lease.ts';

/** Remembers names, specs and when everything was listed. Losing it costs the next run a few requests, so it only warns. */
export async function saveFacts(
  ports: DetectPorts,
  known: Known,
  found: Discovered,
  lease: Lease,
  { asOf }: DetectRequest,
): Promise<void> {
  if (!lease.held) return;
  try {
    if (found.directory !== known.directory) await ports.facts.save(found.directory);
    if (found.listedAll) await ports.runs.saveDiscovery(asOf);
  } catch (error) {
    ports.log.warn('key names and specs could not be stored; the next run reads them again', { error });
  }
}
