import { getMetricDataInput, type MetricDataQuery } from './cloudwatch-schemas.ts';
import type { SeriesFault } from './faults.ts';
import { parseInput, parseTime } from './input.ts';
import { parseInsightsQuery } from './insights-query.ts';
import type { LinkedMetrics } from './list-metrics.ts';
import type { MetricIdentity } from './metric.ts';
import { isStatistic, metricWindow, type ResultSeries, toDatapoints } from './metric-results.ts';
import type { MetricStore } from './metric-store.ts';
import { runInsightsQuery } from './metrics-insights.ts';
import { type PagePosition, pagePosition, pageToken } from './page-token.ts';
import { ApiError, type Input } from './service.ts';

/** What GetMetricData needs to know of the world around it. */
export interface GetMetricDataContext {
  readonly metrics: MetricStore;
  readonly accountId: string;
  readonly linked: readonly LinkedMetrics[];
  readonly region: string;
  readonly now: number;
  /** The fault that the next read of a series meets, if any. */
  seriesFault(identity: MetricIdentity): SeriesFault | undefined;
}

const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;

interface Result {
  Id: string;
  Label: string;
  Timestamps: number[];
  Values: number[];
  StatusCode: string;
}

/**
 * GetMetricData: up to 500 queries and 100,800 datapoints a page; a page ends in the middle of a series if need be,
 * which is then `PartialData` and goes on in the next one
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html).
 */
export function getMetricData(input: Input, context: GetMetricDataContext): unknown {
  const request = parseInput(getMetricDataInput, input);
  const range = { start: parseTime(request.StartTime), end: parseTime(request.EndTime) };
  const pageSize = request.MaxDatapoints ?? MAX_DATAPOINTS;
  check(request.MetricDataQueries, range, pageSize);
  const position = pagePosition(input, request.NextToken, context.now);
  const newestFirst = request.ScanBy !== 'TimestampAscending';

  const series = request.MetricDataQueries.filter((query) => query.ReturnData !== false).flatMap((query) =>
    query.Expression === undefined
      ? [metricSeries(query, range, context, position.asOf)]
      : insightsSeries(query, range, context, position.asOf),
  );
  const { results, next } = fillPage(series, { position, pageSize, newestFirst }, context);
  return {
    MetricDataResults: results,
    Messages: [],
    ...(next && { NextToken: pageToken(input, next) }),
  };
}

function fillPage(
  series: readonly ResultSeries[],
  page: { readonly position: PagePosition; readonly pageSize: number; readonly newestFirst: boolean },
  context: GetMetricDataContext,
): { results: Result[]; next?: PagePosition } {
  const results: Result[] = [];
  const { asOf } = page.position;
  let room = page.pageSize;
  for (let item = page.position.item; item < series.length; item++) {
    const one = series[item];
    if (!one) break;
    if (room === 0) return { results, next: { item, part: 0, asOf } };
    const from = item === page.position.item ? page.position.part : 0;
    const fault = from === 0 && one.identity ? context.seriesFault(one.identity) : undefined;
    const result: Result = {
      Id: one.id,
      Label: one.label,
      Timestamps: [],
      Values: [],
      StatusCode: 'Complete',
    };
    results.push(result);
    if (fault && fault.statusCode !== 'PartialData') {
      result.StatusCode = fault.statusCode;
      continue;
    }
    const all = one.read(asOf);
    const total = all.values.length;
    const to = Math.min(total, from + room, fault ? Math.floor(total / 2) : total);
    const inPageOrder = <T>(items: T[]) => (page.newestFirst ? items.reverse() : items).slice(from, to);
    result.Timestamps = inPageOrder(all.timestamps);
    result.Values = inPageOrder(all.values);
    room -= to - from;
    if (to === total) continue;
    result.StatusCode = 'PartialData';
    if (fault?.withoutToken !== true) return { results, next: { item, part: to, asOf } };
  }
  return { results };
}

