import { describe, expect, it } from 'vitest';
import { upperFor } from '../../../../shared/domain/detection/judge.ts';
import { thresholdFor } from '../../../../shared/domain/detection/sensitivity.ts';
import { UNKNOWN } from '../../../../shared/domain/usage/series.ts';
import {
  daily,
  days,
  during,
  goOn,
  isTold,
  judgeOf,
  steady,
  THRESHOLD,
  weeks,
} from '../../../support/a-judged-series.ts';

const storm = () => 60_000;

describe('a judge', () => {
  it('tells nothing of eight weeks of the usual', () => {
    const judge = judgeOf(daily, weeks(2));

    expect(goOn(judge, daily, weeks(6)).filter((score) => isTold(score))).toEqual([]);
  });

  it('tells a storm in its first bin, by how much it is above all that was', () => {
    const judge = judgeOf(daily, weeks(4));

    const [first] = goOn(judge, () => 150_000, 1);

    expect(first && isTold(first)).toBe(true);
    expect(first).toMatchObject({ requests: 150_000, windowRequests: expect.any(Number), standing: false });
    expect(first?.ratio).toBeGreaterThan(1.2);
  });

  it('is surprised at night by what is unremarkable by day', () => {
    const judge = judgeOf(daily, weeks(8));
    const night = goOn(judge, () => 9000, 2 * 12);
    const byDay = judgeOf(daily, weeks(8) + 9 * 12);
    const noon = goOn(byDay, () => 9000, 2 * 12);

    expect(Math.max(...night.map(({ score }) => score))).toBeGreaterThan(1);
    expect(Math.max(...noon.map(({ score }) => score))).toBeLessThan(0.5);
  });

  it('is silent again soon after a storm has ended', () => {
    const judge = judgeOf(steady, weeks(4));
    goOn(judge, storm, 24);

    const after = goOn(judge, steady, days(2));

    expect(after.slice(12).filter((score) => isTold(score))).toEqual([]);
  });

  it('tells a second storm after a first one', () => {
    const judge = judgeOf(steady, weeks(4));
    goOn(judge, storm, 12);
    goOn(judge, steady, 36);

    expect(goOn(judge, storm, 12).some((score) => isTold(score))).toBe(true);
  });

  it('is not taught by one old incident', () => {
    const clean = judgeOf(steady, weeks(8));
    const taught = judgeOf(during(weeks(4), weeks(4) + 36, storm, steady), weeks(8));

    expect(upperFor(taught, THRESHOLD) / upperFor(clean, THRESHOLD)).toBeLessThan(1.3);
    expect(goOn(taught, () => 30_000, 1).every((score) => isTold(score))).toBe(true);
  });

  it('tells a level that has lasted from more on top of it', () => {
    const judge = judgeOf(steady, weeks(6));
    const level = () => 9000;
    const first = goOn(judge, level, 1);
    goOn(judge, level, days(4));
    const later = goOn(judge, level, 12);
    const more = goOn(judge, () => 60_000, 6);

    expect(first.every((score) => isTold(score))).toBe(true);
    expect(later.every(({ standing }) => standing)).toBe(true);
    expect(later.some((score) => isTold(score))).toBe(false);
    expect(later.every(({ aboveScore }) => aboveScore >= THRESHOLD)).toBe(true);
    expect(more.some((score) => isTold(score))).toBe(true);
  });

  it('says of an unknown bin that it is unknown, and scores it 0', () => {
    const judge = judgeOf(steady, weeks(3));

    const [gap] = goOn(judge, () => UNKNOWN, 1);

    expect(gap).toMatchObject({ insufficient: 'unknown', score: 0, aboveScore: 0 });
  });

  it('says of the first twelve hours that the series is young', () => {
    const judge = judgeOf(steady, 0);

    const told = goOn(judge, steady, 13 * 12).map(({ insufficient }) => insufficient);

    expect(told.slice(0, 144).every((reason) => reason === 'young')).toBe(true);
    expect(told.slice(144).every((reason) => reason === undefined)).toBe(true);
  });

  it('tells a new key that starts at full throttle', () => {
    const judge = judgeOf(() => 0, 0);

    expect(goOn(judge, () => 300_000, 3).some((score) => isTold(score))).toBe(true);
    expect(
      goOn(
        judgeOf(() => 0, 0),
        steady,
        days(1),
      ).some((score) => isTold(score)),
    ).toBe(false);
  });
});

describe('the upper edge of the band', () => {
  it('lies above the usual and follows the time of day', () => {
    const judge = judgeOf(daily, weeks(8));
    const [night] = goOn(judge, daily, 1);
    const atNight = upperFor(judge, THRESHOLD);
    const noon = goOn(judge, daily, 12 * 12).at(-1);
    const atNoon = upperFor(judge, THRESHOLD);

    expect(atNight).toBeGreaterThan(2 * (night?.expected ?? 0));
    expect(atNoon).toBeGreaterThan(1.1 * (noon?.expected ?? 0));
    expect(atNight).toBeLessThanOrEqual(atNoon);
  });

  it('is lower for those who want to hear of more', () => {
    const judge = judgeOf(daily, weeks(8));

    expect(upperFor(judge, thresholdFor(200))).toBeLessThan(upperFor(judge, thresholdFor(50)));
    expect(upperFor(judge, thresholdFor(50))).toBeLessThan(upperFor(judge, thresholdFor(20)));
  });

  it('never lies below the floor, however regular the series', () => {
    const judge = judgeOf(() => 2, weeks(8));

    expect(upperFor(judge, thresholdFor(500))).toBeGreaterThanOrEqual(500);
  });

  it('is what few new keys begin with while a series has no history', () => {
    const judge = judgeOf(() => 10, 1);

    expect(upperFor(judge, THRESHOLD)).toBeCloseTo(8000 * 10 ** (THRESHOLD / 2), -1);
  });

  it('rises to a level that stands', () => {
    const judge = judgeOf(steady, weeks(6));
    const before = upperFor(judge, THRESHOLD);
    goOn(judge, () => 9000, days(4));

    expect(before).toBeLessThan(9000);
    expect(upperFor(judge, THRESHOLD)).toBeGreaterThan(9000);
  });
});
