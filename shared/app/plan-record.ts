import type { Advance } from '../domain/incident/advance.ts';
import {
  type Audience,
  type IncidentRecord,
  planNotifications,
  planReminder,
} from '../domain/incident/notification.ts';
import type { Observation } from '../domain/incident/observation.ts';
import type { DetectRequest } from './detect-request.ts';

/** Stage 8 for one incident: its record with everything planned that is to be told. */
export function planRecord(
  known: IncidentRecord | undefined,
  { transitions, current, stored }: Advance,
  last: Observation | undefined,
  audiences: readonly Audience[],
  request: DetectRequest,
): IncidentRecord | undefined {
  if (!current || !stored) return known;
  const told = planNotifications(known, transitions, stored, audiences, request.asOf);
  return last ? planReminder(told, current, () => last.facts(current.tally), request.asOf) : told;
}
