import { cloneBaseline } from '../domain/detection/baseline.ts';
import { learnThrough } from '../domain/detection/learn.ts';
import { type KeyArn, type Operation, REENCRYPT_SOURCE } from '../domain/usage/key.ts';
import type { Metric } from '../domain/usage/metric.ts';
import { binsOfHour, isUnknown, type UsageSeries } from '../domain/usage/series.ts';
import {
  BINS_PER_HOUR,
  type Bin,
  DAY_SECONDS,
  type EpochSeconds,
  type Hour,
  storedThrough,
} from '../domain/usage/time.ts';
import { isBaselineDue } from './baseline-due.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Judged, JudgedKey } from './judge-keys.ts';
import type { KeyBaselines, OperationBaseline } from './ports.ts';
import { reasonOf } from './store-fault.ts';
import type { Lease } from './take-lease.ts';

/** Days a baseline is kept after a save: beyond the 63 days that CloudWatch can refill it from, it is worth nothing. */
export const KEEP_DAYS = 70;

/**
 * Stage 12: writes the baselines that completed an hour, learned from final bins only, each bin exactly once. Returns
 * the keys that could not be saved and why: a later run learns the same bins.
 */
export async function saveBaselines(
  ports: DetectPorts,
  judged: Judged,
  claimed: Claimed,
  lease: Lease,
  { asOf }: DetectRequest,
): Promise<ReadonlyMap<KeyArn, string>> {
  const faults = new Map<KeyArn, string>();
  if (!lease.held) return faults;
  const due = judged.keys.filter(
    (key) => !claimed.conflicts.has(key.keyArn) && !key.unreadableIncident && isBaselineDue(key, asOf),
  );
  await Promise.all(
    due.map(async (key) => {
      const learned = learnKey(key, storedThrough(asOf));
      if (!learned) return;
      const { keyArn } = key;
      try {
        const written = await ports.baselines.save(learned, expiresAt(asOf));
        if (written === 'conflict')
          ports.log.warn('another run has saved this baseline meanwhile', { keyArn });
      } catch (error) {
        ports.log.error('a baseline could not be saved; a later run learns the same bins', { keyArn, error });
        faults.set(keyArn, reasonOf(error));
      }
    }),
  );
  return faults;
}

/** When a baseline saved now expires, unless it is saved again. */
export const expiresAt = (asOf: EpochSeconds): EpochSeconds => asOf + KEEP_DAYS * DAY_SECONDS;

/** The keys on the other side of a ReEncrypt series. */
export const counterpartsOf = (operation: Operation, metrics: readonly Metric[]): KeyArn[] => [
  ...new Set(
    metrics.flatMap((metric) => {
      if (metric.kind !== 'reEncrypt') return [];
      return [operation === REENCRYPT_SOURCE ? metric.destination : metric.source];
    }),
  ),
];

/** The accounts that metrics are listed under, where they are not the detector's own alone. */
export function accountsOf(metrics: readonly Metric[]): Pick<OperationBaseline, 'accounts'> {
  const accounts = [...new Set(metrics.map(({ account = '' }) => account))];
  return accounts.some((account) => account !== '') ? { accounts } : {};
}

function learnKey(key: JudgedKey, through: Hour): KeyBaselines | undefined {
  if (!key.baselines) return undefined;
  const operations = new Map<Operation, OperationBaseline>();
  for (const [index, { id, usage }] of key.series.entries()) {
    const stored = key.baselines.operations.get(id.operation)?.baseline;
    if (!stored) continue;
    const baseline = cloneBaseline(stored);
    // An hour that could not be read is left for the next run; CloudWatch keeps it.
    learnThrough(baseline, through, (hour) => knownBins(usage, hour, baseline.bornBin), key.accepted);
    const metrics = key.windows[index]?.source.metrics ?? [];
    const counterparts = counterpartsOf(id.operation, metrics);
    operations.set(id.operation, { baseline, counterparts, ...accountsOf(metrics) });
  }
  return { ...key.baselines, operations };
}

const BINS = new Float64Array(BINS_PER_HOUR);

/** The bins of an hour, if all of them are known that the series has. */
function knownBins(usage: UsageSeries, hour: Hour, bornBin: Bin): Float64Array | undefined {
  const bins = binsOfHour(usage, hour, BINS);
  const isMissing = (requests: number, i: number) =>
    isUnknown(requests) && hour * BINS_PER_HOUR + i >= bornBin;
  return bins.some(isMissing) ? undefined : bins;
}
