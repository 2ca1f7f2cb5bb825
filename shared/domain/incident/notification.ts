import { isLouder, type Severity } from '../policy.ts';
import { binStart, type EpochSeconds } from '../usage/time.ts';
import type { Transition } from './advance.ts';
import { FINAL_LAG_BINS } from './decide.ts';
import { type Attempt, attempted, type Delivery, deliveriesTo, hasEnded, isPending } from './delivery.ts';
import type { Incident, IncidentEvent, IncidentFacts } from './incident.ts';
import type { Insight } from './insight.ts';

/** Why people hear of an incident; `acknowledged` is only for receivers that keep an alert of their own. */
export type NotifyReason = 'opened' | 'escalated' | 'updated' | 'reminder' | 'acknowledged' | 'resolved';

/** What is to be told of one transition, and to whom. It lives in the incident's own item until all of it has ended. */
export interface Notification {
  /** Counts the messages of an incident from 1; with the incident's id it names the message. */
  readonly number: number;
  readonly reason: NotifyReason;
  /** The incident as it stood then: a message that is sent late still tells what happened. */
  readonly incident: Incident;
  readonly severity: Severity;
  readonly at: EpochSeconds;
  readonly facts: IncidentFacts;
  /** Since when it was kept from people by a mute that has just ended; absent: it was not. */
  readonly mutedSince?: EpochSeconds;
  readonly deliveries: readonly Delivery[];
}

/** What a mute keeps from people: they hear of it when the mute ends, if it still goes on. */
export interface HeldBack {
  readonly since: EpochSeconds;
  /** The most important of what was not told. */
  readonly reason: 'opened' | 'escalated' | 'updated';
  readonly receivers: readonly string[];
}

/** An incident with what is still to be told of it: the unit that is stored, in one item. */
export interface IncidentRecord {
  readonly incident: Incident;
  readonly notifications: readonly Notification[];
  /** Number of the last notification planned. */
  readonly notified: number;
  readonly lastNotifiedAt: EpochSeconds;
  /** Reminders planned since the last transition: their interval grows. */
  readonly reminders: number;
  /** Receivers that were to hear of the opening: updates and the end go there, too. */
  readonly audience: readonly string[];
  /** Who is calling and why, as last looked up; undefined: nobody has looked yet. */
  readonly insight?: Insight;
  /** Where each receiver has put its message of this incident, if it said so: later ones go on there. */
  readonly references?: Readonly<Record<string, string>>;
  readonly heldBack?: HeldBack;
}

/**
 * Stands for the daily digest in deliveries: an incident that is too small to be told at once waits for it in its own
 * item. It is no receiver, so it hears nothing more of the incident.
 */
export const DIGEST = 'digest';

/** A receiver as the planner sees it. */
export interface Audience {
  readonly receiver: string;
  /** Whether it hears of this severity for this key. */
  readonly admits: (severity: Severity) => boolean;
}

/** Notifications kept in an item at most: those that have ended go first, then the oldest. Bounds the item's size. */
export const MAX_NOTIFICATIONS = 20;

/** Hours after the last message until an open, unacknowledged incident is told again: 4 h, 12 h, then daily. */
const REMINDER_HOURS = [4, 12, 24];

/** Reminders after which they are daily. What comes and goes has been told twice by then. */
const DAILY = REMINDER_HOURS.length - 1;

/** Hours between reminders of trouble that comes and goes: the shorter intervals are for what goes on unbroken. */
const BROKEN_REMINDER_HOURS = 24;

/** Hours between reminders of a level that stands: a week. */
const STANDING_REMINDER_HOURS = 168;

/**
 * The record after transitions: what is told of each, to whom. `at` is when the run can first tell. What is still
 * pending of the key's former incident is carried along.
 */
