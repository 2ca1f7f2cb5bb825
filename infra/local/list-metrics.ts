import { listMetricsInput } from './cloudwatch-schemas.ts';
import { parseInput } from './input.ts';
import type { Dimension, Metric } from './metric.ts';
import type { MetricStore } from './metric-store.ts';
import { pagePosition, pageToken } from './page-token.ts';
import type { Input } from './service.ts';
import type { WorldSwitches } from './world-switches.ts';

/** The metrics of an account that shares them. */
export interface LinkedMetrics {
  readonly accountId: string;
  readonly metrics: MetricStore;
}

const PAGE_SIZE = 500;
const TWO_WEEKS_SECONDS = 14 * 86_400;
const THREE_HOURS_SECONDS = 3 * 3_600;

/**
 * ListMetrics: 500 a page; new metrics appear late, those without data for two weeks are gone; a dimension filter
 * matches metrics that have that dimension and others
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html).
 */
export function listMetrics(
  input: Input,
  context: {
    readonly metrics: MetricStore;
    readonly accountId: string;
    readonly linked: readonly LinkedMetrics[];
    readonly region: string;
    readonly now: number;
    readonly switches: WorldSwitches;
  },
): unknown {
  const request = parseInput(listMetricsInput, input);
  const position = pagePosition(input, request.NextToken, context.now);
  const { asOf } = position;
  const filters = request.Dimensions ?? [];

  const isListed = (metric: Metric): boolean => {
    const { namespace, metricName, dimensions } = metric.identity;
    if (request.Namespace !== undefined && namespace !== request.Namespace) return false;
    if (request.MetricName !== undefined && metricName !== request.MetricName) return false;
    if (!filters.every((filter) => hasDimension(dimensions, filter))) return false;
    const listedUpTo = asOf - context.switches.newMetricListedAfterSeconds;
    if (metric.newest(asOf - TWO_WEEKS_SECONDS, listedUpTo, asOf) === undefined) return false;
    const isRecent = metric.newest(asOf - THREE_HOURS_SECONDS, asOf, asOf) !== undefined;
    return request.RecentlyActive === undefined || isRecent;
  };

  const accounts = [context, ...(request.IncludeLinkedAccounts === true ? context.linked : [])];
  const listed = accounts.flatMap(({ accountId, metrics }) =>
    metrics
      .all(context.region)
      .filter(isListed)
      .map(({ identity }) => ({ identity, accountId })),
  );
  const end = position.item + PAGE_SIZE;
  const page = listed.slice(position.item, end);
  return {
    Metrics: page.map(({ identity }) => ({
      Namespace: identity.namespace,
      MetricName: identity.metricName,
      Dimensions: identity.dimensions,
    })),
    ...(request.IncludeLinkedAccounts === true && { OwningAccounts: page.map(({ accountId }) => accountId) }),
    ...(end < listed.length && { NextToken: pageToken(input, { item: end, part: 0, asOf }) }),
  };
}

const hasDimension = (
  dimensions: readonly Dimension[],
  filter: { readonly Name: string; readonly Value?: string | undefined },
): boolean => dimensions.some(({ Name, Value }) => Name === filter.Name && (filter.Value ?? Value) === Value);
