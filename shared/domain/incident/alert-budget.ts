import { type EpochSeconds, HOUR_SECONDS, type Hour } from '../usage/time.ts';
import { type Delivery, withDelivery } from './delivery.ts';
import type { IncidentRecord } from './notification.ts';

/** Messages sent in an hour, by receiver. Those of earlier hours are forgotten. */
export interface BudgetUse {
  readonly hour: Hour;
  readonly sent: Readonly<Record<string, number>>;
}

/** Why a delivery waits. It stands in the delivery itself, so it survives every crash. */
export const HELD_BY_BUDGET = 'held back by the alert budget until the next hour';

/** Whether a delivery waits for the next hour because the receiver has heard enough in this one. */
export const isHeld = ({ status, reason }: Delivery): boolean =>
  status === 'pending' && reason === HELD_BY_BUDGET;

/** Messages that a receiver was sent in the hour of `at`. */
export const sentInHour = (use: BudgetUse | undefined, receiver: string, at: EpochSeconds): number =>
  use?.hour === hourOf(at) ? (use.sent[receiver] ?? 0) : 0;

/** The use after one more message to a receiver. */
export function spend(use: BudgetUse | undefined, receiver: string, at: EpochSeconds): BudgetUse {
  const sent = use?.hour === hourOf(at) ? use.sent : {};
  return { hour: hourOf(at), sent: { ...sent, [receiver]: sentInHour(use, receiver, at) + 1 } };
}

/** The record with one delivery held back until the next hour. */
export function holdBack(
  record: IncidentRecord,
  number: number,
  receiver: string,
  at: EpochSeconds,
): IncidentRecord {
  const nextAttemptAt = (hourOf(at) + 1) * HOUR_SECONDS;
  const held = (delivery: Delivery): Delivery => ({ ...delivery, nextAttemptAt, reason: HELD_BY_BUDGET });
  const notifications = record.notifications.map((notification) =>
    notification.number === number ? withDelivery(notification, receiver, held) : notification,
  );
  return { ...record, notifications };
}

const hourOf = (at: EpochSeconds): Hour => Math.floor(at / HOUR_SECONDS);
