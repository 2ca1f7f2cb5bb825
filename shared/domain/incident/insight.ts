import type { Callers } from '../callers/callers.ts';
import type { Cause } from '../causes/cause.ts';
import type { EpochSeconds } from '../usage/time.ts';
import { isPending } from './delivery.ts';
import type { IncidentFacts } from './incident.ts';
import { type IncidentRecord, notify } from './notification.ts';

/** What was found out about an incident after it was claimed: it decides nothing. */
export interface Insight {
  /** When it was looked up last. */
  readonly at: EpochSeconds;
  readonly callers: Callers;
  /** Most certain first, at most 3; empty: no rule fits. */
  readonly causes: readonly Cause[];
  /** Until when later runs look again, because CloudTrail may still tell; undefined: not any more. */
  readonly wantedUntil?: EpochSeconds;
}

/** Seconds after the first look during which later runs look again: CloudTrail is minutes late. */
export const CALLERS_WANTED_SECONDS = 3600;

/** Whether a run should look: something is about to be told without a look, or the callers are still wanted. */
export function wantsInsight(
  { incident, insight, notifications }: IncidentRecord,
  at: EpochSeconds,
): boolean {
  if (incident.status !== 'open') return false;
  if (insight) return insight.wantedUntil !== undefined && at <= insight.wantedUntil;
  return notifications.some((notification) => isPending(notification));
}

/**
 * The record with what a look has found. If the opening was told without callers and they are known now, one
 * `updated` message is planned for those who heard of it.
 */
export function withInsight(
  record: IncidentRecord,
  found: Pick<Insight, 'callers' | 'causes'>,
  facts: () => IncidentFacts,
  at: EpochSeconds,
): IncidentRecord {
  const { insight: before, incident, audience } = record;
  if (found.callers.kind === 'known') {
    const next = { ...record, insight: { ...found, at } };
    const isNews = before !== undefined && before.callers.kind !== 'known' && audience.length > 0;
    return isNews ? notify(next, 'updated', incident, facts(), audience, at) : next;
  }
  const wantedUntil = before ? before.wantedUntil : at + CALLERS_WANTED_SECONDS;
  const looksAgain = found.callers.mayCome && wantedUntil !== undefined && at < wantedUntil;
  return { ...record, insight: { ...found, at, ...(looksAgain ? { wantedUntil } : {}) } };
}
