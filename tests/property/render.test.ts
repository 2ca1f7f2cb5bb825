import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentFacts } from '../../shared/domain/incident/incident.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { NoticeFacts } from '../../shared/domain/notice.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { eventDetail } from '../../shared/event-document.ts';
import { renderEmail } from '../../shared/render/email.ts';
import { renderEvent } from '../../shared/render/event.ts';
import { headline } from '../../shared/render/headline.ts';
import { renderPagerDuty } from '../../shared/render/pagerduty.ts';
import { renderSlack, renderSlackText } from '../../shared/render/slack.ts';
import { cut, plain, wrap } from '../../shared/render/text.ts';
import {
  aDrill,
  aGroup,
  aKey,
  aLimit,
  aMessage,
  aNotice,
  anOperation,
  LAKE_KEY,
  type MessageParts,
  NIGHT_BIN,
  someNoticeFacts,
} from '../support/a-message.ts';

/** What somebody may put into a name to do harm. */
const POISON = [
  '<!here>',
  '<!channel>',
  '<@U012AB3CD>',
  '<https://evil.example|reset your password>',
  '@channel',
  '@here',
  '&lt;!here&gt;',
  'https://evil.example',
  'www.evil.example',
  '```',
  '`',
  '*',
  '_',
  '~',
  '>',
  '|',
  '\r\nBcc: all@evil.example',
  '\n\n',
  '\u0000',
  '\u001b[2J',
  '\u202E',
  '\u2066',
  '\u200B',
  '\uFEFF',
  '\u2028',
  '\uD800',
  '\u{E0041}',
  'e\u0301\u0301\u0301\u0301',
  '\u00E9',
  '🔥',
  "'; rm -rf / #",
  '$(id)',
  '"',
  '\\',
] as const;

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...POISON),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ maxLength: 10 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .chain((text) => fc.constantFrom(text, text.repeat(20)));

const amount = fc.oneof(
  fc.double({ min: 0, max: 1e15, noNaN: true }),
  fc.constantFrom(
    0,
    0.004,
    0.005,
    0.999,
    9.995,
    99.95,
    999_999,
    1e6,
    1e12,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ),
);
const share = fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.constantFrom(0, 1, 1.2));

const operation = fc
  .record({
    operation: fc.oneof(
      hostile,
      fc.constantFrom(
        'Decrypt',
        'ReEncrypt:source',
        'ReEncrypt:destination',
        'GenerateDataKeyWithoutPlaintext',
      ),
    ),
    windowSeconds: fc.constantFrom(300, 3600, 21_600, 86_400),
    requests: amount,
    expected: amount,
    reason: hostile,
  })
  .map(anOperation);

const limit = fc
  .record({
    name: hostile,
    periodSeconds: fc.integer({ min: 300, max: 86_400 }),
    requests: amount,
    usd: amount,
  })
  .map(aLimit);

const facts: fc.Arbitrary<Partial<IncidentFacts>> = fc.record({
  operations: fc.array(operation, { maxLength: 14 }),
  thresholds: fc.array(limit, { maxLength: 6 }),
  ratio: amount,
  usdPerHour: amount,
  usdPerHourHigh: amount,
  excessUsd: amount,
  quotaShare: share,
  regionQuotaShare: share,
  quotaPerSecond: fc.constantFrom(500, 20_000, 1e6),
  assumed: fc.array(fc.oneof(hostile, fc.constantFrom('price', 'quota', 'spec')), { maxLength: 8 }),
  recent: fc.array(amount, { maxLength: 36 }),
});

const keyArn = fc.oneof(
  fc.constant(LAKE_KEY),
  fc
    .constantFrom('a', 'A-z9'.repeat(32))
    .map((id) => `arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/${id}` as KeyArn),
  // Not a key ARN at all: the type promises it, the messages do not rely on it.
  hostile.map((text) => text as KeyArn),
);

const parts: fc.Arbitrary<MessageParts> = fc.record({
  reason: fc.constantFrom('opened', 'escalated', 'updated', 'reminder', 'acknowledged', 'resolved'),
  number: fc.integer({ min: 1, max: 999 }),
  facts,
  key: fc.record({ keyArn, aliases: fc.array(hostile, { maxLength: 5 }), description: hostile }).map(aKey),
  incident: fc.record({
    id: hostile,
    severity: fc.constantFrom('page', 'notice', 'digest'),
    openedBin: fc.integer({ min: NIGHT_BIN - 20_000, max: NIGHT_BIN }),
    operations: fc.array(fc.oneof(hostile, fc.constant('Encrypt')), { maxLength: 14 }),
  }),
  origin: fc.record({
    account: hostile,
    region: hostile,
    timeZone: fc.oneof(hostile, fc.constantFrom('Asia/Kolkata', 'America/Argentina/Buenos_Aires')),
    functionName: hostile,
  }),
});

const moment = fc.integer({ min: 0, max: 4_000_000_000 });
const many = fc.integer({ min: 0, max: 1_000_000 });

