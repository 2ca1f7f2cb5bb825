import type { Aggregate, InsightsQuery } from './insights-query.ts';
import type { Metric, MetricWindow, Statistic } from './metric.ts';
import { ApiError } from './service.ts';

const RECENT_SECONDS = 3 * 3_600;

/** The groups of a query and their values per period. Only the most recent three hours can be asked for. */
export function runInsightsQuery(
  query: InsightsQuery,
  metrics: readonly Metric[],
  window: MetricWindow,
  now: number,
): { readonly label: string; readonly values: Float64Array }[] {
  if (window.start < now - RECENT_SECONDS - window.periodSeconds) {
    throw new ApiError(
      'ValidationError',
      'Metrics Insights queries can only query the most recent three hours of data.',
    );
  }
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    if (!matches(query, metric) || metric.newest(window.start, window.until, now) === undefined) continue;
    const label = query.groupBy.map((dimension) => dimensionValue(metric, dimension) ?? 'Other').join(' ');
    groups.set(label, [...(groups.get(label) ?? []), metric]);
  }
  const rows = [...groups].map(([label, members]) => ({
    label: query.groupBy.length === 0 ? query.metricName : label,
    values: aggregateOf(query.aggregate, members, window, now),
  }));
  const { orderBy } = query;
  if (orderBy) {
    const sign = orderBy.descending ? -1 : 1;
    rows.sort((a, b) => sign * (rank(orderBy.aggregate, a.values) - rank(orderBy.aggregate, b.values)));
  }
  return rows.slice(0, query.limit);
}

function matches(query: InsightsQuery, metric: Metric): boolean {
  const { namespace, metricName, dimensions } = metric.identity;
  if (namespace !== query.namespace || metricName !== query.metricName) return false;
  const { schema } = query;
  if (
    schema &&
    (schema.length !== dimensions.length || !dimensions.every(({ Name }) => schema.includes(Name)))
  ) {
    return false;
  }
  return query.conditions.every(
    ({ dimension, equal, value }) => (dimensionValue(metric, dimension) === value) === equal,
  );
}

const dimensionValue = (metric: Metric, dimension: string): string | undefined =>
  metric.identity.dimensions.find(({ Name }) => Name === dimension)?.Value;

const STATISTIC_OF: Readonly<Record<Exclude<Aggregate, 'AVG'>, Statistic>> = {
  SUM: 'Sum',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
};

function aggregateOf(
  aggregate: Aggregate,
  metrics: readonly Metric[],
  window: MetricWindow,
  now: number,
): Float64Array {
  if (aggregate === 'AVG') {
    const sums = aggregateOf('SUM', metrics, window, now);
    const counts = aggregateOf('COUNT', metrics, window, now);
    return sums.map((sum, i) => sum / (counts[i] ?? Number.NaN));
  }
  const combine =
    aggregate === 'MAX' ? Math.max : aggregate === 'MIN' ? Math.min : (a: number, b: number) => a + b;
  const total = new Float64Array(window.length).fill(Number.NaN);
  const values = new Float64Array(window.length);
  for (const metric of metrics) {
    metric.read(values, window, STATISTIC_OF[aggregate], undefined, now);
    values.forEach((value, i) => {
      const before = total[i] ?? Number.NaN;
      if (!Number.isNaN(value)) total[i] = Number.isNaN(before) ? value : combine(before, value);
    });
  }
  return total;
}

function rank(aggregate: Aggregate, values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const sum = known.reduce((total, value) => total + value, 0);
  switch (aggregate) {
    case 'SUM':
      return sum;
    case 'AVG':
      return known.length === 0 ? 0 : sum / known.length;
    case 'MAX':
      return known.reduce((a, b) => Math.max(a, b), -Infinity);
    case 'MIN':
      return known.reduce((a, b) => Math.min(a, b), Infinity);
    case 'COUNT':
      return known.length;
    default:
      return aggregate satisfies never;
  }
}
