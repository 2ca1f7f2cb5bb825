import { isLouder } from '../policy.ts';
import { isRegionSubject, type KeyArn } from '../usage/key.ts';
import type { Notification } from './notification.ts';

/** Keys whose openings are told in one message from this many on: three separate messages at once are a nuisance. */
export const GROUP_FROM_KEYS = 3;

/** One notification of one key that is to be told. */
export interface Telling {
  readonly keyArn: KeyArn;
  readonly notification: Notification;
}

/**
 * What one receiver is told together: the openings and escalations of many keys in one message, everything else on
 * its own: the Region's quota, too, which is no key. Older first, louder first among those of the same run.
 */
export function coalesce(tellings: readonly Telling[], groups: boolean): Telling[][] {
  const ordered = tellings.toSorted((a, b) => a.notification.at - b.notification.at || louderFirst(a, b));
  const openings = ordered.filter(
    ({ keyArn, notification: { reason } }) =>
      (reason === 'opened' || reason === 'escalated') && !isRegionSubject(keyArn),
  );
  const keys = new Set(openings.map(({ keyArn }) => keyArn));
  if (!groups || keys.size < GROUP_FROM_KEYS) return ordered.map((telling) => [telling]);
  return [openings, ...ordered.filter((telling) => !openings.includes(telling)).map((telling) => [telling])];
}

const louderFirst = (a: Telling, b: Telling): number =>
  Number(isLouder(b.notification.severity, a.notification.severity)) -
  Number(isLouder(a.notification.severity, b.notification.severity));
