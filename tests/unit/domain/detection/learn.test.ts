import { describe, expect, it } from 'vitest';
import { type Baseline, newBaseline, SCALAR } from '../../../../shared/domain/detection/baseline.ts';
import { startJudge } from '../../../../shared/domain/detection/judge.ts';
import { acceptLevel, learnThrough } from '../../../../shared/domain/detection/learn.ts';
import { isQuarantined, isStanding } from '../../../../shared/domain/detection/quarantine.ts';
import { expectedInHour } from '../../../../shared/domain/detection/slots.ts';
import { UNKNOWN } from '../../../../shared/domain/usage/series.ts';
import { hourOfBin } from '../../../../shared/domain/usage/time.ts';
import { during, goOn, isTold, MIDNIGHT, steady, type Use } from '../../../support/a-judged-series.ts';

const FIRST_HOUR = hourOfBin(MIDNIGHT);
const DAY = 24;
const WEEK = 168;

/** The baseline of a series that was born at midnight, after this many hours. */
function learned(use: Use, hours: number): Baseline {
  const baseline = newBaseline(MIDNIGHT);
  learnThrough(baseline, FIRST_HOUR + hours, (hour) => binsAt(use, hour));
  return baseline;
}

const binsAt = (use: Use, hour: number) =>
  Array.from({ length: 12 }, (_, i) => use((hour - FIRST_HOUR) * 12 + i));

/** `use` with another one in the hours [from, to). */
const duringHours = (from: number, to: number, other: Use, use: Use) =>
  during(from * 12, to * 12, other, use);

const isToldNext = (baseline: Baseline, use: Use) =>
  goOn(startJudge(baseline), use, 12).some((score) => isTold(score));

const storm = () => 30_000;
const higher = () => 9000;

describe('learning', () => {
  it('goes on from the first hour that is not learned and stops before the hour that is missing', () => {
    const baseline = learned(steady, 30);

    learnThrough(baseline, FIRST_HOUR + 60, (hour) =>
      hour === FIRST_HOUR + 40 ? undefined : binsAt(steady, hour),
    );

    expect(baseline.learnedThrough).toBe(FIRST_HOUR + 40);
    expect(baseline.scalars[SCALAR.hoursLearned]).toBe(40);
  });

  it('comes to the same in one go and hour by hour', () => {
    const whole = learned(steady, 2 * WEEK);
    const stepwise = learned(steady, 0);
    for (let hours = 1; hours <= 2 * WEEK; hours++)
      learnThrough(stepwise, FIRST_HOUR + hours, (hour) => binsAt(steady, hour));

    expect(stepwise).toEqual(whole);
  });

  it('knows the usual hour from the first midnight after it', () => {
    // The median of a week of which most is still empty.
    expect(learned(steady, 3 * DAY).scalars[SCALAR.usualHour]).toBe(0);
    expect(learned(steady, WEEK + 1).scalars[SCALAR.usualHour]).toBeCloseTo(11_500, -3);
  });

  it('takes no level from an hour with an unknown bin', () => {
    const hole = duringHours(50, 51, (i) => (i % 12 === 3 ? UNKNOWN : steady(i)), steady);
    const baseline = learned(hole, 52);
    const slot = (FIRST_HOUR + 50) % WEEK;

    expect(baseline.slotWeeks[slot]).toBe(0);
    expect(baseline.slotWeeks[slot + 1]).toBe(1);
    expect(baseline.learnedThrough).toBe(FIRST_HOUR + 52);
  });

  it('does not learn a storm as usual', () => {
    const from = 4 * WEEK;
    const baseline = learned(duringHours(from, from + 10, storm, steady), from + WEEK);
    const clean = learned(steady, from + WEEK);

    for (let hour = FIRST_HOUR + from; hour < FIRST_HOUR + from + 10; hour++)
      expect(expectedInHour(baseline, hour)).toBeCloseTo(expectedInHour(clean, hour), -3);
    expect(isToldNext(baseline, storm)).toBe(true);
  });

  it('puts what is usual in the place of a bout that is over, so that the day does not go on alarming', () => {
    const from = 4 * WEEK;
    const usualHour = 12 * 1000;
    const use = duringHours(from, from + 3, storm, steady);
    const sumsAfter = (hours: number) =>
      [0, 1, 2].map((i) => learned(use, hours).calmSums[(FIRST_HOUR + from + i) % DAY]);

    expect(Math.min(...sumsAfter(from + 3).map(Number))).toBeGreaterThan(20 * usualHour);
    expect(Math.max(...sumsAfter(from + 4).map(Number))).toBeLessThan(usualHour);
  });
});

describe('a level that stays higher', () => {
  const from = 6 * WEEK;
  const stepped = duringHours(from, Number.POSITIVE_INFINITY, higher, steady);

  it('is told at first, and stands after two days', () => {
    expect(isToldNext(learned(stepped, from), higher)).toBe(true);

    const later = learned(stepped, from + 3 * DAY);
    expect(isStanding(later)).toBe(true);
    expect(isToldNext(later, higher)).toBe(false);
  });

  it('is normal at once when somebody accepts it, at every hour of a week that held it', () => {
    const baseline = learned(stepped, from + WEEK);
    acceptLevel(baseline);

    expect(isQuarantined(baseline)).toBe(false);
    expect(isStanding(baseline)).toBe(false);
    for (let hour = 0; hour < WEEK; hour++)
      expect(expectedInHour(baseline, FIRST_HOUR + hour)).toBeCloseTo(12 * 9000, -3);
    expect(isToldNext(baseline, higher)).toBe(false);
    expect(isToldNext(baseline, () => 60_000)).toBe(true);
  });

  it('still stands after six weeks, and is normal by itself after eight in which nobody objected', () => {
    const early = learned(stepped, from + 6 * WEEK);
    const late = learned(stepped, from + 8 * WEEK + 1);

    expect(isStanding(early)).toBe(true);
    expect(isStanding(late)).toBe(false);
    expect(isQuarantined(late)).toBe(false);
    expect(isToldNext(late, higher)).toBe(false);
  });

  it('stands for the whole eight weeks if it never pauses', () => {
    expect(isStanding(learned(stepped, from + 8 * WEEK - DAY))).toBe(true);
  });
});
