import { factsOf } from '../domain/assess/key-facts.ts';
import type { Incident } from '../domain/incident/incident.ts';
import { type MessageOrigin, placedLabel } from '../domain/incident/message.ts';
import { DIGEST, type Notification, recordAttempt } from '../domain/incident/notification.ts';
import { costliest, type NoticeFacts, noticeIncident } from '../domain/notice.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { EpochSeconds } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { NoticeRun } from './notices.ts';

/** Closed incidents of a key among which the one of an older notification is looked for. */
const LOOK_BACK = 20;

interface Waiting {
  readonly keyArn: KeyArn;
  readonly notification: Notification;
}

/** The small incidents that wait for the digest of `until`; undefined if there is nothing to tell. */
export async function digestFacts(
  { incidents }: Pick<DetectPorts, 'incidents'>,
  run: NoticeRun,
  origin: MessageOrigin,
  until: EpochSeconds,
): Promise<NoticeFacts | undefined> {
  const small = waitingFor(run, until).filter((waiting) => !hasBecomeLouder(run, waiting));
  // One that came back waits twice.
  const byId = new Map(small.map((waiting) => [waiting.notification.incident.id, waiting]));
  const lines = await Promise.all(
    [...byId.values()].map(async ({ keyArn, notification }) => {
      const latest = await latestOf(notification.incident);
      return noticeIncident(latest, placedLabel(factsOf(run.directory, keyArn), origin));
    }),
  );
  return lines.length === 0 ? undefined : { kind: 'digest', until, ...costliest(lines) };

  /** The incident as it stands now. A later one may have taken its place in the item. */
  async function latestOf(incident: Incident): Promise<Incident> {
    const current = run.delivered.records.get(incident.keyArn)?.record.incident;
    if (current?.id === incident.id) return current;
    const closed = await incidents.closed(incident.keyArn, LOOK_BACK);
    return closed.find(({ id }) => id === incident.id) ?? incident;
  }
}

/** How what waits for a digest has ended. */
export interface DigestTold {
  readonly id: string;
  readonly until: EpochSeconds;
  /** Whether anybody hears digests at all. */
  readonly isHeard: boolean;
}

/**
 * Ends the waiting of what the stored digest tells, of what was told at once, and of everything if nobody hears
 * digests. What another run held while the digest was made waits for the next one.
 */
export async function endWaiting(
  { incidents, log }: Pick<DetectPorts, 'incidents' | 'log'>,
  run: NoticeRun,
  { id: proof, until, isHeard }: DigestTold,
  { asOf }: DetectRequest,
): Promise<void> {
  const { records } = run.delivered;
  const digest = run.notices.get(proof)?.notice.facts;
  for (const waiting of waitingFor(run, until)) {
    const { keyArn, notification } = waiting;
    const held = records.get(keyArn);
    if (!held) continue;
    const isDone = hasBecomeLouder(run, waiting) || isTold(digest, notification.incident.id);
    if (isHeard && !isDone) continue;
    const record = recordAttempt(held.record, notification.number, DIGEST, { kind: 'sent', proof }, asOf);
    const written = await incidents.put(record, held.version);
    if (written === 'written') records.set(keyArn, { record, version: held.version + 1 });
    else
      log.warn('another run has written this incident meanwhile; it may be told in two digests', { keyArn });
  }
}

/** Whether an incident has been told at once meanwhile, because it got worse. */
function hasBecomeLouder({ delivered }: NoticeRun, { keyArn, notification }: Waiting): boolean {
  const current = delivered.records.get(keyArn)?.record.incident;
  return current?.id === notification.incident.id && current.severity !== 'digest';
}

/** Whether a digest tells of an incident. One that is too long to list all is taken at its word. */
const isTold = (digest: NoticeFacts | undefined, id: string): boolean =>
  digest?.kind === 'digest' &&
  (digest.total > digest.incidents.length || digest.incidents.some((one) => one.id === id));

const waitingFor = ({ delivered }: NoticeRun, until: EpochSeconds): Waiting[] =>
  [...delivered.records].flatMap(([keyArn, { record }]) =>
    record.notifications
      .filter(
        ({ at, deliveries }) =>
          at < until &&
          deliveries.some(({ receiver, status }) => receiver === DIGEST && status === 'pending'),
      )
      .map((notification) => ({ keyArn, notification })),
  );
