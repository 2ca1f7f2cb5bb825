import { isUnknown, UNKNOWN } from '../usage/series.ts';
import { BINS_PER_DAY, BINS_PER_HOUR, BINS_PER_WEEK, type Bin } from '../usage/time.ts';
import { PRICES } from './price.ts';
import type { QuotaGroup } from './quota.ts';

/** Dollars an hour by which an account's calls have to jump: a fifth of what pages by default. */
export const SURGE_USD_PER_HOUR = 2;

/** Bins of AWS's own count that are needed: a week and what lies around the same time in it. */
export const SURGE_BINS = BINS_PER_WEEK + 8;

/** Bins looked at for the newest count, and back for what came before: 15 minutes. */
const NEWEST_BINS = 3;

const USD_PER_CALL: Readonly<Record<QuotaGroup, number>> = {
  symmetric: PRICES.symmetric,
  rsa: PRICES.asymmetric,
  ecc: PRICES.asymmetric,
  mlDsa: PRICES.asymmetric,
};

/**
 * Dollars an hour by which the newest count of an account's calls goes beyond each of: 15 minutes ago, and the same
 * time yesterday and a week ago, give or take five minutes, so that the hourly and nightly jobs of every day are none.
 * 0 where there is no count. `counts` holds requests per bin from `startBin` on, NaN where CloudWatch has none.
 */
export function surgeUsdPerHour(group: QuotaGroup, counts: Float64Array, startBin: Bin, endBin: Bin): number {
  const at = (bin: Bin): number => counts[bin - startBin] ?? UNKNOWN;
  for (let bin = endBin - 1; bin >= endBin - NEWEST_BINS; bin--) {
    const now = at(bin);
    if (isUnknown(now)) continue;
    let before = 0;
    for (const back of [NEWEST_BINS, BINS_PER_DAY, BINS_PER_WEEK]) {
      const around = back === NEWEST_BINS ? [0] : [-1, 0, 1];
      for (const off of around) {
        const then = at(bin - back + off);
        if (!isUnknown(then)) before = Math.max(before, then);
      }
    }
    return Math.max(0, now - before) * BINS_PER_HOUR * USD_PER_CALL[group];
  }
  return 0;
}
