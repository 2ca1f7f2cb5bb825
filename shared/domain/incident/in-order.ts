import type { EpochSeconds } from '../usage/time.ts';
import { isHeld } from './alert-budget.ts';
import { deliveryTo, hasEnded, withDelivery } from './delivery.ts';
import type { IncidentRecord, Notification } from './notification.ts';

/**
 * What one receiver can be told of a key now, oldest first. A message waits for those before it, or an alert would be
 * resolved before it is triggered. Only a page goes past what the alert budget holds back: it tells as much and more.
 */
export function dueTo(
  receiver: string,
  { notifications }: Pick<IncidentRecord, 'notifications'>,
  asOf: EpochSeconds,
): Notification[] {
  const due: Notification[] = [];
  let before: 'nothing' | 'held' | 'waiting' = 'nothing';
  for (const notification of notifications) {
    const delivery = deliveryTo(notification, receiver);
    if (!delivery || hasEnded(delivery)) continue;
    const isFree = before === 'nothing' || (before === 'held' && notification.severity === 'page');
    if (isFree && delivery.nextAttemptAt <= asOf) due.push(notification);
    else if (before !== 'waiting') before = isHeld(delivery) ? 'held' : 'waiting';
  }
  return due;
}

/** The record after a page went past what the budget holds back from its receiver: that is not told any more. */
export const overtaken = (record: IncidentRecord, number: number, receiver: string): IncidentRecord => ({
  ...record,
  notifications: record.notifications.map((notification) =>
    notification.number < number
      ? withDelivery(notification, receiver, (delivery) =>
          isHeld(delivery) ? { ...delivery, status: 'overtaken' } : delivery,
        )
      : notification,
  ),
});