export function planNotifications(
  record: IncidentRecord | undefined,
  transitions: readonly Transition[],
  stored: Incident,
  audiences: readonly Audience[],
  at: EpochSeconds,
): IncidentRecord {
  let next: IncidentRecord = record ? { ...record, incident: stored } : freshRecord(stored, at, []);
  for (const { event, incident } of transitions) {
    if (event.type === 'opened') next = freshRecord(stored, at, next.notifications.filter(isPending));
    const receivers = receiversOf(event, next, audiences);
    if (event.type === 'reopened') next = withoutFarewelled(endWithdrawn(next));
    next = notify(next, reasonOf(event), incident, event.facts, receivers, at);
    if (event.facts.isBack) next = { ...next, reminders: DAILY };
  }
  return next;
}

/** Why people hear of an event. */
export const reasonOf = ({ type }: IncidentEvent): Exclude<NotifyReason, 'reminder' | 'acknowledged'> => {
  if (type === 'standing') return 'updated';
  return type === 'reopened' ? 'opened' : type;
};

function receiversOf(
  event: IncidentEvent,
  { audience, notifications }: IncidentRecord,
  audiences: readonly Audience[],
): readonly string[] {
  if (event.type === 'resolved' || event.type === 'standing') return audience;
  const admitted = audiences.filter(({ admits }) => admits(event.severity)).map(({ receiver }) => receiver);
  const last = notifications.at(-1);
  if (event.type !== 'reopened' || !last || isLouder(event.severity, last.severity)) return admitted;
  const aware = awareOf(notifications, last.incident.id);
  return admitted.filter((receiver) => !aware.has(receiver));
}

/** Receivers that have been told of an incident and not of its end. */
export function awareOf(notifications: readonly Notification[], incidentId: string): ReadonlySet<string> {
  const aware = new Set<string>();
  for (const { incident, reason, deliveries } of notifications) {
    for (const { receiver, status } of deliveries) {
      if (incident.id !== incidentId || status !== 'sent') continue;
      if (reason === 'resolved') aware.delete(receiver);
      else aware.add(receiver);
    }
  }
  return aware;
}

/** Whoever has not been told of the end need not be, as it was none. */
const endWithdrawn = (record: IncidentRecord): IncidentRecord => ({
  ...record,
  notifications: record.notifications.map((one) =>
    one.reason === 'resolved' ? { ...one, deliveries: one.deliveries.filter(hasEnded) } : one,
  ),
});

/**
 * Whoever has heard of the end hears nothing more unless the reopening is told to them: it may be less than they are
 * to be disturbed for.
 */
function withoutFarewelled(record: IncidentRecord): IncidentRecord {
  const aware = awareOf(record.notifications, record.incident.id);
  const isOwed = (receiver: string) =>
    record.notifications.some(({ deliveries }) =>
      deliveries.some((delivery) => delivery.receiver === receiver && !hasEnded(delivery)),
    );
  return {
    ...record,
    audience: record.audience.filter((receiver) => aware.has(receiver) || isOwed(receiver)),
  };
}

/** The record with a reminder planned, if one is due while it still goes on; the same record otherwise. */
export function planReminder(
  record: IncidentRecord,
  current: Incident,
  facts: () => IncidentFacts,
  at: EpochSeconds,
): IncidentRecord {
  const isDue = reminderDueAt(record, current) <= at;
  if (!isGoingOn(current) || current.ackedBy || record.audience.length === 0 || !isDue) return record;
  const told = notify(record, 'reminder', current, facts(), record.audience, at);
  return { ...told, reminders: record.reminders + 1 };
}

function reminderDueAt(
  { lastNotifiedAt, reminders }: IncidentRecord,
  { standingBin, tally }: Incident,
): EpochSeconds {
  if (standingBin !== undefined) return lastNotifiedAt + STANDING_REMINDER_HOURS * 3600;
  const growing = REMINDER_HOURS[Math.min(reminders, REMINDER_HOURS.length - 1)] ?? BROKEN_REMINDER_HOURS;
  const unbrokenSince = tally.unbrokenSinceBin === undefined ? 0 : binStart(tally.unbrokenSinceBin);
  return Math.min(
    Math.max(lastNotifiedAt, unbrokenSince) + growing * 3600,
    lastNotifiedAt + BROKEN_REMINDER_HOURS * 3600,
  );
}