function metricSeries(
  query: MetricDataQuery,
  range: { readonly start: number; readonly end: number },
  context: GetMetricDataContext,
  asOf: number,
): ResultSeries {
  const stat = query.MetricStat;
  if (!stat || !isStatistic(stat.Stat))
    throw new ApiError('ValidationError', `The query ${query.Id} has no metric.`);
  const { Metric, Period, Stat, Unit } = stat;
  const identity = {
    namespace: Metric.Namespace,
    metricName: Metric.MetricName,
    dimensions: Metric.Dimensions ?? [],
  };
  const metric = storeOf(query, context).find(context.region, identity);
  return {
    id: query.Id,
    label: query.Label ?? Metric.MetricName,
    identity,
    read() {
      if (!metric) return { timestamps: [], values: [] };
      const window = metricWindow(range.start, range.end, Period, asOf);
      const values = new Float64Array(window.length);
      metric.read(values, window, Stat, Unit, asOf);
      return toDatapoints(values, window);
    },
  };
}

/** The metrics of the account that a query names, which has to share them. */
function storeOf({ AccountId, Id }: MetricDataQuery, context: GetMetricDataContext): MetricStore {
  if (AccountId === undefined || AccountId === context.accountId) return context.metrics;
  const linked = context.linked.find(({ accountId }) => accountId === AccountId);
  if (!linked)
    throw new ApiError('ValidationError', `The account ${AccountId} of query ${Id} is not linked.`);
  return linked.metrics;
}

function insightsSeries(
  query: MetricDataQuery,
  range: { readonly start: number; readonly end: number },
  context: GetMetricDataContext,
  asOf: number,
): ResultSeries[] {
  const parsed = parseInsightsQuery(query.Expression ?? '');
  if (query.Period === undefined)
    throw new ApiError('ValidationError', `Period is required for query ${query.Id}.`);
  const window = metricWindow(range.start, range.end, query.Period, asOf);
  const rows = runInsightsQuery(parsed, context.metrics.all(context.region), window, asOf);
  return rows.map(({ label, values }) => ({
    id: query.Id,
    label,
    identity: undefined,
    read: () => toDatapoints(values, window),
  }));
}

function check(
  queries: readonly MetricDataQuery[],
  range: { readonly start: number; readonly end: number },
  pageSize: number,
): void {
  const problems: string[] = [];
  if (queries.length === 0) problems.push('The parameter MetricDataQueries is required.');
  if (queries.length > MAX_QUERIES) {
    problems.push(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  }
  if (!(range.start < range.end))
    problems.push('The parameter StartTime must be less than the parameter EndTime.');
  if (!(pageSize >= 1 && pageSize <= MAX_DATAPOINTS)) {
    problems.push(
      `The value ${pageSize} for parameter MaxDatapoints must be between 1 and ${MAX_DATAPOINTS}.`,
    );
  }
  if (new Set(queries.map((query) => query.Id)).size < queries.length) {
    problems.push('The values for parameter id in MetricDataQueries are not unique.');
  }
  if (queries.filter((query) => query.Expression !== undefined).length > 1) {
    problems.push('Only one Metrics Insights query is allowed in a request.');
  }
  queries.forEach((query, index) => {
    problems.push(...queryProblems(query, `MetricDataQueries.member.${index + 1}`));
  });
  if (problems.length > 0) throw new ApiError('ValidationError', problems.join('\n'));
}

function queryProblems(query: MetricDataQuery, at: string): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(query.Id)) {
    problems.push(
      `The value ${query.Id} for parameter ${at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if ((query.MetricStat === undefined) === (query.Expression === undefined)) {
    problems.push(`Exactly one of the parameters ${at}.MetricStat and ${at}.Expression must be specified.`);
  }
  if (query.MetricStat && !isStatistic(query.MetricStat.Stat)) {
    problems.push(
      `The value ${query.MetricStat.Stat} for parameter ${at}.MetricStat.Stat is not a valid statistic.`,
    );
  }
  const period = query.MetricStat?.Period ?? query.Period ?? 60;
  if (period % 60 !== 0) problems.push(`The period of ${at} must be a multiple of 60.`);
  return problems;
}
