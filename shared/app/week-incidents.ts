import pLimit from 'p-limit';
import type { Incident } from '../domain/incident/incident.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import { binStart, type EpochSeconds } from '../domain/usage/time.ts';
import type { DetectPorts } from './detect-request.ts';
import type { Versioned } from './ports.ts';

/** Queries under way together. */
const CONCURRENCY = 16;

/** Closed incidents read of one key. */
const MAX_OF_A_KEY = 20;

/** The incidents of a stretch of time, open ones among them, and how many keys could not be asked in time. */
export interface WeekIncidents {
  readonly incidents: readonly Incident[];
  readonly unread: number;
}

/** All incidents that went on at some time since `from`: a query for each subject, so it is for reports only. */
export async function incidentsSince(
  { incidents, clock }: Pick<DetectPorts, 'incidents' | 'clock'>,
  records: ReadonlyMap<KeyArn, Versioned>,
  subjects: readonly KeyArn[],
  from: EpochSeconds,
  stopAt: EpochSeconds,
): Promise<WeekIncidents> {
  const found = new Map<string, Incident>();
  let unread = 0;
  const limit = pLimit(CONCURRENCY);
  await limit.map(subjects, async (keyArn) => {
    if (clock.now() >= stopAt) unread++;
    else for (const one of await incidents.closed(keyArn, MAX_OF_A_KEY)) found.set(one.id, one);
  });
  for (const { record } of records.values()) found.set(record.incident.id, record.incident);
  const ofTheWeek = [...found.values()].filter(
    ({ endedBin }) => endedBin === undefined || binStart(endedBin) >= from,
  );
  return { incidents: ofTheWeek, unread };
}
