import type { Metric } from './metric.ts';
import type { Bin } from './time.ts';

/** Limits of one GetMetricData request (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html). */
export const MAX_QUERIES = 500;
export const MAX_DATAPOINTS = 100_800;

/** Datapoints below which a request is small anyway, so that tiny windows need not be kept apart. */
const SMALL_REQUEST = 5_000;

/** A metric and the bins wanted of it: [startBin, endBin). */
export interface MetricWindow {
  readonly metric: Metric;
  readonly startBin: Bin;
  readonly endBin: Bin;
}

/** One GetMetricData request: all its metrics share one window. */
export interface MetricBatch {
  readonly metrics: readonly Metric[];
  readonly startBin: Bin;
  readonly endBin: Bin;
  /** Seconds that one value sums up; with another one, `startBin` and `endBin` count such periods. @default BIN_SECONDS */
  readonly periodSeconds?: number;
}

/**
 * Packs windows into requests that stay within both limits. Sorted by start, and a request is closed before it would
 * read more than twice what is wanted: a hundred short windows do not ride along in the long one of a silent key.
 * A single window longer than the datapoint limit is cut in time.
 */
export function planBatches(windows: readonly MetricWindow[]): MetricBatch[] {
  const batches: MetricBatch[] = [];
  let open: { readonly metrics: Metric[]; startBin: Bin; endBin: Bin } | undefined;
  let wanted = 0;
  for (const window of windows.flatMap(cutInTime).toSorted((a, b) => b.startBin - a.startBin)) {
    const startBin = Math.min(open?.startBin ?? window.startBin, window.startBin);
    const endBin = Math.max(open?.endBin ?? window.endBin, window.endBin);
    const count = (open?.metrics.length ?? 0) + 1;
    const datapoints = count * (endBin - startBin);
    wanted += window.endBin - window.startBin;
    const isTooMuch = datapoints > Math.max(2 * wanted, SMALL_REQUEST) || datapoints > MAX_DATAPOINTS;
    if (!open || count > MAX_QUERIES || isTooMuch) {
      open = { metrics: [window.metric], startBin: window.startBin, endBin: window.endBin };
      batches.push(open);
      wanted = window.endBin - window.startBin;
      continue;
    }
    open.metrics.push(window.metric);
    open.startBin = startBin;
    open.endBin = endBin;
  }
  return batches;
}

function cutInTime({ metric, startBin, endBin }: MetricWindow): MetricWindow[] {
  const pieces: MetricWindow[] = [];
  for (let start = startBin; start < endBin; start += MAX_DATAPOINTS) {
    pieces.push({ metric, startBin: start, endBin: Math.min(endBin, start + MAX_DATAPOINTS) });
  }
  return pieces;
}
