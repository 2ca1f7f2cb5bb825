import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import { coalesce, type Telling } from '../domain/incident/coalesce.ts';
import type { IncidentMessage, Message, MessageOrigin } from '../domain/incident/message.ts';
import { isMuted } from '../domain/incident/mute.ts';
import {
  earlierReference,
  hasEnded,
  type IncidentRecord,
  recordAttempt,
} from '../domain/incident/notification.ts';
import type { DeliveryReport } from '../domain/run-report.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Known } from './load.ts';
import type { Receiver, SendOutcome, Versioned } from './ports.ts';
import type { Lease } from './take-lease.ts';

/** Seconds before the deadline at which sending stops; the rest is pending and goes out with the next run. */
const STOP_BEFORE_DEADLINE_SECONDS = 15;

/**
 * Stage 11: sends what is pending, each receiver on its own, and records each delivery in its incident right after.
 * A crash in between repeats that one message; nothing is lost, and a failed Slack resends no email.
 */
export async function deliver(
  ports: DetectPorts,
  known: Known,
  claimed: Claimed,
  directory: KeyDirectory,
  origin: MessageOrigin,
  lease: Lease,
  request: DetectRequest,
): Promise<DeliveryReport> {
  if (!lease.held) return lease.left ?? { left: 'no lease' };
  const records = new Map([...claimed.records].filter(([keyArn]) => !claimed.conflicts.has(keyArn)));
  const isHeard = (keyArn: KeyArn) => !isMuted(known.mutes, factsOf(directory, keyArn), request.asOf);
  const failures: { receiver: string; reason: string }[] = [];
  let sent = 0;
  for (const receiver of ports.receivers) {
    for (const tellings of coalesce(pending(records, receiver, isHeard, request), receiver.groups)) {
      if (ports.clock.now() >= request.deadline - STOP_BEFORE_DEADLINE_SECONDS) break;
      const message = messageOf(tellings, records, directory, origin, request);
      const outcome = await receiver.send(message, earlierOf(tellings, records, receiver));
      if (outcome.kind === 'sent') sent++;
      else failures.push({ receiver: receiver.name, reason: outcome.reason });
      for (const telling of tellings) {
        const known = message.kind === 'group' && earlierOf([telling], records, receiver) !== undefined;
        // An incident with a message of its own keeps that one: its end is to be told there.
        const kept = known ? withoutReference(outcome) : outcome;
        await recordOutcome(ports, records, telling, receiver, kept, request);
      }
    }
  }
  return { sent, ...countDeliveries(records), failures };
}

function pending(
  records: ReadonlyMap<KeyArn, Versioned>,
  receiver: Receiver,
  isHeard: (keyArn: KeyArn) => boolean,
  { asOf }: DetectRequest,
): Telling[] {
  const heard = [...records].filter(([keyArn]) => isHeard(keyArn));
  return heard.flatMap(([keyArn, { record }]) =>
    record.notifications
      .filter(({ deliveries }) =>
        deliveries.some(
          (delivery) =>
            delivery.receiver === receiver.name && !hasEnded(delivery) && delivery.nextAttemptAt <= asOf,
        ),
      )
      .map((notification) => ({ keyArn, notification })),
  );
}

/** Where this receiver has told of the incident before; several incidents have no place in common. */
function earlierOf(
  [telling, ...others]: readonly Telling[],
  records: ReadonlyMap<KeyArn, Versioned>,
  receiver: Receiver,
): string | undefined {
  const held = telling && others.length === 0 ? records.get(telling.keyArn) : undefined;
  return telling && held ? earlierReference(held.record, telling.notification, receiver.name) : undefined;
}

const withoutReference = (outcome: SendOutcome): SendOutcome =>
  outcome.kind === 'sent' ? { kind: 'sent', proof: outcome.proof } : outcome;

function messageOf(
  tellings: readonly Telling[],
  records: ReadonlyMap<KeyArn, Versioned>,
  directory: KeyDirectory,
  origin: MessageOrigin,
  { asOf }: DetectRequest,
): Message {
  const items = tellings.map(({ keyArn, notification }): IncidentMessage => {
    const { deliveries: _, ...told } = notification;
    const insight = records.get(keyArn)?.record.insight;
    return { notification: told, key: factsOf(directory, keyArn), ...(insight ? { insight } : {}) };
  });
  const [first] = items;
  return items.length === 1 && first
    ? { kind: 'incident', origin, ...first }
    : { kind: 'group', origin, at: asOf, items };
}

async function recordOutcome(
  ports: DetectPorts,
  records: Map<KeyArn, Versioned>,
  telling: Telling,
  receiver: Receiver,
  outcome: SendOutcome,
  request: DetectRequest,
): Promise<void> {
  const { keyArn, notification } = telling;
  const held = records.get(keyArn);
  if (!held) return;
  const told = (one: Versioned): IncidentRecord =>
    recordAttempt(one.record, notification.number, receiver.name, outcome, request.asOf);
  const recorded = (await putNext(ports, held, told)) ?? (await putAgain(ports, held, told));
  if (recorded) records.set(keyArn, recorded);
  else
    ports.log.error('a delivery could not be recorded; this message may be repeated', {
      keyArn,
      receiver: receiver.name,
    });
}

async function putNext(
  { incidents }: DetectPorts,
  held: Versioned,
  told: (one: Versioned) => IncidentRecord,
): Promise<Versioned | undefined> {
  const record = told(held);
  const written = await incidents.put(record, held.version);
  return written === 'written' ? { record, version: held.version + 1 } : undefined;
}

/** While the lease is held only an acknowledgement writes an incident meanwhile: its item is read again. */
async function putAgain(
  ports: DetectPorts,
  held: Versioned,
  told: (one: Versioned) => IncidentRecord,
): Promise<Versioned | undefined> {
  const { open } = await ports.incidents.loadOpen();
  const stored = open.find(({ record }) => record.incident.id === held.record.incident.id);
  return stored && (await putNext(ports, stored, told));
}

function countDeliveries(records: ReadonlyMap<KeyArn, Versioned>) {
  const counts = { pending: 0, noAudience: 0, gaveUp: 0, digestOnly: 0, muted: 0 };
  for (const { record } of records.values()) {
    if (record.incident.status === 'open' && record.incident.severity === 'digest') counts.digestOnly++;
    for (const { deliveries } of record.notifications) {
      for (const { status } of deliveries) if (status !== 'sent') counts[status]++;
    }
  }
  return counts;
}
