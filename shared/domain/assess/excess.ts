import { BINS_PER_HOUR } from '../usage/time.ts';

/** One operation in one bin, as money sees it. */
export interface BinUse {
  readonly requests: number;
  readonly previousRequests: number;
  readonly hourSum: number;
  /** Requests usual in such a bin. */
  readonly expected: number;
  /** Dollars for each request. */
  readonly usd: number;
}

/** Excess in dollars an hour, by three readings of the newest bins. */
export interface Excess {
  /** Excess of the trailing hour. */
  readonly trailing: number;
  /** The larger of the trailing hour and twelve times the newest bin: quick, decides about a notice. */
  readonly quick: number;
  /** The larger of the trailing hour and twelve times the smaller of the last two bins: one odd bin wakes nobody, and is no peak. */
  readonly steady: number;
}

/** Excess of all breaching operations of a key together. */
export function excessPerHour(uses: readonly BinUse[]): Excess {
  let trailing = 0;
  let newest = 0;
  let smaller = 0;
  for (const { requests, previousRequests, hourSum, expected, usd } of uses) {
    trailing += usd * Math.max(0, hourSum - BINS_PER_HOUR * expected);
    newest += usd * BINS_PER_HOUR * Math.max(0, requests - expected);
    smaller += usd * BINS_PER_HOUR * Math.max(0, Math.min(requests, previousRequests) - expected);
  }
  return { trailing, quick: Math.max(trailing, newest), steady: Math.max(trailing, smaller) };
}
