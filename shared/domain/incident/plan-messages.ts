import type { EpochSeconds } from '../usage/time.ts';
import type { Advance } from './advance.ts';
import { applyMute, planAfterMute } from './held-back.ts';
import { type Audience, type IncidentRecord, planNotifications, planReminder } from './notification.ts';
import type { Observation } from './observation.ts';

/**
 * Stage 8 for one key: what is told of its transitions, what a mute keeps from people or has kept until now, and the
 * reminder that is due. `newest` is the newest bin that may be told (`newestTold`).
 */
export function planMessages(
  known: IncidentRecord | undefined,
  { transitions, current, stored }: Advance,
  newest: Observation | undefined,
  audiences: readonly Audience[],
  isMuted: boolean,
  at: EpochSeconds,
): IncidentRecord | undefined {
  if (!current || !stored) return known;
  const planned = applyMute(known, planNotifications(known, transitions, stored, audiences, at), isMuted, at);
  if (isMuted || !newest) return planned;
  const facts = () => newest.facts(current.tally);
  return planReminder(planAfterMute(planned, current, facts, at), current, facts, at);
}
