import {
  BIN_SECONDS,
  BINS_PER_DAY,
  BINS_PER_HOUR,
  BINS_PER_WEEK,
} from '../../../shared/domain/usage/time.ts';
import type { Random } from './random.ts';
import type { Shape } from './shapes.ts';

/** A key's use while trouble is added to it. */
export interface KeyUse {
  readonly shape: Shape;
  /** Requests per bin of each operation, the main one first; changed in place. */
  readonly operations: readonly Float64Array[];
  /** Index of the key's first bin. */
  readonly birth: number;
  /** Requests in a busy bin, all operations together. */
  readonly busy: number;
}

/** How large runaways are. */
export interface StormSizes {
  /** Requests in a bin, drawn on the logarithm; the key's own size counts as well. */
  readonly requestsPerBin: readonly [number, number];
  /** Requests a second at which the Region throttles. */
  readonly quotaPerSecond: number;
}

/** No runaway is smaller in its busiest hour: below it nothing is ever told. */
export const LEAST_HOUR = 1500;

/** A storm is at least this multiple of what is usual at its hour: below, it is a busy day. */
const LEAST_MULTIPLE = 2;

/**
 * Requests a bin: by the key's own size or by the account's, never more than the quota admits. At a quiet hour that
 * may be less than last night's batch job.
 */
export function rateOf(
  use: KeyUse,
  from: number,
  bins: number,
  sizes: StormSizes,
  [low, high]: readonly [number, number],
  random: Random,
): number {
  const wanted = random.chance(0.5)
    ? use.busy * random.logBetween(low, high)
    : random.logBetween(...sizes.requestsPerBin);
  return capped(Math.max(wanted, leastRate(use, from, bins)), sizes, random);
}

/** Requests a bin from which on a storm is one, and no busy day or night. */
export const leastRate = (use: KeyUse, from: number, bins: number): number =>
  Math.max(LEAST_HOUR / BINS_PER_HOUR, LEAST_MULTIPLE * usualAt(use, from, bins));

/** Mean requests a bin at the same time of the day before and of the week before, whichever is more. */
function usualAt({ operations }: KeyUse, from: number, bins: number): number {
  const means = [BINS_PER_DAY, BINS_PER_WEEK].map((ago) => {
    const start = Math.max(0, from - ago);
    let sum = 0;
    for (const requests of operations) for (let i = start; i < start + bins; i++) sum += requests[i] ?? 0;
    return sum / bins;
  });
  return Math.max(...means);
}

/** A job that reads everything takes its time: it is throttled by its own threads long before the Region does it. */
export const mostOfJob = ({ quotaPerSecond }: StormSizes): number => 0.2 * quotaPerSecond * BIN_SECONDS;

export const capped = (rate: number, { quotaPerSecond }: StormSizes, random: Random): number =>
  Math.min(rate, quotaPerSecond * BIN_SECONDS * random.between(0.4, 0.9));
