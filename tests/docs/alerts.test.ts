import { expect, it } from 'vitest';
import type { Message } from '../../shared/domain/incident/message.ts';
import { renderEmail } from '../../shared/render/email.ts';
import { renderEvent } from '../../shared/render/event.ts';
import { galleryPage } from '../../shared/render/gallery.ts';
import { renderPagerDuty } from '../../shared/render/pagerduty.ts';
import { renderSlack } from '../../shared/render/slack.ts';
import {
  aDrill,
  aGroup,
  aMessage,
  aNotice,
  anInsight,
  aResolvedMessage,
  someNoticeFacts,
  unknownYet,
} from '../support/a-message.ts';

/** The situations that people should see before they deploy. */
const SITUATIONS: Readonly<Record<string, Message>> = {
  'A key runs away: callers, cause and fix are known': { ...aMessage(), insight: anInsight() },
  'The same, while CloudTrail does not show the callers yet': { ...aMessage(), insight: unknownYet() },
  'Worse than when it was told': aMessage({ reason: 'escalated', number: 2 }),
  'The callers have become known': { ...aMessage({ reason: 'updated', number: 2 }), insight: anInsight() },
  'Still going on after hours': aMessage({ reason: 'reminder', number: 3 }),
  'It is over': { ...aResolvedMessage(), insight: anInsight() },
  'At the quota: KMS refuses requests': aMessage({
    facts: {
      regionQuotaShare: 1,
      minutesToThrottling: 0,
      quotaShare: 0.62,
      usdPerHour: 132,
      usdPerHourHigh: 132,
    },
  }),
  'A fixed limit of the policy is exceeded': aMessage({
    incident: { severity: 'notice' },
    facts: {
      operations: [],
      ratio: 0,
      usdPerHour: 0,
      usdPerHourHigh: 0,
      quotaShare: 0,
      thresholds: [{ name: 'etl-budget', periodSeconds: 3600, requests: 612_000, usd: 1.84, above: 500_000 }],
    },
  }),
  'Many keys at once': aGroup(12),
  'A drill': aDrill(),
  'The first check': aNotice(someNoticeFacts.welcome, 'WELCOME'),
  'The first day, once history is learned': aNotice(someNoticeFacts.firstDay, 'FIRST-DAY'),
  'The daily digest of what is small': aNotice(someNoticeFacts.digest, 'DIGEST#2026-11-25'),
  'The weekly report': aNotice(someNoticeFacts.weekly, 'WEEK#2026-48'),
  'Nothing arrives at a receiver': aNotice(someNoticeFacts.deadReceiver, 'RECEIVER#slack'),
};

it('docs/alerts.html shows every message as it is sent today', async () => {
  const entries = Object.entries(SITUATIONS).map(([title, message]) => ({
    title,
    slack: renderSlack(message),
    email: renderEmail(message),
    json: { PagerDuty: renderPagerDuty(message), 'EventBridge event': renderEvent(message) },
  }));

  await expect(galleryPage('What you are told', entries)).toMatchFileSnapshot('../../docs/alerts.html');
});
