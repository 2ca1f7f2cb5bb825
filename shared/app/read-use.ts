import { fillGaps } from '../domain/usage/gaps.ts';
import { type Metric, metricName, type SeriesSource, seriesOf } from '../domain/usage/metric.ts';
import { type FetchedSeries, fetchUsage } from './fetch-usage.ts';
import type { MetricSource, UsageQuery } from './ports.ts';

/** Where use is read from. */
interface UsePorts {
  readonly metrics: MetricSource;
  readonly usageQuery: UsageQuery;
}

/** Periods counted from 1970: from `start` to before `end`. */
export interface Periods {
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
}

/** Each metric of these series once. */
export const metricsOf = (series: readonly SeriesSource[]): Metric[] => [
  ...new Map(series.flatMap(({ metrics }) => metrics).map((metric) => [metricName(metric), metric])).values(),
];

/** Requests of these series, and of any that reading has found. */
export interface Reading {
  readonly series: readonly SeriesSource[];
  readonly usage: readonly FetchedSeries[];
}

/** One query for all metrics, which also finds those not listed yet; metric by metric where that is refused. */
export async function readByQuery(
  ports: UsePorts,
  listed: readonly SeriesSource[],
  periods: Periods,
  notes: string[],
): Promise<Reading> {
  const outcome = await ports.usageQuery.requestsByMetric(periods.start, periods.end);
  if (outcome.kind === 'refused') {
    notes.push(`Read metric by metric, because CloudWatch did not answer for all at once: ${outcome.reason}`);
    return readByMetric(ports, listed, periods);
  }
  const series = seriesOf([...metricsOf(listed), ...outcome.answer.map(({ metric }) => metric)]);
  const values = new Map(outcome.answer.map((use) => [metricName(use.metric), use.values]));
  const none = { startBin: periods.start, values: new Float64Array(0) };
  const usage = series.map(({ id, metrics }) => {
    const parts = metrics.map((metric) => values.get(metricName(metric)) ?? none);
    return { id, usage: fillGaps(parts, windowOf(periods), periods.start) };
  });
  return { series, usage };
}

/** Each metric asked for by name. */
export async function readByMetric(
  ports: UsePorts,
  series: readonly SeriesSource[],
  periods: Periods,
): Promise<Reading> {
  return { series, usage: [...(await readSeries(ports, series, periods)).values()] };
}

/** By series name; a period without a datapoint is zero, one of a metric that could not be read is unknown. */
export async function readSeries(
  ports: UsePorts,
  series: readonly SeriesSource[],
  periods: Periods,
): Promise<ReadonlyMap<string, FetchedSeries>> {
  const windows = series.map((source) => ({ source, ...windowOf(periods), isKnown: true }));
  return (await fetchUsage(ports.metrics, windows, [], periods.seconds)).series;
}

const windowOf = ({ start, end }: Periods) => ({ startBin: start, endBin: end });
