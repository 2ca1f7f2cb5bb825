import { factsOf, keyLabel } from '../domain/assess/key-facts.ts';
import type { Incident } from '../domain/incident/incident.ts';
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
  until: EpochSeconds,
): Promise<NoticeFacts | undefined> {
  const lines = await Promise.all(
    waitingFor(run, until).map(async ({ keyArn, notification }) => {
      const latest = await latestOf(notification.incident);
      return noticeIncident(latest, keyLabel(factsOf(run.directory, keyArn)));
    }),
  );
  // What has become louder meanwhile has been told at once.
  const small = lines.filter(({ severity }) => severity === 'digest');
  return small.length === 0 ? undefined : { kind: 'digest', until, ...costliest(small) };

  /** The incident as it stands now. A later one may have taken its place in the item. */
  async function latestOf(incident: Incident): Promise<Incident> {
    const current = run.delivered.records.get(incident.keyArn)?.record.incident;
    if (current?.id === incident.id) return current;
    const closed = await incidents.closed(incident.keyArn, LOOK_BACK);
    return closed.find(({ id }) => id === incident.id) ?? incident;
  }
}

/**
 * Ends the waiting of everything that the digest of `until` tells, or that had been told at once. All of it is in that
 * digest, even if an earlier run has made it: what is planned later is newer than `until`.
 */
export async function endWaiting(
  { incidents, log }: Pick<DetectPorts, 'incidents' | 'log'>,
  run: NoticeRun,
  until: EpochSeconds,
  proof: string,
  { asOf }: DetectRequest,
): Promise<void> {
  const { records } = run.delivered;
  for (const { keyArn, notification } of waitingFor(run, until)) {
    const held = records.get(keyArn);
    if (!held) continue;
    const record = recordAttempt(held.record, notification.number, DIGEST, { kind: 'sent', proof }, asOf);
    const written = await incidents.put(record, held.version);
    if (written === 'written') records.set(keyArn, { record, version: held.version + 1 });
    else
      log.warn('another run has written this incident meanwhile; it may be told in two digests', { keyArn });
  }
}

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
