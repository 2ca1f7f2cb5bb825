import { isUnknown } from '../usage/series.ts';
import { BINS_PER_HOUR, type Bin, type Hour, hourOfBin } from '../usage/time.ts';

const HOURS = 26;

/**
 * Requests of one series over any trailing period up to 24 hours. Periods over an hour are made of whole hours and
 * the newest bins, with the oldest hour taken in proportion: that is what a stored baseline can answer, too, so the
 * sum does not depend on where a run began.
 */
export interface TrailingUse {
  readonly hours: Float64Array;
  readonly bins: Float64Array;
  newest: Bin;
}

/** Trailing sums that know nothing before `firstBin`. */
export const newTrailingUse = (firstBin: Bin): TrailingUse => ({
  hours: new Float64Array(HOURS),
  bins: new Float64Array(BINS_PER_HOUR),
  newest: firstBin - 1,
});

/** Fills in what a baseline remembers: the sums of the hours before the next bin, and the bins of the last one. */
export function seedTrailingUse(
  use: TrailingUse,
  hourSum: (hour: Hour) => number,
  requestsIn: (bin: Bin) => number,
): void {
  const nextHour = hourOfBin(use.newest + 1);
  for (let hour = nextHour - HOURS + 1; hour < nextHour; hour++) use.hours[hour % HOURS] = hourSum(hour);
  for (let bin = use.newest - BINS_PER_HOUR + 1; bin <= use.newest; bin++) {
    use.bins[bin % BINS_PER_HOUR] = requestsIn(bin);
  }
}

/** Takes in the next bin; an unknown one adds nothing. */
export function pushRequests(use: TrailingUse, bin: Bin, requests: number): void {
  const known = isUnknown(requests) ? 0 : requests;
  const hour = hourOfBin(bin);
  if (hour !== hourOfBin(use.newest)) use.hours[hour % HOURS] = 0;
  use.hours[hour % HOURS] = (use.hours[hour % HOURS] ?? 0) + known;
  use.bins[bin % BINS_PER_HOUR] = known;
  use.newest = bin;
}

/** Requests in the `periodBins` bins that end with the newest one; 1 to 288 bins. */
export function trailingRequests(use: TrailingUse, periodBins: number): number {
  let sum = 0;
  if (periodBins <= BINS_PER_HOUR) {
    for (let i = 0; i < periodBins; i++) sum += use.bins[(use.newest - i) % BINS_PER_HOUR] ?? 0;
    return sum;
  }
  const hour = hourOfBin(use.newest);
  let left = periodBins - (use.newest - hour * BINS_PER_HOUR + 1);
  sum = use.hours[hour % HOURS] ?? 0;
  for (let back = 1; left > 0; back++) {
    const share = Math.min(1, left / BINS_PER_HOUR);
    sum += share * (use.hours[(hour - back) % HOURS] ?? 0);
    left -= BINS_PER_HOUR;
  }
  return sum;
}
