import { BINS_PER_HOUR, type Bin, type Hour } from './time.ts';

/**
 * Requests of one key and operation in consecutive bins, from `startBin` on.
 * `UNKNOWN` (NaN) marks a bin that could not be read: it is neither zero nor normal. A typed array keeps
 * 100,000 series in memory where an array of `number | null` would not.
 */
export interface UsageSeries {
  readonly startBin: Bin;
  readonly requests: Float64Array;
}

/** A bin whose requests are not known: CloudWatch failed to answer, or a recording left it empty. */
export const UNKNOWN = Number.NaN;

export const isUnknown = (requests: number): boolean => Number.isNaN(requests);

/** First bin after the series. */
export const endBin = (series: UsageSeries): Bin => series.startBin + series.requests.length;

/** Requests in a bin; `UNKNOWN` outside the series. */
export const requestsAt = (series: UsageSeries, bin: Bin): number =>
  series.requests[bin - series.startBin] ?? UNKNOWN;

/** The twelve bins of an hour; bins outside the series are `UNKNOWN`. */
export function binsOfHour(series: UsageSeries, hour: Hour, into: Float64Array): Float64Array {
  for (let i = 0; i < BINS_PER_HOUR; i++) into[i] = requestsAt(series, hour * BINS_PER_HOUR + i);
  return into;
}
