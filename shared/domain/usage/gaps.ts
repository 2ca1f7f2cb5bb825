import { isUnknown, UNKNOWN, type UsageSeries } from './series.ts';
import type { Bin } from './time.ts';

/** What CloudWatch answered for one metric over a window: NaN where it had no datapoint. */
export interface MetricValues {
  readonly startBin: Bin;
  readonly values: Float64Array;
}

/**
 * The series that is the sum of its metrics. Whether KMS publishes zeros or nothing while a key is idle is not
 * documented, so a settled bin without a datapoint counts as zero, from the series' birth on: nothing is known of
 * the time before its first datapoint. A metric that could not be read makes the sum unknown, never smaller.
 */
export function fillGaps(
  metrics: readonly (MetricValues | undefined)[],
  window: { readonly startBin: Bin; readonly endBin: Bin },
  bornBin: Bin | undefined,
): UsageSeries {
  const length = Math.max(0, window.endBin - window.startBin);
  const requests = new Float64Array(length);
  if (metrics.length === 0 || metrics.some((metric) => metric === undefined)) {
    return { startBin: window.startBin, requests: requests.fill(UNKNOWN) };
  }
  let first = bornBin === undefined ? length : Math.min(length, Math.max(0, bornBin - window.startBin));
  for (const metric of metrics) {
    if (!metric) continue;
    for (let i = 0; i < metric.values.length; i++) {
      const value = metric.values[i] ?? UNKNOWN;
      const at = metric.startBin + i - window.startBin;
      if (isUnknown(value) || at < 0 || at >= length) continue;
      requests[at] = (requests[at] ?? 0) + value;
      first = Math.min(first, at);
    }
  }
  return { startBin: window.startBin + first, requests: requests.subarray(first) };
}

/** What CloudWatch answered, piece by piece, over [startBin, endBin): NaN where it had no datapoint. */
export function valuesIn(pieces: readonly MetricValues[], startBin: Bin, endBin: Bin): Float64Array {
  const all = new Float64Array(Math.max(0, endBin - startBin)).fill(UNKNOWN);
  for (const { startBin: first, values } of pieces) {
    for (const [i, value] of values.entries()) {
      const at = first + i - startBin;
      if (at >= 0 && at < all.length && !isUnknown(value)) all[at] = value;
    }
  }
  return all;
}
