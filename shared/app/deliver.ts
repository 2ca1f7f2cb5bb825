import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import { holdBack, isHeld } from '../domain/incident/alert-budget.ts';
import { coalesce, type Telling } from '../domain/incident/coalesce.ts';
import type { IncidentMessage, Message } from '../domain/incident/message.ts';
import {
  type Delivery,
  DIGEST,
  hasEnded,
  type IncidentRecord,
  recordAttempt,
} from '../domain/incident/notification.ts';
import type { DeliveryReport } from '../domain/run-report.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import { alertBudget } from './alert-budget.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import type { Receiver, Versioned } from './ports.ts';
import type { Lease } from './take-lease.ts';

/** Seconds before the deadline at which sending stops; the rest is pending and goes out with the next run. */
export const STOP_BEFORE_DEADLINE_SECONDS = 15;

/** What became of the messages, and every incident item as stored now. */
export interface Delivered {
  readonly report: DeliveryReport;
  readonly records: Map<KeyArn, Versioned>;
}

/** What a receiver is told together. */
interface Batch {
  readonly tellings: readonly Telling[];
  /** Whether the alert budget has held it back. */
  readonly wasHeld: boolean;
}

/**
 * Stage 11: sends what is pending, each receiver on its own, and records each delivery in its incident right after.
 * A crash in between repeats that one message; nothing is lost, and a failed Slack resends no email. Beyond the alert
 * budget a receiver's messages wait for the next hour and are told together; pages never wait.
 */
export async function deliver(
  ports: DetectPorts,
  claimed: Claimed,
  directory: KeyDirectory,
  settings: DetectSettings,
  lease: Lease,
  request: DetectRequest,
): Promise<Delivered> {
  const records = new Map([...claimed.records].filter(([keyArn]) => !claimed.conflicts.has(keyArn)));
  if (!lease.held) return { report: lease.left ?? { left: 'no lease' }, records };
  const budget = alertBudget(ports, settings, request);
  const failures: { receiver: string; reason: string }[] = [];
  let sent = 0;
  for (const receiver of ports.receivers) {
    for (const batch of batchesOf(pending(records, receiver, request), receiver)) {
      if (ports.clock.now() >= request.deadline - STOP_BEFORE_DEADLINE_SECONDS) break;
      const { tellings } = batch;
      if (!tellings.some(isPage) && (await budget.isSpent(receiver))) {
        for (const telling of tellings)
          await rewrite(ports, records, telling, receiver, (record, number) =>
            holdBack(record, number, receiver.name, request.asOf),
          );
        continue;
      }
      const outcome = await receiver.send(messageOf(batch, directory, settings, request));
      if (outcome.kind === 'sent') sent++;
      else failures.push({ receiver: receiver.name, reason: outcome.reason });
      for (const telling of tellings)
        await rewrite(ports, records, telling, receiver, (record, number) =>
          recordAttempt(record, number, receiver.name, outcome, request.asOf),
        );
      if (outcome.kind === 'sent') await budget.spend(receiver);
    }
  }
  return { report: { sent, ...countDeliveries(records), failures }, records };
}

const isPage = ({ notification }: Telling): boolean => notification.severity === 'page';

function pending(
  records: ReadonlyMap<KeyArn, Versioned>,
  receiver: Receiver,
  { asOf }: DetectRequest,
): Telling[] {
  return [...records].flatMap(([keyArn, { record }]) =>
    record.notifications
      .filter((notification) => {
        const delivery = deliveryTo(receiver, notification);
        return delivery && !hasEnded(delivery) && delivery.nextAttemptAt <= asOf;
      })
      .map((notification) => ({ keyArn, notification })),
  );
}

const deliveryTo = ({ name }: Receiver, { deliveries }: Telling['notification']): Delivery | undefined =>
  deliveries.find(({ receiver }) => receiver === name);

/** What was held back goes out as one message, before what is new. */
function batchesOf(tellings: readonly Telling[], receiver: Receiver): Batch[] {
  const wasHeld = ({ notification }: Telling) => {
    const delivery = deliveryTo(receiver, notification);
    return delivery !== undefined && isHeld(delivery);
  };
  const held = tellings.filter(wasHeld);
  const others = tellings.filter((telling) => !wasHeld(telling));
  return [
    ...(held.length > 0 ? [{ tellings: held, wasHeld: true }] : []),
    ...coalesce(others, receiver.groups).map((together) => ({ tellings: together, wasHeld: false })),
  ];
}

function messageOf(
  { tellings, wasHeld }: Batch,
  directory: KeyDirectory,
  { origin, maxMessagesPerHour }: DetectSettings,
  { asOf }: DetectRequest,
): Message {
  const items = tellings.map(({ keyArn, notification }): IncidentMessage => {
    const { deliveries: _, ...told } = notification;
    return { notification: told, key: factsOf(directory, keyArn) };
  });
  const [first] = items;
  if (items.length === 1 && first) return { kind: 'incident', origin, ...first };
  const budget = wasHeld ? { budget: { limit: maxMessagesPerHour } } : {};
  return { kind: 'group', origin, at: asOf, items, ...budget };
}

async function rewrite(
  { incidents, log }: DetectPorts,
  records: Map<KeyArn, Versioned>,
  { keyArn, notification }: Telling,
  receiver: Receiver,
  change: (record: IncidentRecord, number: number) => IncidentRecord,
): Promise<void> {
  const held = records.get(keyArn);
  if (!held) return;
  const record = change(held.record, notification.number);
  const written = await incidents.put(record, held.version);
  if (written === 'written') records.set(keyArn, { record, version: held.version + 1 });
  else
    log.error('a delivery could not be recorded; this message may be repeated', {
      keyArn,
      receiver: receiver.name,
    });
}

function countDeliveries(records: ReadonlyMap<KeyArn, Versioned>) {
  const counts = { pending: 0, noAudience: 0, gaveUp: 0, digestOnly: 0, held: 0 };
  for (const { record } of records.values()) {
    if (record.incident.status === 'open' && record.incident.severity === 'digest') counts.digestOnly++;
    for (const { deliveries } of record.notifications) {
      for (const delivery of deliveries) {
        if (delivery.status === 'sent' || delivery.receiver === DIGEST) continue;
        counts[isHeld(delivery) ? 'held' : delivery.status]++;
      }
    }
  }
  return counts;
}
