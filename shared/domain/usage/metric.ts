import {
  type KeyArn,
  type Operation,
  REENCRYPT_DESTINATION,
  REENCRYPT_SOURCE,
  type SeriesId,
  seriesName,
} from './key.ts';

/**
 * One CloudWatch metric: `AWS/KMS SuccessfulRequest` in either of its dimension shapes (ReEncrypt involves two keys and
 * has a shape of its own, https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html), or
 * `AWS/Usage CallCount` of a request quota
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html).
 */
export type Metric =
  | { readonly kind: 'key'; readonly keyArn: KeyArn; readonly operation: Operation }
  | { readonly kind: 'reEncrypt'; readonly source: KeyArn; readonly destination: KeyArn }
  | { readonly kind: 'callCount'; readonly resource: string };

/** A text that is unique per metric, to index by. */
export function metricName(metric: Metric): string {
  switch (metric.kind) {
    case 'key':
      return seriesName(metric);
    case 'reEncrypt':
      return `${metric.source} ${metric.destination} ReEncrypt`;
    case 'callCount':
      return `CallCount ${metric.resource}`;
    default:
      return metric satisfies never;
  }
}

/** One series and the metrics whose sum it is: a single one, or all ReEncrypt pairs of a key. */
export interface SeriesSource {
  readonly id: SeriesId;
  readonly metrics: readonly Metric[];
}

/** The series that a list of metrics feeds: a ReEncrypt pair counts for both keys, CallCount for none. */
export function seriesOf(metrics: Iterable<Metric>): SeriesSource[] {
  const bySeries = new Map<string, { id: SeriesId; metrics: Map<string, Metric> }>();
  const add = (id: SeriesId, metric: Metric) => {
    const name = seriesName(id);
    const source = bySeries.get(name) ?? { id, metrics: new Map<string, Metric>() };
    source.metrics.set(metricName(metric), metric);
    bySeries.set(name, source);
  };
  for (const metric of metrics) {
    if (metric.kind === 'key') {
      add({ keyArn: metric.keyArn, operation: metric.operation }, metric);
    } else if (metric.kind === 'reEncrypt') {
      add({ keyArn: metric.source, operation: REENCRYPT_SOURCE }, metric);
      add({ keyArn: metric.destination, operation: REENCRYPT_DESTINATION }, metric);
    }
  }
  return [...bySeries.values()].map(({ id, metrics: own }) => ({ id, metrics: [...own.values()] }));
}
