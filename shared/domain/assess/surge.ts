import { isUnknown, UNKNOWN } from '../usage/series.ts';
import { BINS_PER_DAY, BINS_PER_HOUR, BINS_PER_WEEK, type Bin } from '../usage/time.ts';
import { PRICES } from './price.ts';
import type { QuotaGroup } from './quota.ts';

/** Dollars an hour by which an account's calls have to jump: a fifth of what pages by default. */
export const SURGE_USD_PER_HOUR = 2;

/** Bins of AWS's own count that are needed: what lies a week before the last day, and around it. */
export const SURGE_BINS = BINS_PER_WEEK + BINS_PER_DAY + 8;

/** Bins looked at for the newest count, and back for what came before: 15 minutes. */
const NEWEST_BINS = 3;

/** Jumps of the day before that may be as large as a surge: what jumps more often than that is how the account is used. */
const LARGER_JUMPS = 3;

const USD_PER_CALL: Readonly<Record<QuotaGroup, number>> = {
  symmetric: PRICES.symmetric,
  rsa: PRICES.asymmetric,
  ecc: PRICES.asymmetric,
  mlDsa: PRICES.asymmetric,
};

/**
 * Dollars an hour by which the newest count of an account's calls jumps, if it did so at most three times in the day
 * before; else 0, as where there is no count. `counts` holds requests per bin from `startBin` on, NaN where CloudWatch
 * has none.
 */
export function surgeUsdPerHour(group: QuotaGroup, counts: Float64Array, startBin: Bin, endBin: Bin): number {
  const newest = newestOf(counts, startBin, endBin);
  if (newest === undefined) return 0;
  const jump = jumpAt(counts, newest);
  if (jump === 0) return 0;
  const before = Array.from({ length: BINS_PER_DAY }, (_, i) => jumpAt(counts, newest - NEWEST_BINS - i));
  const larger = before.filter((other) => other >= jump).length;
  return larger > LARGER_JUMPS ? 0 : jump * BINS_PER_HOUR * USD_PER_CALL[group];
}

/** Index of the newest count. */
function newestOf(counts: Float64Array, startBin: Bin, endBin: Bin): number | undefined {
  for (let i = endBin - 1 - startBin; i >= endBin - NEWEST_BINS - startBin; i--)
    if (!isUnknown(counts[i] ?? UNKNOWN)) return i;
  return undefined;
}

/**
 * Requests by which a count goes beyond each of: 15 minutes before, and the same time a day and a week before, give or
 * take five minutes, so that the hourly and nightly jobs of every day are none.
 */
function jumpAt(counts: Float64Array, i: number): number {
  let before = 0;
  for (const back of [NEWEST_BINS, BINS_PER_DAY, BINS_PER_WEEK]) {
    const around = back === NEWEST_BINS ? 0 : 1;
    for (let off = -around; off <= around; off++) before = Math.max(before, knownAt(counts, i - back + off));
  }
  return Math.max(0, knownAt(counts, i) - before);
}

function knownAt(counts: Float64Array, i: number): number {
  const count = counts[i] ?? UNKNOWN;
  return isUnknown(count) ? 0 : count;
}