const noticeIncident = fc.record(
  {
    id: hostile,
    keyArn,
    name: hostile,
    severity: fc.constantFrom('page', 'notice', 'digest'),
    operations: fc.array(hostile, { maxLength: 14 }),
    openedAt: moment,
    endedAt: moment,
    excessUsd: amount,
    peakRatio: amount,
  },
  {
    requiredKeys: ['id', 'keyArn', 'name', 'severity', 'operations', 'openedAt', 'excessUsd', 'peakRatio'],
  },
);
const noticeIncidents = fc.array(noticeIncident, { maxLength: 50, size: 'max' });
const keyBills = fc.array(
  fc.record({ keyArn, name: hostile, requests: amount, usd: amount, usualUsd: amount }),
  { maxLength: 10 },
);
const bill = fc.record({ keys: many, usd: amount, usualUsd: amount, top: keyBills, grown: keyBills });

const noticeFacts: fc.Arbitrary<NoticeFacts> = fc.oneof(
  fc.record({ incidents: noticeIncidents, total: many, totalUsd: amount, until: moment }).map((over) => ({
    ...someNoticeFacts.digest,
    ...over,
  })),
  fc
    .record({ incidents: noticeIncidents, total: many, bill, pages: many, open: many, unread: many })
    .map((over) => ({ ...someNoticeFacts.weekly, ...over })),
  fc
    .record({
      keys: many,
      receivers: fc.array(fc.record({ name: hostile, confirmed: many }), { maxLength: 4 }),
    })
    .map((over) => ({ ...someNoticeFacts.welcome, ...over })),
  bill.map((ofKeys) => ({ ...someNoticeFacts.firstDay, bill: ofKeys })),
  fc
    .record({ receiver: hostile, reason: hostile, since: moment, waiting: many, lost: many })
    .map((over) => ({ ...someNoticeFacts.deadReceiver, ...over })),
);

const message: fc.Arbitrary<Message> = fc.oneof(
  parts.map(aMessage),
  fc.tuple(noticeFacts, hostile).map(([told, id]) => aNotice(told, id)),
  fc.array(parts, { minLength: 1, maxLength: 25 }).map((all) => ({
    ...aGroup(all.length, (index) => all[index] ?? {}),
    origin: { account: 'prod', region: 'eu-central-1', timeZone: 'UTC', ...all[0]?.origin },
    ...(all.length % 2 === 0 ? { budget: { limit: 20 } } : {}),
  })),
  hostile.map((id) => ({ ...aDrill(), id })),
);

/** All texts of a block, and whether Slack reads marks in them. */
function textsOf(block: KnownBlock): { readonly text: string; readonly isMarked: boolean }[] {
  const texts: { text: string; isMarked: boolean }[] = [];
  JSON.stringify(block, (_, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      'text' in value &&
      typeof value.text === 'string'
    ) {
      texts.push({ text: value.text, isMarked: value.type === 'mrkdwn' });
    }
    return value;
  });
  return texts;
}

const OUR_LINK =
  /<https:\/\/[a-z0-9.-]*(console\.aws\.amazon\.com|console\.amazonaws-us-gov\.com)\/[^<>|\s]*\|[A-Z][A-Za-z ]+>/g;

function expectHarmless(text: string): void {
  const withoutLinks = text.replace(OUR_LINK, '');
  expect(withoutLinks).not.toMatch(/[<>]/);
  expect(withoutLinks.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect(withoutLinks.replace(/```[^`]*```|`[^`\n]*`/g, '')).not.toMatch(/[`@~]/);
}

/** Every text within a value is harmless in a chat, a mail or a page, and visible. */
function expectNoMarkup(value: unknown): void {
  if (typeof value === 'string') {
    expect(value.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
    expect(value).not.toMatch(/[<>@`]/);
  } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(expectNoMarkup);
}

/** Nothing that is invisible, turns text around or moves a cursor. */
const FORBIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

