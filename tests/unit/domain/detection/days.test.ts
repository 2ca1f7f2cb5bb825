import { beforeEach, describe, expect, it } from 'vitest';
import { type Baseline, DAYS, newBaseline } from '../../../../shared/domain/detection/baseline.ts';
import {
  acceptDays,
  calmMaximum,
  collectDays,
  newSample,
  noteMaximum,
  startDay,
} from '../../../../shared/domain/detection/days.ts';

const TODAY = 20_000;
const TEST = 3;
/** Positions are kept in steps of 1/1600. */
const DIGITS = 2;

let baseline: Baseline;
beforeEach(() => {
  baseline = newBaseline(0);
});

/** Notes the maximum of days, by how many days ago they were. */
const calm = (value: number, ...back: readonly number[]) => {
  for (const ago of back) noteMaximum(baseline.calmDays, TEST, TODAY - ago, value);
};
const unusual = (value: number, ...back: readonly number[]) => {
  for (const ago of back) noteMaximum(baseline.unusualDays, TEST, TODAY - ago, value);
};
const span = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

function collected(least = 1) {
  const sample = newSample();
  collectDays(baseline, TEST, TODAY, least, sample);
  const values = [...sample.values.subarray(0, sample.count)];
  return { count: sample.count, most: Math.max(...values), leftOut: sample.leftOut };
}

describe('the maximum of a day', () => {
  it('is the largest that was noted', () => {
    expect(noteMaximum(baseline.calmDays, TEST, TODAY, 5)).toBe(true);
    expect(noteMaximum(baseline.calmDays, TEST, TODAY, 8)).toBe(false);
    expect(noteMaximum(baseline.calmDays, TEST, TODAY, 6)).toBe(false);

    expect(calmMaximum(baseline, TEST)).toBeCloseTo(8, DIGITS);
  });

  it('is forgotten after six weeks, and no other day with it', () => {
    calm(9, DAYS - 1);
    calm(4, 1);

    startDay(baseline, TODAY + 1, false);

    expect(calmMaximum(baseline, TEST)).toBeCloseTo(4, DIGITS);
  });
});

describe('the days that a tail is learned from', () => {
  it('leave one incident out, all its days in a row', () => {
    calm(5, ...span(0, 30));
    unusual(9, 10, 11, 12);

    expect(collected()).toEqual({
      count: 23 - 3,
      most: expect.closeTo(5, DIGITS),
      leftOut: expect.closeTo(9, DIGITS),
    });
  });

  it('take what happens a second time in six weeks as how the series is', () => {
    calm(5, ...span(0, 30));
    unusual(9, 10);
    unusual(8, 20);

    expect(collected()).toMatchObject({
      most: expect.closeTo(8, DIGITS),
      leftOut: expect.closeTo(9, DIGITS),
    });
  });

  it('wait a week, so that creep meets what was usual before it began', () => {
    calm(5, ...span(7, 40));
    calm(6.5, ...span(0, 7));

    expect(collected().most).toBeCloseTo(5, DIGITS);
  });

  it('wait for a quarter of a young series at most', () => {
    calm(5, ...span(0, 8));

    expect(collected().count).toBe(6);
  });

  it('are all there are, incident included, where too few would be left', () => {
    calm(5, ...span(0, 15));
    unusual(9, 3);

    expect(collected(14)).toMatchObject({ count: 15, most: expect.closeTo(9, DIGITS) });
  });

  it('take an accepted level like any other', () => {
    calm(5, ...span(0, 30));
    unusual(9, ...span(8, 12));

    acceptDays(baseline);

    expect(collected()).toMatchObject({ most: expect.closeTo(9, DIGITS), leftOut: Number.NEGATIVE_INFINITY });
  });
});
