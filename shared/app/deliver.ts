import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import { holdBack, isHeld } from '../domain/incident/alert-budget.ts';
import { coalesce, type Telling } from '../domain/incident/coalesce.ts';
import { deliveryTo } from '../domain/incident/delivery.ts';
import { dueTo, overtaken } from '../domain/incident/in-order.ts';
import {
  commonOrigin,
  type IncidentMessage,
  type Message,
  type MessageOrigin,
  originOf,
} from '../domain/incident/message.ts';
import { isMuted } from '../domain/incident/mute.ts';
import { DIGEST, earlierReference, recordAttempt } from '../domain/incident/notification.ts';
import { type DeliveryReport, MAX_EXAMPLES } from '../domain/run-report.ts';
import { type KeyArn, targetOfSubject } from '../domain/usage/key.ts';
import { alertBudget } from './alert-budget.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest, DetectSettings, Watched } from './detect-request.ts';
import type { Known } from './load.ts';
import type { Receiver, SendOutcome, Versioned } from './ports.ts';
import { type RecordChange, recordDelivery } from './record-delivery.ts';
import type { Lease } from './take-lease.ts';

/** Seconds before the deadline at which sending stops; the rest is pending and goes out with the next run. */
export const STOP_BEFORE_DEADLINE_SECONDS = 15;

/** Messages in a row that a receiver does not answer; then it waits for the next run, and the other receivers do not. */
const PATIENCE = 2;

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
  known: Known,
  claimed: Claimed,
  directory: KeyDirectory,
  settings: DetectSettings,
  lease: Lease,
  request: DetectRequest,
): Promise<Delivered> {
  const records = new Map([...claimed.records].filter(([keyArn]) => !claimed.conflicts.has(keyArn)));
  if (!lease.held) return { report: lease.left ?? { left: 'no lease' }, records };
  const isHeard = (keyArn: KeyArn) => !isMuted(known.mutes, factsOf(directory, keyArn), request.asOf);
  const budget = alertBudget(ports, settings, request);
  const failures = [...claimed.faults].slice(0, MAX_EXAMPLES).map(([keyArn, reason]) => ({
    receiver: 'incidents',
    reason: `${keyArn} could not be stored: ${reason}`,
  }));
  const record = async (telling: Telling, receiver: Receiver, change: RecordChange) => {
    const reason = await recordDelivery(ports, records, telling, receiver, change);
    if (reason !== undefined) failures.push({ receiver: receiver.name, reason });
  };
  const hold = async ({ tellings }: Batch, receiver: Receiver) => {
    for (const telling of tellings)
      await record(telling, receiver, (one, number) => holdBack(one, number, receiver.name, request.asOf));
  };
  const tell = async (batch: Batch, receiver: Receiver): Promise<SendOutcome> => {
    const message = messageOf(batch, records, directory, settings, request);
    const outcome = await receiver.send(message, earlierOf(batch.tellings, records, receiver));
    for (const telling of batch.tellings) {
      const hasItsOwn = message.kind === 'group' && earlierOf([telling], records, receiver) !== undefined;
      // An incident with a message of its own keeps that one: its end is to be told there.
      const kept = hasItsOwn ? withoutReference(outcome) : outcome;
      await record(telling, receiver, (one, number) => {
        const told = recordAttempt(one, number, receiver.name, kept, request.asOf);
        return outcome.kind === 'sent' && isPage(telling) ? overtaken(told, number, receiver.name) : told;
      });
    }
    return outcome;
  };
  let sent = 0;
  for (const receiver of ports.receivers) {
    const waiting = new Set<KeyArn>();
    let unanswered = 0;
    for (const whole of batchesOf(pending(records, receiver, isHeard, request), receiver)) {
      const isTimeUp = ports.clock.now() >= request.deadline - STOP_BEFORE_DEADLINE_SECONDS;
      if (isTimeUp || unanswered === PATIENCE) break;
      // What comes after a message that was not taken waits with it.
      const batch = { ...whole, tellings: whole.tellings.filter(({ keyArn }) => !waiting.has(keyArn)) };
      if (batch.tellings.length === 0) continue;
      if (!batch.tellings.some(isPage) && (await budget.isSpent(receiver))) {
        await hold(batch, receiver);
        continue;
      }
      const outcome = await tell(batch, receiver);
      unanswered = outcome.kind === 'retry' ? unanswered + 1 : 0;
      if (outcome.kind === 'sent') {
        sent++;
        await budget.spend(receiver);
      } else {
        failures.push({ receiver: receiver.name, reason: outcome.reason });
        for (const { keyArn } of batch.tellings) waiting.add(keyArn);
      }
    }
  }
  return { report: { sent, ...countDeliveries(records), failures }, records };
}

