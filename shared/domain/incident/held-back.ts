import type { EpochSeconds } from '../usage/time.ts';
import { type Delivery, hasEnded, isPending } from './delivery.ts';
import type { Incident, IncidentFacts } from './incident.ts';
import {
  awareOf,
  type HeldBack,
  type IncidentRecord,
  isGoingOn,
  type Notification,
  type NotifyReason,
  notify,
} from './notification.ts';

/** How much it matters to have missed a message. */
const WEIGHT = { updated: 0, escalated: 1, opened: 2 };

/**
 * The planned record as a mute leaves it. While the key is muted nothing is delivered, and what people would have heard
 * of an incident that goes on is remembered; what has ended is forgotten. `known` is the record before the plan.
 */
export function applyMute(
  known: IncidentRecord | undefined,
  planned: IncidentRecord,
  isMuted: boolean,
  at: EpochSeconds,
): IncidentRecord {
  const isOver = planned.incident.status === 'resolved';
  // What happens in the run after a mute is told together with what it kept from people, but an end is an end.
  const isHeld = isMuted || (planned.heldBack !== undefined && !isOver);
  if (!isHeld) return isOver ? nothingHeldBack(planned) : planned;
  const heard = known?.incident.id === planned.incident.id ? known.audience : [];
  return holdBack(planned, heard, at);
}

/** The record with what a mute kept from people told now, in one message, if it still goes on. */
export function planAfterMute(
  record: IncidentRecord,
  current: Incident,
  facts: () => IncidentFacts,
  at: EpochSeconds,
): IncidentRecord {
  const { heldBack } = record;
  if (!heldBack || !isGoingOn(current)) return record;
  const { reason, receivers, since } = heldBack;
  return notify(nothingHeldBack(record), reason, current, facts(), receivers, at, since);
}

function nothingHeldBack({ heldBack: _, ...record }: IncidentRecord): IncidentRecord {
  return record;
}

/**
 * The record while its key is muted: nothing waits to be sent, and what is kept from people is remembered while the
 * incident is open. `heard` are those who had been told of it before.
 */
function holdBack(record: IncidentRecord, heard: readonly string[], at: EpochSeconds): IncidentRecord {
  const unheard = new Set<string>();
  let { heldBack } = record;
  const notifications = record.notifications.map((notification): Notification => {
    if (!isPending(notification)) return notification;
    const { reason, incident, deliveries } = notification;
    const receivers = deliveries.filter((one) => !hasEnded(one)).map(({ receiver }) => receiver);
    if (incident.id === record.incident.id && isMissed(reason)) {
      heldBack = withReason(heldBack, reason, receivers, at);
      for (const receiver of receivers) unheard.add(receiver);
    }
    return { ...notification, deliveries: deliveries.map(afterMute) };
  });
  const kept = record.incident.status === 'open' && heldBack ? { heldBack } : {};
  const aware = awareOf(notifications, record.incident.id);
  const audience = heard.filter((receiver) => !unheard.has(receiver) || aware.has(receiver));
  return { ...nothingHeldBack(record), notifications, audience, ...kept };
}

/** Whether it matters later not to have heard it: what is only said once, in time, does not. */
const isMissed = (reason: NotifyReason): reason is HeldBack['reason'] => reason in WEIGHT;

const afterMute = (delivery: Delivery): Delivery =>
  hasEnded(delivery) ? delivery : { ...delivery, status: 'muted' };

const withReason = (
  heldBack: HeldBack | undefined,
  reason: HeldBack['reason'],
  receivers: readonly string[],
  at: EpochSeconds,
): HeldBack => ({
  since: heldBack?.since ?? at,
  reason: heldBack && WEIGHT[heldBack.reason] >= WEIGHT[reason] ? heldBack.reason : reason,
  receivers: [...new Set([...(heldBack?.receivers ?? []), ...receivers])],
});
