import type { KeyDirectory } from '../domain/assess/key-facts.ts';
import { acceptedHours } from '../domain/detection/acceptance.ts';
import type { Mute } from '../domain/incident/mute.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { EpochSeconds, Hour } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { KeyBaselines, UnreadableItem, Versioned } from './ports.ts';
import { usableBaselines } from './usable-baselines.ts';

/** What the detector knew before this run. */
export interface Known {
  readonly baselines: ReadonlyMap<KeyArn, KeyBaselines>;
  readonly incidents: ReadonlyMap<KeyArn, Versioned>;
  /** Incident items that cannot be read, by what they are stored under, and why: they may hide an open incident. */
  readonly unreadableIncidents: ReadonlyMap<string, string>;
  readonly mutes: readonly Mute[];
  /** The hours after which the levels of keys were accepted. */
  readonly accepted: ReadonlyMap<KeyArn, ReadonlySet<Hour>>;
  /** Mutes and acceptances that cannot be read. */
  readonly unreadableCommands: readonly UnreadableItem[];
  readonly directory: KeyDirectory;
  readonly lastDiscovery: EpochSeconds | undefined;
  /** What the last completed run reported; undefined: none is known. */
  readonly lastReport: RunReport | undefined;
}

/** Stage 1: everything stored, read at once. A replay starts from nothing but the names of the keys and what was accepted. */
export async function loadKnown(ports: DetectPorts, { replay, asOf }: DetectRequest): Promise<Known> {
  if (replay) {
    const [directory, commands] = await Promise.all([ports.facts.load(), ports.commands.load(asOf)]);
    return {
      baselines: new Map(),
      incidents: new Map(),
      unreadableIncidents: new Map(),
      mutes: [],
      accepted: acceptedHours(commands.acceptances),
      unreadableCommands: commands.unreadable,
      directory,
      lastDiscovery: undefined,
      lastReport: undefined,
    };
  }
  const [baselines, incidents, commands, directory, lastDiscovery, lastReport] = await Promise.all([
    ports.baselines.loadAll(),
    ports.incidents.loadOpen(),
    ports.commands.load(asOf),
    ports.facts.load(),
    ports.runs.lastDiscovery(),
    readLastReport(ports),
  ]);
  return {
    baselines: new Map(baselines.map((key) => [key.keyArn, usableBaselines(key, asOf)])),
    incidents: new Map(incidents.open.map((item) => [item.record.incident.keyArn, item])),
    unreadableIncidents: new Map(incidents.unreadable.map(({ item, reason }) => [item, reason])),
    mutes: commands.mutes,
    accepted: acceptedHours(commands.acceptances),
    unreadableCommands: commands.unreadable,
    directory,
    lastDiscovery,
    lastReport,
  };
}

/** A report that cannot be read is as good as none: it tells how far back a new key is judged and what is due. */
async function readLastReport({ runs, log }: DetectPorts): Promise<RunReport | undefined> {
  return runs.lastReport().catch((error: unknown) => {
    log.warn('the last report could not be read; this run reads and judges as if it were the first', {
      error,
    });
    return undefined;
  });
}
