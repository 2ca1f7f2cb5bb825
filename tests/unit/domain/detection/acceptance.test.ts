import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedHour } from '../../../../shared/domain/detection/acceptance.ts';
import { newBaseline } from '../../../../shared/domain/detection/baseline.ts';
import { judgeBin, newBinScore, startJudge } from '../../../../shared/domain/detection/judge.ts';
import { thresholdFor } from '../../../../shared/domain/detection/sensitivity.ts';
import {
  BINS_PER_DAY,
  BINS_PER_HOUR,
  BINS_PER_WEEK,
  type Bin,
  binAt,
  binEnd,
  binStart,
  learnedThroughFor,
  storedThrough,
} from '../../../../shared/domain/usage/time.ts';

const START: Bin = binAt(Date.parse('2026-09-01T00:00:00Z') / 1000);

/** The default sensitivity. */
const THRESHOLD = thresholdFor(200);

const noise = (bin: number): number => {
  const x = Math.sin(bin * 78.233) * 43_758.5453;
  return x - Math.floor(x);
};

const usual = (bin: Bin): number => Math.round(1000 * (0.7 + 0.6 * noise(bin)));

/** Breaching bins of each day after a jump, whose level is accepted some hours after it. */
function breachingDays(factor: number, acceptedAfterHours: number | undefined, doubleFromDay = 9): number[] {
  const jump = START + 8 * BINS_PER_WEEK + 9 * BINS_PER_HOUR;
  const at = binStart(jump) + (acceptedAfterHours ?? 0) * 3600;
  const judge = startJudge(
    newBaseline(START),
    acceptedAfterHours === undefined ? undefined : new Set([acceptedHour(at)]),
  );
  const score = newBinScore();
  const days: number[] = Array.from({ length: 5 }, () => 0);
  // Counted from when the acceptance has taken effect, two hours later at most.
  const first = binAt(at) + 2 * BINS_PER_HOUR;
  for (let bin = START; bin < first + days.length * BINS_PER_DAY; bin++) {
    const day = Math.floor((bin - first) / BINS_PER_DAY);
    const level = bin < jump ? 1 : day >= doubleFromDay ? 2 * factor : factor;
    judgeBin(judge, bin, level * usual(bin), score);
    if (day >= 0 && score.score >= THRESHOLD && score.aboveFloor) days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

describe('an accepted level', () => {
  it.each([
    [5, 1],
    [5, 30],
    [200, 3],
    [200, 72],
  ])('of %i times the usual is not told again when it was accepted after %i hours', (factor, hours) => {
    expect(breachingDays(factor, undefined)[0]).toBeGreaterThan(BINS_PER_DAY / 2);
    expect(breachingDays(factor, hours)).toEqual([0, 0, 0, 0, 0]);
  });

  it('is no licence for twice as much', () => {
    const [first, second, third] = breachingDays(200, 3, 2);

    expect([first, second]).toEqual([0, 0]);
    expect(third).toBeGreaterThan(BINS_PER_DAY / 2);
  });
});

describe('the hour after which a level is accepted', () => {
  it('is one that no earlier bin is judged by, and that no stored baseline has learned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), (at) => {
        const hour = acceptedHour(at);
        const lastBefore = binAt(at - 1);

        expect(learnedThroughFor(lastBefore)).toBeLessThanOrEqual(hour);
        expect(storedThrough(at)).toBeLessThanOrEqual(hour);
        // And it is not later than it has to be: the bins of the next hour and a half are judged by it.
        expect(learnedThroughFor(binAt(binEnd(lastBefore) + 5400))).toBeGreaterThan(hour);
      }),
    );
  });
});
