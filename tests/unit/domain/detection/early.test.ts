import { describe, expect, it } from 'vitest';
import { newBaseline } from '../../../../shared/domain/detection/baseline.ts';
import { EARLY_HOURS, knownEarlyUse } from '../../../../shared/domain/detection/early.ts';
import { learnThrough } from '../../../../shared/domain/detection/learn.ts';
import { onScale } from '../../../../shared/domain/detection/scale.ts';
import { hourOfBin } from '../../../../shared/domain/usage/time.ts';
import { days, goOn, isTold, judgeOf, MIDNIGHT, type Use } from '../../../support/a-judged-series.ts';

const BORN = hourOfBin(MIDNIGHT);

/** A storm from the birth of a key until six in the evening, and a job at four from the next day on. */
const stormThenJob: Use = (i) => {
  if (i < days(0.75)) return 100_000;
  const hour = Math.floor((i % days(1)) / 12);
  return hour === 4 ? 20_000 : 0;
};

/** What is known at an hour of a series that made 60,000 requests in its fifth hour, and has been learned for `hours`. */
function knownAt(hour: number, hours: number): number {
  const baseline = newBaseline(MIDNIGHT);
  learnThrough(baseline, BORN + hours, (at) => new Array(12).fill(at === BORN + 4 ? 5000 : 0));
  return knownEarlyUse(baseline, BORN + hour);
}

describe('the first days of a key', () => {
  it('are told once: use that comes back at its own time, no larger, is not news', () => {
    const judge = judgeOf(() => 0, 0);

    expect(goOn(judge, stormThenJob, days(0.75)).some((score) => isTold(score))).toBe(true);
    const after = goOn(judge, stormThenJob, days(6));
    expect(after.slice(12).filter((score) => isTold(score))).toEqual([]);
  });

  it('are told again when more comes at that time, or as much at another time', () => {
    const later = (use: Use) =>
      goOn(judgeOf(stormThenJob, days(1)), use, days(1)).some((score) => isTold(score));
    const at =
      (from: number, requests: number): Use =>
      (i) =>
        i >= days(1) + 12 * from && i < days(1) + 12 * (from + 2) ? requests : 0;

    expect(later(at(4, 1_000_000))).toBe(true);
    expect(later(at(21, 100_000))).toBe(true);
  });

  it('know the same time of day, two hours more or less', () => {
    expect([25, 26, 28, 30, 31].map((hour) => knownAt(hour, 24))).toEqual([
      0,
      onScale(60_000),
      onScale(60_000),
      onScale(60_000),
      0,
    ]);
  });

  it('end after eight days, and know nothing while a bout goes on', () => {
    expect(knownAt(6 * 24 + 4, 6 * 24)).toBeGreaterThan(0);
    expect(knownAt(EARLY_HOURS + 4, EARLY_HOURS)).toBe(0);
    const storm = judgeOf(() => 100_000, days(1.5));
    expect(knownEarlyUse(storm.baseline, storm.baseline.learnedThrough)).toBe(0);
  });
});
