import { describe, expect, it } from 'vitest';
import { judgeAt, judgeAtBudget, scoreSet } from '../../../bench/detection/judges/score.ts';
import type { ScoreLabels } from '../../../bench/detection/world/labels.ts';
import { aKeyArn } from '../../support/keys.ts';

const BINS = 2016;
const START = Date.parse('2026-10-05T00:00:00Z') / 1000;
const iso = (bin: number) => new Date((START + bin * 300) * 1000).toISOString();

/** One week of two series: a runaway in bins 100..111 of the first, a tolerated period in the second. */
const labels: ScoreLabels = {
  judgeFrom: iso(0),
  endsAt: iso(BINS),
  binSeconds: 300,
  series: [
    {
      keyArn: aKeyArn(1),
      operation: 'Decrypt',
      usualHour: 0,
      runaways: [{ kind: 'retry', from: iso(100), to: iso(112), excessRequests: 12_000 }],
      tolerated: [],
    },
    {
      keyArn: aKeyArn(2),
      operation: 'Decrypt',
      usualHour: 0,
      runaways: [],
      tolerated: [{ kind: 'step', from: iso(500), to: iso(510) }],
    },
  ],
};

const always = (value: number) => new Float64Array(BINS).fill(value);
const scored = (...at: readonly (readonly [number, number])[]) => {
  const scores = new Float64Array(BINS);
  for (const [bin, score] of at) scores[bin] = score;
  return scores;
};

describe('the judge of scores', () => {
  const set = scoreSet(labels, [always(1000), always(1000)]);

  it('finds a runaway in the first loud bin at the threshold', () => {
    const verdict = judgeAt(set, [scored([103, 2], [104, 3]), scored()], 2);

    expect(verdict).toMatchObject({
      recall: 1,
      falseAlerts: 0,
      medianMinutes: 20,
      waste: 4 / 12,
      kinds: { retry: { runaways: 1, found: 1 } },
    });
    expect(judgeAt(set, [scored([103, 2]), scored()], 2.5)).toMatchObject({ recall: 0, waste: 1 });
  });

  it('counts a run of bins once, bridges an hour, and renews it daily', () => {
    const bridged = scored([700, 2], [712, 2], [724, 2]);
    const apart = scored([700, 2], [713, 2]);
    const lasting = scored(...Array.from({ length: 300 }, (_, i) => [700 + i, 2] as const));

    expect(judgeAt(set, [bridged, scored()], 1).falseAlerts).toBe(1);
    expect(judgeAt(set, [apart, scored()], 1).falseAlerts).toBe(2);
    expect(judgeAt(set, [lasting, scored()], 1).falseAlerts).toBe(2);
  });

  it('takes alerts up to an hour after a runaway as its own, and tolerated ones as neither', () => {
    const verdict = judgeAt(set, [scored([123, 2]), scored([505, 2], [510, 2], [600, 2])], 1);

    // Bin 510 belongs to the alert that began in 505.
    expect(verdict).toMatchObject({ falseAlerts: 1, tolerated: 1, perSeriesWeek: 0.5 });
    expect(judgeAt(set, [scored([124, 2]), scored()], 1).falseAlerts).toBe(1);
  });

  it('lets no bin below the floor alert', () => {
    // An hour holds 480 requests: less than 500 above the usual hour.
    const quiet = scoreSet(labels, [always(40), always(40)]);
    const busy = scoreSet(labels, [always(42), always(42)]);

    expect(judgeAt(quiet, [scored([700, 9]), scored()], 1).falseAlerts).toBe(0);
    expect(judgeAt(busy, [scored([700, 9]), scored()], 1).falseAlerts).toBe(1);
  });

  it('takes the lowest threshold that stays within a budget', () => {
    const noise = scored([300, 1], [400, 2], [600, 3], [103, 2.5]);

    // Half a false alert per series and week is one of them.
    const verdict = judgeAtBudget(set, [noise, scored()], 0.5);

    expect(verdict).toMatchObject({ falseAlerts: 1, recall: 1 });
    expect(verdict.threshold).toBeGreaterThan(2);
    expect(judgeAtBudget(set, [noise, scored()], 0).recall).toBe(0);
  });
});
