import { describe, expect, it } from 'vitest';
import { judgeMessages } from '../../../bench/detection/judges/money.ts';
import { rateOf, summarize } from '../../../bench/detection/judges/money-summary.ts';
import type { MoneyLabels } from '../../../bench/detection/world/labels.ts';
import { aKeyArn } from '../../support/keys.ts';

const DAY = '2026-10-01';
const at = (time: string, day = DAY) => Date.parse(`${day}T${time}:00Z`) / 1000;

/** Two keys over a week: a storm of an hour on the first, a tolerated step on the second. */
const labels: MoneyLabels = {
  judgeFrom: '2026-10-01T00:00:00Z',
  endsAt: '2026-10-08T00:00:00Z',
  binSeconds: 300,
  usdPerRequest: 0.001,
  series: 500,
  keys: [
    {
      keyArn: aKeyArn(1),
      runaways: [
        {
          kind: 'retry',
          from: `${DAY}T10:00:00Z`,
          to: `${DAY}T11:00:00Z`,
          usd: 12,
          peakUsdPerHour: 12,
          excess: Array.from({ length: 12 }, () => 1000),
        },
      ],
      tolerated: [],
    },
    {
      keyArn: aKeyArn(2),
      runaways: [],
      tolerated: [{ kind: 'step', from: `${DAY}T12:00:00Z`, to: `${DAY}T14:00:00Z` }],
    },
  ],
};

const message = (
  time: string,
  key: number,
  severity: 'page' | 'notice' | 'digest' = 'notice',
  kind: 'opened' | 'escalated' | 'group' | 'resolved' = 'opened',
) => ({ at: at(time), kind, severity, keyArns: [aKeyArn(key)] });

describe('the judge of messages', () => {
  it('counts the dollars of the bins that had ended before the first notice', () => {
    const verdict = judgeMessages(labels, [message('10:13', 1), message('10:23', 1, 'page', 'escalated')]);

    // 10:00, 10:05 have ended at 10:13; the third bin has not.
    expect(verdict.outcomes).toEqual([
      { kind: 'retry', usd: 12, peakUsdPerHour: 12, told: true, paged: true, usdBefore: 2, minutes: 13 },
    ]);
    expect(summarize([verdict])).toMatchObject({ toldOver1: 1, pagedOver10: 1, dollarsBefore: 2 / 12 });
  });

  it('takes a notice up to an hour after the end, and loses all dollars without one', () => {
    expect(judgeMessages(labels, [message('11:59', 1)]).outcomes[0]?.told).toBe(true);

    const missed = judgeMessages(labels, [message('12:01', 1), message('10:10', 1, 'digest')]);

    expect(missed.outcomes[0]?.told).toBe(false);
    expect(missed.falseNotices).toBe(1);
    expect(summarize([missed])).toMatchObject({ dollarsBefore: 1, missed: ['retry $12.00 (peak $12.00/h)'] });
  });

  it('counts what is outside every runaway and tolerated period as false, once per message', () => {
    const verdict = judgeMessages(labels, [
      message('13:00', 2),
      message('14:59', 2),
      message('15:01', 2),
      message('16:00', 2, 'page'),
      message('17:00', 2, 'notice', 'resolved'),
      message('18:00', 2, 'digest'),
      { at: at('10:30'), kind: 'group', severity: 'notice', keyArns: [aKeyArn(2), aKeyArn(1), aKeyArn(3)] },
    ]);

    expect(verdict).toMatchObject({ falseNotices: 2, falsePages: 1, messages: 7, busiestDay: 7 });
    // 500 series in a week are half a thousand.
    expect(summarize([verdict]).falseNotices.value).toBe(4);
    expect(summarize([verdict]).falsePages.value).toBeCloseTo((1 / 0.5) * (30 / 7));
  });

  it('gives the Poisson interval of a count', () => {
    const { low, high } = rateOf(10, 1);

    // The exact interval of 10 events is 4.795 to 18.39.
    expect(low).toBeCloseTo(4.795, 1);
    expect(high).toBeCloseTo(18.39, 1);
    expect(rateOf(0, 1)).toMatchObject({ value: 0, low: 0 });
    expect(rateOf(0, 1).high).toBeGreaterThan(3);
  });
});
