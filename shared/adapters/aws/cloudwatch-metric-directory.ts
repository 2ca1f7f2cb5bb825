import { type CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import type { Log, MetricDirectory } from '../../app/ports.ts';
import { type Metric, metricName } from '../../domain/usage/metric.ts';
import { type IgnoredMetric, METRIC_NAME, metricOf, NAMESPACE } from './cloudwatch-metric.ts';

export interface MetricDirectoryOptions {
  /** Id of the asking account: with it, the accounts linked to it are listed, too. @default own metrics alone */
  readonly linkedTo?: string | undefined;
}

/** ListMetrics of `AWS/KMS SuccessfulRequest`, in both dimension shapes. */
export class CloudWatchMetricDirectory implements MetricDirectory {
  readonly #client: CloudWatchClient;
  readonly #log: Log;
  readonly #linkedTo: string | undefined;

  constructor(client: CloudWatchClient, log: Log, { linkedTo }: MetricDirectoryOptions = {}) {
    this.#client = client;
    this.#log = log;
    this.#linkedTo = linkedTo;
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
        ...(this.#linkedTo === undefined ? {} : { IncludeLinkedAccounts: true }),
      },
    );
    for await (const page of pages) {
      for (const [i, listed] of (page.Metrics ?? []).entries()) {
        const shape = metricOf(listed);
        if (typeof shape === 'string') {
          ignored.set(shape, (ignored.get(shape) ?? 0) + 1);
          continue;
        }
        const account = this.#otherAccount(page.OwningAccounts?.[i]);
        const metric = account === undefined ? shape : { ...shape, account };
        metrics.set(metricName(metric), metric);
      }
    }
    if (ignored.size > 0) {
      this.#log.warn('Some listed metrics are not of a known shape', {
        ignored: Object.fromEntries(ignored),
      });
    }
    return [...metrics.values()];
  }

  /** `OwningAccounts` goes along with `Metrics`; own metrics go without a number. */
  #otherAccount(owner: string | undefined): string | undefined {
    const isOther = this.#linkedTo !== undefined && owner !== this.#linkedTo;
    return isOther && owner !== undefined && /^\d{12}$/.test(owner) ? owner : undefined;
  }
}
