import { beforeEach, describe, expect, it } from 'vitest';
import { type Baseline, newBaseline } from '../../../../shared/domain/detection/baseline.ts';
import {
  advanceQuarantine,
  type HourKind,
  isBoutOver,
  isQuarantined,
  isStanding,
} from '../../../../shared/domain/detection/quarantine.ts';

const LOUD = 3;
const OVER_A_WEEK = 169;

let baseline: Baseline;
beforeEach(() => {
  baseline = newBaseline(0);
});

/** Hours of this score in a row, all above the floor. */
const hours = (count: number, score: number): HourKind[] =>
  Array.from({ length: count }, () => advanceQuarantine(baseline, score, score, true));

describe('a quarantine', () => {
  it('opens at a score of 1.3', () => {
    expect(hours(1, 1.29)).toEqual(['calm']);
    expect(hours(1, 1.3)).toEqual(['unusual']);
    expect(isQuarantined(baseline)).toBe(true);
  });

  it('does not open for what is too small to be told', () => {
    expect(advanceQuarantine(baseline, LOUD, 0, true)).toBe('calm');
  });

  it('does not open while the series is too new to know what is usual', () => {
    expect(advanceQuarantine(baseline, LOUD, LOUD, false)).toBe('calm');
  });

  it('takes less to go on than to open, and small unusual hours are kept out, too', () => {
    hours(1, LOUD);

    expect(hours(2, 1)).toEqual(['unusual', 'unusual']);
    expect(advanceQuarantine(baseline, LOUD, 0, true)).toBe('unusual');
    expect(hours(1, 0.99)).toEqual(['calm']);
  });

  it('shows for a day after the last unusual hour', () => {
    hours(1, LOUD);

    hours(23, 0);
    expect(isQuarantined(baseline)).toBe(true);
    hours(1, 0);
    expect(isQuarantined(baseline)).toBe(false);
  });

  it('ends after a calm week: then a score of 1 is normal again', () => {
    hours(1, LOUD);
    hours(OVER_A_WEEK, 0);

    expect(hours(1, 1.2)).toEqual(['calm']);
  });

  it('has bouts that end after half a day of calm', () => {
    hours(1, LOUD);
    hours(11, 0);
    expect(isBoutOver(baseline)).toBe(false);

    hours(1, 0);
    expect(isBoutOver(baseline)).toBe(true);
  });

  it('becomes a standing level after two days without a break', () => {
    hours(47, LOUD);
    expect(isStanding(baseline)).toBe(false);

    hours(1, LOUD);
    expect(isStanding(baseline)).toBe(true);
  });

  it('still sees an intruder of two nights when he comes the third night', () => {
    const night = () => {
      hours(2, LOUD);
      hours(22, 0);
    };
    night();
    night();
    expect(isStanding(baseline)).toBe(false);

    hours(1, LOUD);
    expect(isStanding(baseline)).toBe(true);
  });

  it('accepts a level to which nobody objected for eight weeks, and not an hour before', () => {
    const kinds = hours(8 * 168, LOUD);

    expect(kinds.at(-2)).toBe('unusual');
    expect(kinds.at(-1)).toBe('accepted');
  });
});