/**
 * Whether the trouble itself goes on, not only the wait for its end. CloudWatch may be late: bins that are not final
 * yet look quiet until their datapoints come.
 */
export const isGoingOn = ({ status, tally }: Incident): boolean =>
  status === 'open' && tally.quietBins <= FINAL_LAG_BINS;

/**
 * The record with somebody's acknowledgement in it. Of the first one those of `receivers` are to hear that have been
 * told of the incident; it stands as it was told last.
 */
export function planAcknowledgement(
  record: IncidentRecord,
  by: string,
  receivers: readonly string[],
  at: EpochSeconds,
): IncidentRecord {
  const incident = { ...record.incident, ackedBy: by };
  const acked = { ...record, incident };
  const facts = record.notifications.findLast((one) => one.incident.id === incident.id)?.facts;
  const hearing = receivers.filter((receiver) => record.audience.includes(receiver));
  if (record.incident.ackedBy !== undefined || !facts || hearing.length === 0) return acked;
  const { lastNotifiedAt, reminders } = record;
  return { ...notify(acked, 'acknowledged', incident, facts, hearing, at), lastNotifiedAt, reminders };
}

/** The record after an attempt to deliver one notification to one receiver. */
export function recordAttempt(
  record: IncidentRecord,
  number: number,
  receiver: string,
  attempt: Attempt,
  at: EpochSeconds,
): IncidentRecord {
  const notifications = record.notifications.map((notification): Notification => {
    if (notification.number !== number) return notification;
    return attempted(notification, receiver, attempt, at);
  });
  const told = record.notifications.find((notification) => notification.number === number);
  const reference = attempt.kind === 'sent' ? attempt.reference : undefined;
  // What is carried along of a former incident has its message elsewhere.
  const isKept =
    reference !== undefined && reference.length <= MAX_REFERENCE && told?.incident.id === record.incident.id;
  return {
    ...record,
    notifications,
    ...(isKept ? { references: { ...record.references, [receiver]: reference } } : {}),
  };
}

/** The reference a receiver gave for an earlier message of the same incident as this notification. */
export const earlierReference = (
  record: IncidentRecord,
  { incident }: Notification,
  receiver: string,
): string | undefined => (incident.id === record.incident.id ? record.references?.[receiver] : undefined);

/** Longest reference that is kept: bounds the item. */
const MAX_REFERENCE = 200;

/** The newest notifications with everything that is still pending, at most MAX_NOTIFICATIONS: bounds the item. */
function bounded(notifications: readonly Notification[]): Notification[] {
  const tooMany = notifications.length - MAX_NOTIFICATIONS;
  if (tooMany <= 0) return [...notifications];
  const ended = notifications.filter((notification) => !isPending(notification));
  const dropped = new Set([...ended, ...notifications].slice(0, tooMany));
  return notifications.filter((notification) => !dropped.has(notification));
}

const freshRecord = (
  incident: Incident,
  at: EpochSeconds,
  carried: readonly Notification[],
): IncidentRecord => ({
  incident,
  notifications: carried,
  notified: Math.max(0, ...carried.map(({ number }) => number)),
  lastNotifiedAt: at,
  reminders: 0,
  audience: [],
});

/** The record with one more notification planned; `mutedSince` if a mute has kept it from people. */
export function notify(
  record: IncidentRecord,
  reason: NotifyReason,
  incident: Incident,
  facts: IncidentFacts,
  receivers: readonly string[],
  at: EpochSeconds,
  mutedSince?: EpochSeconds,
): IncidentRecord {
  const number = record.notified + 1;
  const { severity } = incident;
  const deliveries = deliveriesTo(receivers, at);
  const told = { number, reason, incident, severity, at, facts };
  const notification: Notification = {
    ...told,
    ...(mutedSince === undefined ? {} : { mutedSince }),
    deliveries,
  };
  return {
    ...record,
    notifications: bounded([...record.notifications, notification]),
    notified: number,
    lastNotifiedAt: at,
    reminders: 0,
    audience: [...new Set([...record.audience, ...receivers])].filter((receiver) => receiver !== DIGEST),
  };
}
