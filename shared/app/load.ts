import type { KeyDirectory } from '../domain/assess/key-facts.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { EpochSeconds } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { KeyBaselines, Versioned } from './ports.ts';

/** What the detector knew before this run. */
export interface Known {
  readonly baselines: ReadonlyMap<KeyArn, KeyBaselines>;
  readonly incidents: ReadonlyMap<KeyArn, Versioned>;
  /** Incident items that cannot be read, by what they are stored under, and why: they may hide an open incident. */
  readonly unreadableIncidents: ReadonlyMap<string, string>;
  readonly directory: KeyDirectory;
  readonly lastDiscovery: EpochSeconds | undefined;
}

/** Stage 1: everything stored, read at once. A replay starts from nothing but the names of the keys. */
export async function loadKnown(ports: DetectPorts, { replay }: DetectRequest): Promise<Known> {
  if (replay) {
    return {
      baselines: new Map(),
      incidents: new Map(),
      unreadableIncidents: new Map(),
      directory: await ports.facts.load(),
      lastDiscovery: undefined,
    };
  }
  const [baselines, incidents, directory, lastDiscovery] = await Promise.all([
    ports.baselines.loadAll(),
    ports.incidents.loadOpen(),
    ports.facts.load(),
    ports.runs.lastDiscovery(),
  ]);
  return {
    baselines: new Map(baselines.map((key) => [key.keyArn, key])),
    incidents: new Map(incidents.open.map((item) => [item.record.incident.keyArn, item])),
    unreadableIncidents: new Map(incidents.unreadable.map(({ item, reason }) => [item, reason])),
    directory,
    lastDiscovery,
  };
}
