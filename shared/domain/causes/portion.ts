import { percent } from '../number.ts';

/** A share of a key's requests, 0..1, and between which shares the truth lies. */
export interface Portion {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** All of the requests. */
export const ALL: Portion = { share: 1, low: 1, high: 1 };

/** Portions that do not overlap, together. The sum of the bounds is wider than need be, so it promises too little. */
export const together = (portions: readonly Portion[]): Portion => ({
  share: capped(portions.map(({ share }) => share)),
  low: capped(portions.map(({ low }) => low)),
  high: capped(portions.map(({ high }) => high)),
});

/** The larger of two portions that may overlap. */
export const larger = (one: Portion, other: Portion): Portion => (other.share > one.share ? other : one);

/** `83% (79% to 87%)`; without bounds where they say nothing more. */
export function portionText({ share, low, high }: Portion): string {
  const bounds = `${percent(low)} to ${percent(high)}`;
  return percent(low) === percent(high) ? percent(share) : `${percent(share)} (${bounds})`;
}

const capped = (values: readonly number[]): number =>
  Math.min(
    1,
    values.reduce((sum, value) => sum + value, 0),
  );