const isPage = ({ notification }: Telling): boolean => notification.severity === 'page';

function pending(
  records: ReadonlyMap<KeyArn, Versioned>,
  receiver: Receiver,
  isHeard: (keyArn: KeyArn) => boolean,
  { asOf }: DetectRequest,
): Telling[] {
  const heard = [...records].filter(([keyArn]) => isHeard(keyArn));
  return heard.flatMap(([keyArn, { record }]) =>
    dueTo(receiver.name, record, asOf).map((notification) => ({ keyArn, notification })),
  );
}

/** What was held back goes out as one message, before what is new. */
function batchesOf(tellings: readonly Telling[], receiver: Receiver): Batch[] {
  const wasHeld = ({ notification }: Telling) => {
    const delivery = deliveryTo(notification, receiver.name);
    return delivery !== undefined && isHeld(delivery);
  };
  const held = tellings.filter(wasHeld);
  const others = tellings.filter((telling) => !wasHeld(telling));
  return [
    ...(held.length > 0 ? [{ tellings: held, wasHeld: true }] : []),
    ...coalesce(others, receiver.groups).map((together) => ({ tellings: together, wasHeld: false })),
  ];
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
  { tellings, wasHeld }: Batch,
  records: ReadonlyMap<KeyArn, Versioned>,
  directory: KeyDirectory,
  { origin: home, maxMessagesPerHour, watched }: DetectSettings,
  { asOf }: DetectRequest,
): Message {
  const origin = commonOrigin(
    home,
    tellings.map(({ keyArn }) => keyArn),
  );
  const items = tellings.map(({ keyArn, notification }): IncidentMessage => {
    const { deliveries: _, ...told } = notification;
    const insight = records.get(keyArn)?.record.insight;
    const own = originOf(home, keyArn);
    const isElsewhere = own.account !== origin.account || own.region !== origin.region;
    const unseen = unseenFacts(keyArn, directory, home, watched);
    return {
      notification: told,
      key: factsOf(directory, keyArn),
      ...(insight ? { insight } : {}),
      ...(isElsewhere ? { origin: own } : {}),
      ...(unseen === undefined ? {} : { unseen }),
    };
  });
  const [first] = items;
  if (items.length === 1 && first) return { kind: 'incident', origin, ...first };
  const budget = wasHeld ? { budget: { limit: maxMessagesPerHour } } : {};
  return { kind: 'group', origin, at: asOf, items, ...budget };
}

/** Why name and kind of another account's key are not known. */
function unseenFacts(
  keyArn: KeyArn,
  directory: KeyDirectory,
  { accountId }: MessageOrigin,
  watched: Watched | undefined,
): string | undefined {
  const { account } = targetOfSubject(keyArn);
  if (!watched?.linkedAccounts || account === undefined || account === accountId) return undefined;
  if (factsOf(directory, keyArn).spec !== undefined) return undefined;
  return watched.enrichmentRole === undefined
    ? `what the key is called and what kind it is: keys of account ${account} can be looked up with EnrichmentRoleName`
    : `what the key is called and what kind it is: the role ${watched.enrichmentRole} of account ${account} did not tell`;
}

function countDeliveries(records: ReadonlyMap<KeyArn, Versioned>) {
  const counts = { pending: 0, noAudience: 0, gaveUp: 0, digestOnly: 0, held: 0, muted: 0 };
  for (const { record } of records.values()) {
    if (record.incident.status === 'open' && record.incident.severity === 'digest') counts.digestOnly++;
    for (const { deliveries } of record.notifications) {
      for (const delivery of deliveries) {
        const { status } = delivery;
        if (status === 'sent' || status === 'overtaken' || delivery.receiver === DIGEST) continue;
        counts[isHeld(delivery) ? 'held' : status]++;
      }
    }
  }
  return counts;
}
