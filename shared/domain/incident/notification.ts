import type { Severity } from '../policy.ts';
import type { EpochSeconds } from '../usage/time.ts';
import type { Transition } from './advance.ts';
import type { Incident, IncidentFacts } from './incident.ts';

/** Why people hear of an incident. */
export type NotifyReason = 'opened' | 'escalated' | 'updated' | 'reminder' | 'resolved';

/** One message to one receiver and what became of it. */
export interface Delivery {
  readonly receiver: string;
  /**
   * `pending` is tried again, `sent` has a proof, `noAudience` was accepted by a topic that nobody has confirmed
   * (tried again for a day), `gaveUp` will not be tried again and says why.
   */
  readonly status: 'pending' | 'sent' | 'noAudience' | 'gaveUp';
  readonly attempts: number;
  readonly nextAttemptAt: EpochSeconds;
  /** Slack's answer, SNS's MessageId. */
  readonly proof?: string;
  /** Why the last attempt failed. */
  readonly reason?: string;
}

/** What is to be told of one transition, and to whom. It lives in the incident's own item until all of it has ended. */
export interface Notification {
  /** Counts the messages of an incident from 1; with the incident's id it names the message. */
  readonly number: number;
  readonly reason: NotifyReason;
  readonly severity: Severity;
  readonly at: EpochSeconds;
  readonly facts: IncidentFacts;
  readonly deliveries: readonly Delivery[];
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
}

/** A receiver as the planner sees it. */
export interface Audience {
  readonly receiver: string;
  /** Whether it hears of this severity for this key. */
  readonly admits: (severity: Severity) => boolean;
}

/** Deliveries kept in an item at most; the oldest pending ones beyond it end as `gaveUp`. Bounds the item's size. */
export const MAX_NOTIFICATIONS = 20;

/** Hours after the last message until an open, unacknowledged incident is told again: 4 h, 12 h, then daily. */
const REMINDER_HOURS = [4, 12, 24];

/** The record after transitions: what is told of each, to whom. `at` is when the run can first tell. */
export function planNotifications(
  record: IncidentRecord | undefined,
  transitions: readonly Transition[],
  stored: Incident,
  audiences: readonly Audience[],
  at: EpochSeconds,
): IncidentRecord {
  let next: IncidentRecord =
    record?.incident.id === stored.id ? { ...record, incident: stored } : freshRecord(stored, at);
  for (const { event } of transitions) {
    if (event.type === 'opened' && event.bin !== stored.openedBin) continue;
    const receivers =
      event.type === 'resolved'
        ? next.audience
        : audiences.filter(({ admits }) => admits(event.severity)).map(({ receiver }) => receiver);
    const severity = event.type === 'resolved' ? stored.severity : event.severity;
    next = notify(next, event.type, severity, event.facts, receivers, at);
  }
  return next;
}

/** The record with a reminder planned, if one is due; the same record otherwise. */
export function planReminder(
  record: IncidentRecord,
  facts: () => IncidentFacts,
  at: EpochSeconds,
): IncidentRecord {
  const { incident } = record;
  const hours = REMINDER_HOURS[Math.min(record.reminders, REMINDER_HOURS.length - 1)] ?? 24;
  const due = record.lastNotifiedAt + hours * 3600 <= at;
  if (incident.status !== 'open' || incident.ackedBy || record.audience.length === 0 || !due) return record;
  const told = notify(record, 'reminder', incident.severity, facts(), record.audience, at);
  return { ...told, reminders: record.reminders + 1 };
}

/** Whether nothing is left to be delivered. */
export const isDelivered = (record: IncidentRecord): boolean =>
  record.notifications.every(({ deliveries }) => deliveries.every(({ status }) => hasEnded(status)));

/** Whether a delivery is over, for good or ill. */
export const hasEnded = (status: Delivery['status']): boolean => status === 'sent' || status === 'gaveUp';

const freshRecord = (incident: Incident, at: EpochSeconds): IncidentRecord => ({
  incident,
  notifications: [],
  notified: 0,
  lastNotifiedAt: at,
  reminders: 0,
  audience: [],
});

function notify(
  record: IncidentRecord,
  reason: NotifyReason,
  severity: Severity,
  facts: IncidentFacts,
  receivers: readonly string[],
  at: EpochSeconds,
): IncidentRecord {
  const number = record.notified + 1;
  const deliveries = receivers.map((receiver): Delivery => {
    return { receiver, status: 'pending', attempts: 0, nextAttemptAt: at };
  });
  const notifications = [...record.notifications, { number, reason, severity, at, facts, deliveries }];
  return {
    ...record,
    notifications: notifications.slice(-MAX_NOTIFICATIONS),
    notified: number,
    lastNotifiedAt: at,
    reminders: 0,
    audience: [...new Set([...record.audience, ...receivers])],
  };
}
