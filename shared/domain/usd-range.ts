/** Dollars; `low` and `high` differ where the metrics leave the price open. */
export interface UsdRange {
  readonly low: number;
  readonly high: number;
}

export const NO_USD: UsdRange = { low: 0, high: 0 };

export const addUsd = (a: UsdRange, b: UsdRange): UsdRange => ({ low: a.low + b.low, high: a.high + b.high });

export const scaleUsd = ({ low, high }: UsdRange, by: number): UsdRange => ({
  low: low * by,
  high: high * by,
});

/** The middle of the range: what shares and ranks are made of, so that shares add up to the whole. */
export const midUsd = ({ low, high }: UsdRange): number => (low + high) / 2;
