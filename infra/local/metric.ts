/** What names a metric in CloudWatch. The order of the dimensions has no meaning. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** Statistics that the embedded CloudWatch computes. */
export const STATISTICS = ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** `length` periods in a row, the first of which begins at `start`. Data at or after `until` is left out. */
export interface MetricWindow {
  readonly start: number;
  readonly periodSeconds: number;
  readonly length: number;
  readonly until: number;
}

/** The datapoints of one metric. */
export interface Metric {
  readonly identity: MetricIdentity;
  /**
   * Fills `values` with one datapoint per period, NaN where there is none.
   *
   * @param now what has not been published by then is not there
   * @param unit only datapoints of this unit, all if undefined
   */
  read(
    values: Float64Array,
    window: MetricWindow,
    statistic: Statistic,
    unit: string | undefined,
    now: number,
  ): void;
  /** Start of the newest minute with a datapoint in [from, before) that has been published by `now`. */
  newest(from: number, before: number, now: number): number | undefined;
}

/** A text that is unique per metric, whatever the order of its dimensions. */
export function metricKey(identity: MetricIdentity): string {
  const { namespace, metricName, dimensions } = identity;
  const pairs = dimensions.map(({ Name, Value }) => `${Name}\u0001${Value}`);
  return [namespace, metricName, ...pairs.sort()].join('\u0000');
}
