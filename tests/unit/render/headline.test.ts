import { describe, expect, it } from 'vitest';
import { headline, messageKind, messageSeverity } from '../../../shared/render/headline.ts';
import {
  aDrill,
  aGroup,
  aLimit,
  aMessage,
  anOperation,
  aResolvedMessage,
  type MessageParts,
} from '../../support/a-message.ts';

const lineOf = (parts: MessageParts = {}): string => headline(aMessage(parts), 150);
const quiet = { operations: [], ratio: 0, usdPerHour: 0, usdPerHourHigh: 0, quotaShare: 0 };

describe('headline', () => {
  it.each<[string, MessageParts, string]>([
    ['an opening', {}, 'PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota'],
    [
      'an escalation',
      { reason: 'escalated' },
      'PAGE lake-etl prod eu-central-1: worse, now +$14.6/h, 48x, 7% of quota',
    ],
    [
      'a second storm',
      { reason: 'escalated', facts: { isBack: true } },
      'PAGE lake-etl prod eu-central-1: back after a pause, now +$14.6/h, 48x, 7% of quota',
    ],
    [
      'an update',
      { reason: 'updated' },
      'PAGE lake-etl prod eu-central-1: update, +$14.6/h, 48x, 7% of quota',
    ],
    [
      'a reminder',
      { reason: 'reminder' },
      'PAGE lake-etl prod eu-central-1: still +$14.6/h, 48x, 7% of quota, $3.65 so far',
    ],
    [
      'a pause',
      { reason: 'reminder', facts: quiet },
      'PAGE lake-etl prod eu-central-1: quiet at the moment, not over yet, $3.65 so far',
    ],
    [
      'throttling within the hour, which comes first',
      { facts: { minutesToThrottling: 12 } },
      'PAGE lake-etl prod eu-central-1: quota full in 12 min, +$14.6/h, 48x, 7% of quota',
    ],
    [
      'throttling tomorrow',
      { facts: { minutesToThrottling: 900 } },
      'PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota',
    ],
    [
      'a full quota',
      { facts: { minutesToThrottling: 0, regionQuotaShare: 1, quotaShare: 0.6 } },
      'PAGE lake-etl prod eu-central-1: AT THE QUOTA, +$14.6/h, 48x, 60% of quota',
    ],
    [
      'more than the documented quota, which cannot be the real one',
      { facts: { minutesToThrottling: 0, regionQuotaShare: 1.4, quotaShare: 0.6 } },
      'PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 60% of quota',
    ],
    [
      'a key that was not used before',
      { facts: { ratio: 0, operations: [anOperation({ expected: 0 })] } },
      'PAGE lake-etl prod eu-central-1: +$14.6/h, new use, 7% of quota',
    ],
    [
      'a fixed limit alone',
      { incident: { severity: 'notice' }, facts: { ...quiet, thresholds: [aLimit()] } },
      'NOTICE lake-etl prod eu-central-1: 612,000 requests in 1 h, over a fixed limit',
    ],
    [
      'a key without alias',
      { key: { aliases: [] } },
      'PAGE 1234abcd-12ab prod eu-central-1: +$14.6/h, 48x, 7% of quota',
    ],
  ])('tells %s', (_, parts, line) => {
    expect(lineOf(parts)).toBe(line);
  });

  it('keeps the peak, the length and the cost of what is over', () => {
    expect(headline(aResolvedMessage(), 150)).toBe(
      'RESOLVED lake-etl prod eu-central-1: over after 3 h 25 min, $41.2 extra, peak $15.1/h, 51x',
    );
  });

  it('counts the keys of a group, sums their cost and names the worst', () => {
    expect(headline(aGroup(30), 150)).toBe('PAGE 30 keys prod eu-central-1: +$58.3/h, most by job-1');
  });

  it('counts a key once whose opening and escalation waited together', () => {
    const opened = aMessage({ incident: { severity: 'notice' } });
    const escalated = aMessage({ reason: 'escalated', number: 2 });
    const group = { ...aGroup(2), items: [...aGroup(2).items, opened, escalated] };

    expect(headline(group, 150)).toBe('PAGE 3 keys prod eu-central-1: +$36.5/h, most by job-1');
  });

  it('shortens names, never the consequence', () => {
    const message = aMessage({
      key: { aliases: [`alias/${'very-long-name-'.repeat(10)}`] },
      origin: { account: 'the account of the department of long names' },
    });

    expect(headline(message, 99)).toBe(
      'PAGE very-long-name-very-lon... the account of the depa... eu-central-1: +$14.6/h, 48x, 7% of quota',
    );
  });

  it('marks a drill as one', () => {
    expect(headline(aDrill(), 99)).toBe('DRILL prod eu-central-1: a test of this channel, nothing is wrong');
  });
});

describe('messageKind and messageSeverity', () => {
  it('name what subscriptions filter by', () => {
    const group = aGroup(3, (index) => ({ incident: { severity: index === 1 ? 'page' : 'notice' } }));

    expect([aMessage(), aResolvedMessage(), group, aDrill()].map(messageKind)).toEqual([
      'opened',
      'resolved',
      'group',
      'drill',
    ]);
    expect([aMessage({ incident: { severity: 'notice' } }), group, aDrill()].map(messageSeverity)).toEqual([
      'notice',
      'page',
      'page',
    ]);
  });
});
