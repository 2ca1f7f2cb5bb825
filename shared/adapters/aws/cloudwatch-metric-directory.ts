import { type CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import type { Log, MetricDirectory } from '../../app/ports.ts';
import { type Metric, metricName } from '../../domain/usage/metric.ts';
import { type IgnoredMetric, METRIC_NAME, metricOf, NAMESPACE } from './cloudwatch-metric.ts';

/** ListMetrics of `AWS/KMS SuccessfulRequest`, in both dimension shapes. */
export class CloudWatchMetricDirectory implements MetricDirectory {
  readonly #client: CloudWatchClient;
  readonly #log: Log;

  constructor(client: CloudWatchClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  async listMetrics(span: 'recentlyActive' | 'all'): Promise<Metric[]> {
    const metrics = new Map<string, Metric>();
    const ignored = new Map<IgnoredMetric, number>();
    const pages = paginateListMetrics(
      { client: this.#client },
      {
        Namespace: NAMESPACE,
        MetricName: METRIC_NAME,
        ...(span === 'recentlyActive' ? { RecentlyActive: 'PT3H' as const } : {}),
      },
    );
    for await (const page of pages) {
      for (const listed of page.Metrics ?? []) {
        const metric = metricOf(listed);
        if (typeof metric === 'string') ignored.set(metric, (ignored.get(metric) ?? 0) + 1);
        else metrics.set(metricName(metric), metric);
      }
    }
    if (ignored.size > 0) {
      this.#log.warn('Some listed metrics are not of a known shape', {
        ignored: Object.fromEntries(ignored),
      });
    }
    return [...metrics.values()];
  }
}
