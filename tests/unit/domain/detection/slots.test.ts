import { beforeEach, describe, expect, it } from 'vitest';
import { type Baseline, newBaseline, SCALAR } from '../../../../shared/domain/detection/baseline.ts';
import { offScale, onScale } from '../../../../shared/domain/detection/scale.ts';
import {
  expectedInHour,
  learnSlot,
  liftSlots,
  newHourView,
  viewHour,
} from '../../../../shared/domain/detection/slots.ts';

const WEEK = 168;
const HOUR = 2480 * WEEK + 50;

let baseline: Baseline;
beforeEach(() => {
  baseline = newBaseline(HOUR * 12);
});

/** Learns the same hour of successive weeks: these sums, each with a tenth of it in its busiest bin. */
const learnWeeks = (sums: readonly number[], hour = HOUR) => {
  for (const sum of sums) learnSlot(baseline, hour, sum, sum / 10);
};

/** Requests that are usual in a window that ends in this hour: 0 a bin, 1 an hour, 2 six hours, 3 a day. */
function usual(window: number, hour = HOUR): number {
  const view = newHourView();
  viewHour(baseline, hour, view);
  return offScale(view.usual[window] ?? Number.NaN);
}

describe('what is usual at an hour of the week', () => {
  it('is not raised by one old incident', () => {
    learnWeeks([1000, 1000, 90_000, 1000, 1000]);

    expect(usual(1)).toBeLessThan(1010);
    expect(usual(0)).toBeLessThan(101);
  });

  it('is what happened twice', () => {
    learnWeeks([1000, 90_000, 90_000]);

    expect(usual(1)).toBeGreaterThan(80_000);
  });

  it('fades by 3 % a week when it does not come again', () => {
    learnWeeks([90_000, 90_000]);
    const then = usual(1);
    learnWeeks(Array.from({ length: 10 }, () => 1000));

    expect(usual(1) / then).toBeCloseTo(0.97 ** 10, 1);
  });

  it('covers two hours to either side, because jobs drift and clocks change', () => {
    learnWeeks([60_000, 60_000]);

    expect([-3, -2, 2, 3].map((drift) => usual(1, HOUR + drift) > 50_000)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('adds up the hours before it for the long windows', () => {
    for (let hour = HOUR - 24; hour <= HOUR + 1; hour++) learnWeeks([1200, 1200], hour);

    expect(usual(2)).toBeCloseTo(6 * 1200, -2);
    expect(usual(3)).toBeCloseTo(24 * 1200, -2);
  });
});

describe('what is expected in an hour', () => {
  it('is the usual hour of the series until this hour of the week has come once', () => {
    baseline.scalars[SCALAR.usualHour] = 700;
    expect(expectedInHour(baseline, HOUR)).toBe(700);

    learnWeeks([5000]);
    expect(expectedInHour(baseline, HOUR)).toBeCloseTo(5000, -1);
  });

  it('is the plain mean of the first weeks', () => {
    learnWeeks([1000, 3000]);

    expect(expectedInHour(baseline, HOUR)).toBeCloseTo(2000, -1);
  });

  it('takes a fifth of a new week later: it follows growth and not one odd day', () => {
    learnWeeks([1000, 1000, 1000, 1000, 1000, 11_000]);

    expect(expectedInHour(baseline, HOUR)).toBeCloseTo(3000, -1);
  });
});

describe('lifting to a level that is accepted', () => {
  it('takes the last week as usual, and single bins by as much', () => {
    learnWeeks([1000, 1000]);
    baseline.hourSums[HOUR % WEEK] = 10_000;

    liftSlots(baseline);

    expect(expectedInHour(baseline, HOUR)).toBeCloseTo(10_000, -1);
    expect(usual(1)).toBeCloseTo(10_000, -1);
    expect(onScale(usual(0)) - onScale(100)).toBeCloseTo(onScale(10_000) - onScale(1000), 1);
  });

  it('lowers nothing', () => {
    learnWeeks([5000, 5000]);
    baseline.hourSums[HOUR % WEEK] = 40;
    const before = usual(1);

    liftSlots(baseline);

    expect(usual(1)).toBe(before);
    expect(expectedInHour(baseline, HOUR)).toBeCloseTo(5000, -1);
  });
});
