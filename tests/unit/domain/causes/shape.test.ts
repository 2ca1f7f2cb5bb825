import { describe, expect, it } from 'vitest';
import { burstOf, steadinessOf, stepOf } from '../../../../shared/domain/causes/shape.ts';
import { bins } from '../../../support/some-evidence.ts';

/** A day of people: little at night, ten times as much at noon. */
const A_DAY = Array.from({ length: 288 }, (_, bin) => 550 - 450 * Math.cos((bin / 288) * 2 * Math.PI));

/** Every hour a job of ten minutes. */
const HOURLY = Array.from({ length: 288 }, (_, bin) => (bin % 12 < 2 ? 900 : 5));

describe('a burst', () => {
  it('lies between quiet hours', () => {
    expect(burstOf(bins([200, 10], [36, 900], [52, 12]))).toEqual({ hours: 3, ended: true });
    expect(burstOf(bins([200, 10], [36, 900]))).toEqual({ hours: 3, ended: false });
  });

  it('is seen past bins that are not known', () => {
    expect(burstOf(bins([200, 10], [6, 900], [2, Number.NaN], [6, 900], [40, 10]))?.hours).toBeCloseTo(
      14 / 12,
    );
  });

  it.each([
    ['nothing', []],
    ['nothing known', bins([288, Number.NaN])],
    ['an even level', bins([288, 100])],
    ['a day of people', A_DAY],
    ['a job of every hour', HOURLY],
    ['seven high hours', bins([200, 10], [84, 900])],
    ['two jobs ten hours apart', bins([60, 10], [6, 900], [120, 10], [6, 900], [60, 10])],
    ['so little history that it may be all there is', bins([5, 10], [20, 900])],
  ])('is not %s', (_, recent) => {
    expect(burstOf(recent)).toBeUndefined();
  });
});

describe('steadiness', () => {
  it('lasts a day, or else half a day', () => {
    expect(steadinessOf(bins([288, 400]))).toEqual({ hours: 24, perHour: 4_800 });
    expect(steadinessOf(bins([150, 5], [144, 400]))).toEqual({ hours: 12, perHour: 4_800 });
  });

  it.each([
    ['nothing', []],
    ['a day of people', A_DAY],
    ['a job of every hour', HOURLY],
    ['a few requests', bins([288, 8])],
    ['a level that was left a moment ago', bins([280, 400], [8, 4_000])],
    ['a day of which half is not known', bins([160, Number.NaN], [100, 400])],
  ])('is not %s', (_, recent) => {
    expect(steadinessOf(recent)).toBeUndefined();
  });
});

describe('a step', () => {
  it('begins at once and lasts', () => {
    const step = stepOf(bins([240, 100], [24, 5_000]));

    expect(step?.factor).toBe(50);
    expect(step?.hoursAgo).toBeCloseTo(2);
  });

  it('rises from nothing', () => {
    expect(stepOf(bins([240, 0], [6, 700]))?.factor).toBe(700);
  });

  it.each([
    ['nothing', []],
    ['a day of people', A_DAY],
    ['what has ended', bins([240, 100], [12, 5_000], [12, 100])],
    ['a slow rise', Array.from({ length: 60 }, (_, bin) => 100 * 1.08 ** bin)],
    ['what began seven hours ago', bins([200, 100], [84, 5_000])],
    ['a handful of requests', bins([240, 1], [24, 60])],
  ])('is not %s', (_, recent) => {
    expect(stepOf(recent)).toBeUndefined();
  });
});
