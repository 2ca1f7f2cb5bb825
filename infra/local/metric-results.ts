import { type MetricIdentity, type MetricWindow, STATISTICS, type Statistic } from './metric.ts';

/** One series of an answer: everything needed to read it. */
export interface ResultSeries {
  readonly id: string;
  readonly label: string;
  /** The metric, by which a test injects faults into its series. */
  readonly identity: MetricIdentity | undefined;
  /** Times and values, oldest first. */
  read(asOf: number): Datapoints;
}

export interface Datapoints {
  readonly timestamps: number[];
  readonly values: number[];
}

const DAY_SECONDS = 86_400;

export const isStatistic = (text: string): text is Statistic =>
  (STATISTICS as readonly string[]).includes(text);

/**
 * The periods of a query. The start is rounded down: to the minute, before 15 days to 5 minutes, before 63 days to
 * the hour (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html). Minutes are
 * kept for 15 days, 5 minutes for 63 days, hours for 455 days; nothing is returned for a time whose data is no
 * longer kept at the period asked for
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention).
 */
export function metricWindow(
  startTime: number,
  endTime: number,
  periodSeconds: number,
  now: number,
): MetricWindow {
  const age = now - startTime;
  const step = age > 63 * DAY_SECONDS ? 3_600 : age > 15 * DAY_SECONDS ? 300 : 60;
  const rounded = Math.floor(startTime / step) * step;
  const keptFrom = now - keptSeconds(periodSeconds);
  const skipped = Math.max(0, Math.ceil((keptFrom - rounded) / periodSeconds));
  const start = rounded + skipped * periodSeconds;
  const end = Math.min(endTime, now);
  return {
    start,
    periodSeconds,
    length: Math.max(0, Math.ceil((end - start) / periodSeconds)),
    until: endTime,
  };
}

function keptSeconds(periodSeconds: number): number {
  if (periodSeconds % 3_600 === 0) return 455 * DAY_SECONDS;
  return (periodSeconds % 300 === 0 ? 63 : 15) * DAY_SECONDS;
}

/** The datapoints of a window, without the periods that have none. */
export function toDatapoints(values: Float64Array, window: MetricWindow): Datapoints {
  const datapoints: Datapoints = { timestamps: [], values: [] };
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    datapoints.timestamps.push(window.start + i * window.periodSeconds);
    datapoints.values.push(value);
  }
  return datapoints;
}
