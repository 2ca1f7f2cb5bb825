import { describe, expect, it } from 'vitest';
import { SURGE_BINS, surgeUsdPerHour } from '../../../../shared/domain/assess/surge.ts';
import { BINS_PER_DAY, BINS_PER_WEEK } from '../../../../shared/domain/usage/time.ts';

const END = 500_000;
const START = END - SURGE_BINS;

/** A steady account, with other counts in some bins, named by how many bins before the end they begin. */
function counts(others: Readonly<Record<number, number>> = {}): Float64Array {
  const values = new Float64Array(SURGE_BINS).fill(10_000);
  for (const [back, value] of Object.entries(others)) values[SURGE_BINS - Number(back)] = value;
  return values;
}

const surge = (values: Float64Array) => surgeUsdPerHour('symmetric', values, START, END);

describe('surgeUsdPerHour', () => {
  it('is what the newest count has more than 15 minutes ago, in dollars an hour', () => {
    // 300,000 more in five minutes are 3.6 million an hour, at $0.03 per 10,000.
    expect(surge(counts({ 1: 310_000 }))).toBeCloseTo(10.8);
  });

  it('is nothing in a steady account, one that falls, and one without counts', () => {
    expect(surge(counts())).toBe(0);
    expect(surge(counts({ 1: 0 }))).toBe(0);
    expect(surge(new Float64Array(SURGE_BINS).fill(Number.NaN))).toBe(0);
  });

  it('does not take the job of every night, or of every week, for one, even five minutes late', () => {
    expect(surge(counts({ 1: 310_000, [1 + BINS_PER_DAY + 1]: 305_000 }))).toBeCloseTo(0.18);
    expect(surge(counts({ 1: 310_000, [1 + BINS_PER_WEEK - 1]: 310_000 }))).toBe(0);
  });

  it('is nothing where the day before had jumps as large, but for three', () => {
    const jumpy = (times: number) =>
      surge(
        counts(
          Object.fromEntries([
            [1, 310_000],
            ...Array.from({ length: times }, (_, i): [number, number] => [20 + 60 * i, 320_000]),
          ]),
        ),
      );

    expect(jumpy(3)).toBeCloseTo(10.8);
    expect(jumpy(4)).toBe(0);
  });

  it('looks at the newest count there is', () => {
    expect(surge(counts({ 1: Number.NaN, 2: 310_000 }))).toBeCloseTo(10.8);
  });

  it('prices asymmetric calls as such', () => {
    expect(surgeUsdPerHour('rsa', counts({ 1: 310_000 }), START, END)).toBeCloseTo(54);
  });
});
