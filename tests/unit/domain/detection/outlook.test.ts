import { describe, expect, it } from 'vitest';
import { type Baseline, HOUR, newBaseline, RECORD } from '../../../../shared/domain/detection/baseline.ts';
import { noteMaximum } from '../../../../shared/domain/detection/days.ts';
import {
  newOutlook,
  type Outlook,
  refreshOutlook,
  surpriseOf,
} from '../../../../shared/domain/detection/outlook.ts';
import { onScale } from '../../../../shared/domain/detection/scale.ts';

const FIRST_DAY = 20_000;
const HOUR_RECORD = 2 + RECORD;
const HOUR_OF_WEEK = 2 + HOUR;

/** A baseline whose days had these maxima of a test, oldest first. */
function baselineOf(maxima: readonly number[], test = HOUR_RECORD): Baseline {
  const baseline = newBaseline(FIRST_DAY * 288);
  for (const [day, value] of maxima.entries()) noteMaximum(baseline.calmDays, test, FIRST_DAY + day, value);
  baseline.learnedThrough = (FIRST_DAY + maxima.length) * 24;
  return baseline;
}

function outlookOf(baseline: Baseline): Outlook {
  const outlook = newOutlook();
  refreshOutlook(outlook, baseline);
  return outlook;
}

const daysOf = (count: number, value: (day: number) => number) =>
  Array.from({ length: count }, (_, i) => value(i));
const regular = (count: number) => outlookOf(baselineOf(daysOf(count, (i) => 8 + 0.02 * (i % 5))));
/** Days in no order whose largest lie ever further apart. */
const wild = (count: number) =>
  outlookOf(baselineOf(daysOf(count, (i) => 6 - 0.7 * Math.log((((i * 13) % count) + 0.5) / count))));

/** Surprise of going beyond the largest day by a factor. */
const surpriseBeyond = (outlook: Outlook, factor: number) =>
  surpriseOf(outlook, HOUR_RECORD, (outlook.most[HOUR_RECORD] ?? 0) + Math.log(factor));

describe('the outlook', () => {
  it('is surprised by nothing while it knows no day', () => {
    expect(surpriseOf(outlookOf(newBaseline(0)), HOUR_RECORD, 1000)).toBe(0);
  });

  it('is not surprised by what most days hold, and ever more beyond', () => {
    const outlook = regular(42);
    const surprises = [1.2, 2, 5, 20].map((factor) => surpriseBeyond(outlook, factor));

    expect(surpriseOf(outlook, HOUR_RECORD, 8)).toBe(0);
    expect(surprises).toEqual(surprises.toSorted((a, b) => a - b));
    expect(surprises[0]).toBeGreaterThan(0);
  });

  it('is more surprised where every day is like the other than where days differ', () => {
    expect(surpriseBeyond(regular(42), 3)).toBeGreaterThan(surpriseBeyond(wild(42), 3) + 1);
  });

  it('measures a weekly job by its own days, and is surprised by three of them in one', () => {
    const weekly = (spread: number) =>
      outlookOf(baselineOf(daysOf(42, (i) => (i % 7 === 0 ? 10 + spread * (i % 5) : 8))));

    expect(surpriseBeyond(weekly(0.02), 3)).toBeGreaterThan(2);
    expect(surpriseBeyond(weekly(0.7), 3)).toBeLessThan(1.5);
  });

  it('is surer the more days it has seen', () => {
    expect(surpriseBeyond(regular(42), 3)).toBeGreaterThan(surpriseBeyond(regular(6), 3) + 0.5);
  });

  it('does not call a series sure that merely never strayed', () => {
    const still = outlookOf(baselineOf(daysOf(42, () => 8)));

    expect(surpriseBeyond(still, 1.2)).toBeLessThan(1.3);
  });

  it('knows how long nothing has gone beyond the record', () => {
    // The newest seven of 42 days are not taken yet.
    expect(regular(42).quietWeeks[HOUR_RECORD]).toBeCloseTo(Math.log10(36 / 7), 6);
  });

  it('compares with the hour of the week after a fortnight of days that had a usual', () => {
    const learnedFor = (days: number) =>
      outlookOf(
        baselineOf(
          daysOf(days, () => 0.2),
          HOUR_OF_WEEK,
        ),
      );

    expect(learnedFor(13).level[HOUR_OF_WEEK]).toBe(Number.POSITIVE_INFINITY);
    expect(learnedFor(14).level[HOUR_OF_WEEK]).toBeCloseTo(0.2, 2);
  });

  it('measures early use by what the series has done, and by 2,000 requests at least', () => {
    const early = (value: number) => outlookOf(baselineOf(daysOf(7, () => value))).earlyHour;

    expect(early(onScale(50))).toBe(onScale(2000));
    expect(early(onScale(90_000))).toBeCloseTo(onScale(90_000), 2);
  });

  it('has no early use after a week and a day', () => {
    expect(outlookOf(baselineOf(daysOf(8, () => 5))).earlyHour).toBe(Number.NEGATIVE_INFINITY);
  });
});
