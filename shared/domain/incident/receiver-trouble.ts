import { type EpochSeconds, HOUR_SECONDS } from '../usage/time.ts';
import { isHeld } from './alert-budget.ts';
import { GIVE_UP_AFTER_SECONDS, type Told } from './delivery.ts';
import { DIGEST } from './notification.ts';

/** Seconds a message may stay undelivered before its receiver counts as dead. */
const DEAD_AFTER_SECONDS = HOUR_SECONDS;

/** A receiver at which messages do not arrive. */
export interface ReceiverTrouble {
  readonly receiver: string;
  /** When the oldest of these messages was planned. */
  readonly since: EpochSeconds;
  /** What the receiver said to the newest attempt. */
  readonly reason: string;
  /** Messages tried for an hour and not given up. */
  readonly waiting: number;
  /** Messages given up within the last day. */
  readonly lost: number;
}

/**
 * The receivers that have not taken a message for an hour, or for which one was given up within the last day: nobody
 * hears through them, and only another receiver can say so.
 */
export function receiverTroubles(messages: Iterable<Told>, at: EpochSeconds): ReceiverTrouble[] {
  const troubles = new Map<string, ReceiverTrouble>();
  for (const { at: plannedAt, deliveries } of messages) {
    for (const delivery of deliveries) {
      const { receiver, status, nextAttemptAt, attempts } = delivery;
      const isLost = status === 'gaveUp' && nextAttemptAt > at - GIVE_UP_AFTER_SECONDS;
      const isWaiting =
        (status === 'pending' || status === 'noAudience') &&
        attempts > 0 &&
        plannedAt <= at - DEAD_AFTER_SECONDS;
      if (receiver === DIGEST || isHeld(delivery) || !(isLost || isWaiting)) continue;
      const known = troubles.get(receiver);
      troubles.set(receiver, {
        receiver,
        since: Math.min(plannedAt, known?.since ?? plannedAt),
        reason: delivery.reason ?? known?.reason ?? 'no reason given',
        waiting: (known?.waiting ?? 0) + Number(isWaiting),
        lost: (known?.lost ?? 0) + Number(isLost),
      });
    }
  }
  return [...troubles.values()];
}
