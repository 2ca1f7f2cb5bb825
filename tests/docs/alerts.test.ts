import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { NotifyReason } from '../../shared/domain/incident/notification.ts';
import type { NoticeFacts } from '../../shared/domain/notice.ts';
import { renderEmail } from '../../shared/render/email.ts';
import { renderEvent } from '../../shared/render/event.ts';
import { type GalleryEntry, galleryPage } from '../../shared/render/gallery.ts';
import { messageKind, messageSeverity } from '../../shared/render/headline.ts';
import { renderPagerDuty } from '../../shared/render/pagerduty.ts';
import { renderSlack } from '../../shared/render/slack.ts';
import {
  playBudget,
  playFullQuota,
  playLibrary,
  playLimit,
  playLongStorm,
  playMute,
  playNewLevel,
  playRegion,
  playStorm,
  playWeek,
} from '../support/played-accounts.ts';

const LEAD =
  'Each is what the detector sent of a played account with a quota of 20,000 requests a second. By default PagerDuty hears of pages alone; EventBridge has them all where there is a bus.';

/** The situations that people should see before they deploy. */
async function situations(): Promise<Readonly<Record<string, Message>>> {
  const storm = await playStorm();
  const long = await playLongStorm();
  const region = await playRegion();
  const week = await playWeek();
  return {
    'A key runs away: a notice at first, with callers, cause and fix': storm.opened,
    'The next five minutes are as bad: somebody is woken': storm.worse,
    'The same beginning, while CloudTrail does not show the callers yet': long.opened,
    'The callers have become known': long.updated,
    'Somebody has it: told to PagerDuty alone': storm.acknowledged,
    'Still going on after hours': long.reminder,
    'It stopped, and is back before its end was told': long.back,
    'It is over': storm.resolved,
    'It is back the next morning': storm.reopened,
    'It was muted, and goes on': (await playMute()).afterMute,
    'It has lasted for two days: a new level': (await playNewLevel()).standing,
    'At the quota: KMS refuses requests': (await playFullQuota()).full,
    "The Region's quota fills, and no single key is to blame": region.opened,
    "The Region's quota has room again": region.resolved,
    'A fixed limit of the policy is exceeded': (await playLimit()).limit,
    'Many keys at once': (await playLibrary()).group,
    'Held back by the alert budget until the next hour': (await playBudget()).held,
    'A drill': week.drill,
    'The first check': week.welcome,
    'The first day, once history is learned': week.firstDay,
    'The daily digest of what is small': week.digest,
    'The weekly report': week.weekly,
    'Nothing arrives at a receiver': week.deadReceiver,
  };
}

/** A message as those receivers get it that hear of such by default. */
function entryOf(title: string, message: Message): GalleryEntry {
  const pagerDuty = messageSeverity(message) === 'page' ? { PagerDuty: renderPagerDuty(message) } : {};
  if (message.kind === 'incident' && message.notification.reason === 'acknowledged')
    return { title, json: pagerDuty };
  return {
    title,
    slack: renderSlack(message),
    email: renderEmail(message),
    json: { ...pagerDuty, 'EventBridge event': renderEvent(message) },
  };
}

/** Every kind that there is: the compiler wants a new one here, and the test wants it on the page. */
const KINDS: Readonly<Record<NotifyReason | NoticeFacts['kind'] | 'group' | 'drill', true>> = {
  opened: true,
  escalated: true,
  updated: true,
  reminder: true,
  acknowledged: true,
  resolved: true,
  group: true,
  drill: true,
  welcome: true,
  firstDay: true,
  digest: true,
  weekly: true,
  deadReceiver: true,
};

describe('docs/alerts.html', () => {
  let shown: Readonly<Record<string, Message>> = {};
  beforeAll(async () => {
    shown = await situations();
  }, 120_000);

  it('shows messages as they are sent today', async () => {
    const entries = Object.entries(shown).map(([title, message]) => entryOf(title, message));

    await expect(galleryPage('What you are told', entries, LEAD)).toMatchFileSnapshot(
      '../../docs/alerts.html',
    );
  });

  it('shows every kind of message, and every circumstance that changes its words', () => {
    const messages = Object.values(shown);
    const facts = messages.flatMap((one) => (one.kind === 'incident' ? [one.notification.facts] : []));

    expect(new Set(messages.map(messageKind))).toEqual(new Set(Object.keys(KINDS)));
    expect(facts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ isBack: true }),
        expect.objectContaining({ standing: true }),
        expect.objectContaining({ region: expect.anything() }),
        expect.objectContaining({ regionQuotaShare: 1 }),
        expect.objectContaining({ thresholds: [expect.anything()] }),
      ]),
    );
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ budget: { limit: 5 } }),
        expect.objectContaining({
          notification: expect.objectContaining({ mutedSince: expect.any(Number) }),
        }),
        expect.objectContaining({
          notification: expect.objectContaining({
            reason: 'opened',
            incident: expect.objectContaining({ reopenings: 1 }),
          }),
        }),
      ]),
    );
  });
});
