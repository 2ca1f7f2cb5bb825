import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchMetricDirectory } from '../../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { CloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { CloudWatchUsageQuery } from '../../shared/adapters/aws/cloudwatch-usage-query.ts';
import {
  RegionalMetricDirectory,
  RegionalMetricSource,
  RegionalUsageQuery,
} from '../../shared/adapters/routing/regional-metrics.ts';
import type { Clock, Log, UsageQuery } from '../../shared/app/ports.ts';
import type { TopPorts } from '../../shared/app/top.ts';
import type { Config } from '../../shared/config.ts';
import { ownClient, type Places } from './places.ts';

/** CloudWatch as the pipeline sees it: one client for each Region, all of them with the function's own credentials. */
export function metricPorts(
  { INCLUDE_LINKED_ACCOUNTS, ACCOUNT_ID }: Config,
  { regions, home }: Places,
  clock: Clock,
  log: Log,
): Pick<TopPorts, 'metricDirectory' | 'metrics' | 'usageQuery'> {
  const linkedTo = INCLUDE_LINKED_ACCOUNTS ? ACCOUNT_ID : undefined;
  const clients = regions.map(
    (region) =>
      [
        region,
        new CloudWatchClient({ ...ownClient(region), retryMode: 'adaptive', maxAttempts: 5 }),
      ] as const,
  );
  const byRegion = <T>(make: (client: CloudWatchClient) => T) =>
    new Map(clients.map(([region, client]) => [region, make(client)] as const));
  return {
    metricDirectory: new RegionalMetricDirectory(
      byRegion((client) => new CloudWatchMetricDirectory(client, log, { linkedTo })),
    ),
    metrics: new RegionalMetricSource(
      byRegion((client) => new CloudWatchMetricSource(client, clock, log)),
      home,
    ),
    usageQuery: new RegionalUsageQuery(
      byRegion((client) => {
        const query = new CloudWatchUsageQuery(client);
        return linkedTo === undefined ? query : metricByMetric(query);
      }),
    ),
  };
}

/** Whether a query over all metrics counts linked accounts is not documented where it was looked for. */
const metricByMetric = (query: UsageQuery): UsageQuery => ({
  get metricsRequested() {
    return query.metricsRequested;
  },
  requestsByMetric: () =>
    Promise.resolve({ kind: 'refused', reason: 'linked accounts are read by the names of their metrics' }),
  quotaCalls: (window) => query.quotaCalls(window),
});
