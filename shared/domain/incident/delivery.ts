import type { EpochSeconds } from '../usage/time.ts';

/** One message to one receiver and what became of it. */
export interface Delivery {
  readonly receiver: string;
  /**
   * `pending` is tried again, `sent` has a proof, `noAudience` was accepted by a topic that nobody has confirmed
   * (tried again for a day), `gaveUp` will not be tried again and says why, `muted` is never sent, nor is `overtaken`:
   * a later page has told as much.
   */
  readonly status: 'pending' | 'sent' | 'noAudience' | 'gaveUp' | 'muted' | 'overtaken';
  readonly attempts: number;
  readonly nextAttemptAt: EpochSeconds;
  /** Slack's answer, SNS's MessageId. */
  readonly proof?: string;
  /** Why the last attempt failed. */
  readonly reason?: string;
}

/** Seconds during which a delivery is tried; then it ends as `gaveUp` with its last reason. */
export const GIVE_UP_AFTER_SECONDS = 86_400;

/** Seconds until a refused message, or one without audience, is tried again: somebody has to mend something first. */
const MEND_SECONDS = 900;

/** One delivery to each receiver, to be tried at once. */
export const deliveriesTo = (receivers: readonly string[], at: EpochSeconds): Delivery[] =>
  receivers.map((receiver) => ({ receiver, status: 'pending', attempts: 0, nextAttemptAt: at }));

/** What a receiver answered, as the delivery keeps it. */
export type Attempt =
  | { readonly kind: 'sent'; readonly proof: string; readonly reference?: string }
  | { readonly kind: 'noAudience'; readonly reason: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterSeconds?: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Anything that is told, once, to several receivers. */
export interface Told {
  /** When it was planned. */
  readonly at: EpochSeconds;
  readonly deliveries: readonly Delivery[];
}

/** What is told, after an attempt to deliver it to one receiver. */
export const attempted = <T extends Told>(told: T, receiver: string, attempt: Attempt, at: EpochSeconds): T =>
  withDelivery(told, receiver, (delivery) => afterAttempt(delivery, attempt, told.at, at));

/** What is told, with its delivery to one receiver changed. */
export const withDelivery = <T extends Pick<Told, 'deliveries'>>(
  told: T,
  receiver: string,
  change: (delivery: Delivery) => Delivery,
): T => ({
  ...told,
  deliveries: told.deliveries.map((delivery) =>
    delivery.receiver === receiver ? change(delivery) : delivery,
  ),
});

/** The delivery of what is told to one receiver; undefined: it is not told there. */
export const deliveryTo = (
  { deliveries }: Pick<Told, 'deliveries'>,
  receiver: string,
): Delivery | undefined => deliveries.find((delivery) => delivery.receiver === receiver);

function afterAttempt(
  delivery: Delivery,
  attempt: Attempt,
  plannedAt: EpochSeconds,
  at: EpochSeconds,
): Delivery {
  const attempts = delivery.attempts + 1;
  const { receiver } = delivery;
  if (attempt.kind === 'sent') {
    return { receiver, status: 'sent', attempts, nextAttemptAt: at, proof: attempt.proof };
  }
  const reason = attempt.reason.slice(0, MAX_REASON);
  if (at - plannedAt >= GIVE_UP_AFTER_SECONDS) {
    return { receiver, status: 'gaveUp', attempts, nextAttemptAt: at, reason };
  }
  const wait = attempt.kind === 'retry' ? (attempt.afterSeconds ?? 0) : MEND_SECONDS;
  const status = attempt.kind === 'noAudience' ? 'noAudience' : 'pending';
  return { receiver, status, attempts, nextAttemptAt: at + wait, reason };
}

/** Longest reason that is kept: a receiver's answer may be a whole page. */
const MAX_REASON = 300;

/** Whether a delivery is over, for good or ill. */
export const hasEnded = ({ status }: Delivery): boolean => status !== 'pending' && status !== 'noAudience';

/** Whether something of it is still to be delivered. */
export const isPending = ({ deliveries }: Pick<Told, 'deliveries'>): boolean =>
  deliveries.some((delivery) => !hasEnded(delivery));
