import { describe, expect, it } from 'vitest';
import { cloudwatchBand } from '../../../bench/detection/rivals/cloudwatch-band.ts';
import { holtWinters } from '../../../bench/detection/rivals/holt-winters.ts';
import { binToMaximum, hourToMaximum } from '../../../bench/detection/rivals/maximum-ratio.ts';
import type { Rival } from '../../../bench/detection/rivals/rival.ts';
import { RIVALS } from '../../../bench/detection/rivals/rivals.ts';
import { meanAndSigma, staticLimit } from '../../../bench/detection/rivals/sigma-limits.ts';
import { weekOverWeek } from '../../../bench/detection/rivals/week-over-week.ts';
import { randomFrom } from '../../../bench/detection/world/random.ts';

const WEEK = 2016;
const START = 2016 * 2900;

/** Four weeks of a daily rhythm between 50 and 150, and a storm of ten times as much in bin 7000. */
function daily(storm = 10): Float64Array {
  const random = randomFrom(5);
  const requests = Float64Array.from({ length: 4 * WEEK }, (_, i) =>
    random.poisson(100 - 50 * Math.cos((2 * Math.PI * (i % 288)) / 288)),
  );
  requests[7000] = (requests[7000] ?? 0) * storm;
  return requests;
}

const scoresOf = (rival: Rival, requests: Float64Array) =>
  rival.score({ requests, startBin: START, judgeFrom: 3 * WEEK });

describe('the rivals', () => {
  it.each(RIVALS.map((rival) => [rival.name, rival] as const))('%s scores the storm highest', (_, rival) => {
    const scores = scoresOf(rival, daily()).subarray(3 * WEEK);

    const highest = scores.indexOf(Math.max(...scores));

    // One-hour sums stay high for an hour.
    expect(highest + 3 * WEEK).toBeGreaterThanOrEqual(7000);
    expect(highest + 3 * WEEK).toBeLessThan(7012);
  });

  it.each(RIVALS.map((rival) => [rival.name, rival] as const))(
    '%s gives finite scores from zero on',
    (_, rival) => {
      for (const requests of [daily(), new Float64Array(3 * WEEK), Float64Array.of(5), new Float64Array(0)])
        expect(scoresOf(rival, requests).every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
    },
  );

  it('compares with the largest of the 28 days before today', () => {
    const requests = new Float64Array(30 * 288).fill(10);
    requests[0] = 1000;
    requests[29 * 288 + 5] = 30;

    expect(scoresOf(binToMaximum, requests)[28 * 288 + 3]).toBeCloseTo(0.01);
    expect(scoresOf(binToMaximum, requests)[29 * 288 + 5]).toBeCloseTo(3);
    expect(scoresOf(hourToMaximum, requests)[29 * 288 + 5]).toBeCloseTo(140 / 120);
  });

  it('counts deviations from the mean of the training weeks, and of the last 14 days', () => {
    const requests = Float64Array.from({ length: 4 * WEEK }, (_, i) => (i % 2 === 0 ? 10 : 30));
    requests[3 * WEEK + 1] = 120;

    // Mean 20, standard deviation 10.
    expect(scoresOf(staticLimit, requests)[3 * WEEK + 1]).toBeCloseTo(10);
    expect(scoresOf(meanAndSigma, requests)[3 * WEEK + 1]).toBeCloseTo(10);
  });

  it('sets no static limit for a key that was born while judged', () => {
    const scores = staticLimit.score({ requests: daily(), startBin: START, judgeFrom: -5 });

    expect(Math.max(...scores)).toBe(0);
  });

  it('expects the same hour of the week', () => {
    const weekly = Float64Array.from({ length: 4 * WEEK }, (_, i) => (i % WEEK < 12 ? 1200 : 0));

    const lastWeek = (rival: Rival) => Math.max(...scoresOf(rival, weekly).subarray(3 * WEEK));

    expect(lastWeek(weekOverWeek)).toBeCloseTo(1, 5);
    expect(lastWeek(cloudwatchBand)).toBeLessThan(0.01);
    expect(lastWeek(holtWinters)).toBeLessThan(4);
    expect(lastWeek(meanAndSigma)).toBeGreaterThan(3);
  });
});
