/**
 * Requests in a window at which the scale turns from linear to logarithmic. Below, a count is mostly chance, and
 * nothing below the floor of 500 is ever told, so distances among small counts must not count: with 100 the small
 * fleet is found as well as with 60 and the bursty recordings better (recall 0.76 for 0.71), with 30 it is worse.
 */
const LINEAR_REQUESTS = 100;

/** Positions are stored in steps of 1/1600: an error of 0.03 %, and room for counts up to a million millions. */
const STEPS = 1600;
const LOWEST = -16;
const MOST_STEPS = 65_535;

/** The stored form of "nothing there"; it unpacks to less than any position. */
export const NOTHING = 0;

/** Counts on a scale (asinh) on which one distance means the same ratio for a thousand and for ten million requests. */
export function onScale(requests: number): number {
  const ratio = requests / LINEAR_REQUESTS;
  return Math.log(ratio + Math.sqrt(ratio * ratio + 1));
}

/** The inverse of `onScale`. */
export const offScale = (position: number): number => LINEAR_REQUESTS * Math.sinh(position);

/** A position or a distance between positions in 16 bits, rounded to stored precision; never `NOTHING`. */
export const pack = (position: number): number =>
  Math.max(1, Math.min(MOST_STEPS, Math.round((position - LOWEST) * STEPS)));

/** The inverse of `pack`; `LOWEST` for `NOTHING`. */
export const unpack = (stored: number): number => stored / STEPS + LOWEST;