describe('messages about hostile names', () => {
  it('keep the rules of SNS for subjects', () => {
    fc.assert(
      fc.property(message, (one) => {
        const { subject } = renderEmail(one);

        expect(subject).toMatch(/^[A-Za-z][\x20-\x7E]*$/);
        expect(subject.length).toBeLessThan(100);
        expect(subject).toBe(subject.trim());
      }),
    );
  });

  it('stay far below the size that SNS takes, and hold nothing invisible', () => {
    fc.assert(
      fc.property(message, (one) => {
        const { text } = renderEmail(one);

        expect(Buffer.byteLength(text)).toBeLessThan(65_536);
        expect(text.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
        for (const line of text.split('\n')) {
          const isWhole = /^https:\/\/|^aws lambda/.test(line) || line === plain(keyArnOf(one), 256);
          expect(isWhole || line.length <= 72 || hasLongWord(line), line).toBe(true);
        }
      }),
    );
  });

  it('begin with the line that a locked phone shows', () => {
    fc.assert(
      fc.property(message, (one) => {
        const line = headline(one, 99);

        expect(line.length).toBeLessThanOrEqual(99 * 2);
        expect(Array.from(line).length).toBeLessThanOrEqual(99);
        expect(line).toMatch(/^(PAGE|NOTICE|DIGEST|RESOLVED|DRILL|WEEKLY|WELCOME|READY|RECEIVER) /);
        expect(line).not.toMatch(/[\n\r]/);
      }),
    );
  });

  it("keep Slack's limits", () => {
    fc.assert(
      fc.property(message, (one) => {
        const { text, blocks } = renderSlack(one);

        expect(text.length).toBeLessThanOrEqual(3000);
        expect(blocks.length).toBeLessThanOrEqual(50);
        expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
        for (const block of blocks) expectWithinLimits(block);
        expect(blocks[0]?.type).toBe('header');
        expect(blocks.at(-1)?.type).toBe('context');
      }),
    );
  });

  it('neither mention nor link nor format in Slack', () => {
    fc.assert(
      fc.property(message, (one) => {
        const { text, blocks } = renderSlack(one);

        expectHarmless(text);
        expectHarmless(renderSlackText(one).text.replace(/^\*|\*$|^\*[A-Z][a-z ]+:\*/gm, ''));
        for (const { text: inBlock, isMarked } of blocks.flatMap(textsOf)) {
          expect(inBlock.replaceAll('\n', '')).not.toMatch(FORBIDDEN);
          if (isMarked) expectHarmless(inBlock);
          else expect(inBlock).not.toMatch(/[<>@`]/);
        }
      }),
    );
  });

  it("keep PagerDuty's limits, and neither mention nor tag wherever it passes them on to", () => {
    fc.assert(
      fc.property(message, (one) => {
        const events = renderPagerDuty(one);

        expect(events.length).toBeGreaterThan(0);
        for (const event of events) {
          expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512 * 1024);
          expect(event.dedup_key.length).toBeLessThanOrEqual(255);
          expectNoMarkup({ ...event, links: [] });
          // An acknowledgement names its alert, and that is all.
          if (event.event_action === 'acknowledge') continue;
          expect(event.payload?.summary).toMatch(/^[A-Z]{4,} /);
          expect(event.payload?.summary.length).toBeLessThanOrEqual(1024);
          expect(Number.isNaN(Date.parse(event.payload?.timestamp ?? ''))).toBe(false);
          for (const { href } of event.links ?? []) expect(`<${href}|Open>`).toMatch(OUR_LINK);
        }
      }),
    );
  });

  it('are events by their schema, far below the size that EventBridge takes', () => {
    fc.assert(
      fc.property(message, (one) => {
        for (const detail of renderEvent(one)) {
          expect(eventDetail.parse(JSON.parse(JSON.stringify(detail)))).toEqual(detail);
          expect(Buffer.byteLength(JSON.stringify(detail))).toBeLessThan(200 * 1024);
          expectNoMarkup({ ...detail, story: { ...detail.story, links: [] } });
          for (const { url } of detail.story.links) expect(`<${url}|Open>`).toMatch(OUR_LINK);
        }
      }),
    );
  });

  it('say what they say without jargon', () => {
    const innocent = fc.constantFrom(
      ...(['opened', 'escalated', 'updated', 'reminder', 'acknowledged', 'resolved'] as const),
    );
    fc.assert(
      fc.property(innocent, share, amount, (reason, regionQuotaShare, ratio) => {
        const { text } = renderEmail(aMessage({ reason, facts: { regionQuotaShare, ratio } }));

        expect(text).not.toMatch(/score|breach|baseline|anomal|sigma|evaluat|insufficient/i);
      }),
    );
  });
});

function expectWithinLimits(block: KnownBlock): void {
  for (const { text } of textsOf(block)) {
    expect(text).not.toBe('');
    expect(text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000);
  }
  if (block.type === 'section') {
    expect(block.fields?.length ?? 1).toBeGreaterThan(0);
    expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
    for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000);
  }
  if (block.type === 'context') {
    expect(block.elements.length).toBeGreaterThan(0);
    expect(block.elements.length).toBeLessThanOrEqual(10);
  }
}

const keyArnOf = (one: Message): string => (one.kind === 'incident' ? one.key.keyArn : '');

const hasLongWord = (line: string): boolean => line.split(' ').some((word) => word.length > 50);

describe('plain', () => {
  it('is one visible line within its length, and stays so when it is applied again', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 80 }), (text, maxLength) => {
        const line = plain(text, maxLength);

        expect(Array.from(line).length).toBeLessThanOrEqual(maxLength);
        expect(line).not.toMatch(FORBIDDEN);
        expect(line).not.toMatch(/`|:\/\/|\s\s|^\s|\s$/);
      }),
    );
  });
});

describe('cut and wrap', () => {
  it('keep all words and break no code point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(cut(text, width)).not.toMatch(/\p{Cs}/u);
        expect(wrap(text, width).replaceAll('\n', ' ')).toBe(text.replaceAll('\n', ' '));
      }),
    );
  });
});
