import {
  type KeyArn,
  type Operation,
  REENCRYPT_DESTINATION,
  REENCRYPT_SOURCE,
  type SeriesId,
  seriesName,
} from './key.ts';

/**
 * One CloudWatch metric of `AWS/KMS SuccessfulRequest`, in either of its dimension shapes.
 * ReEncrypt involves two keys and has a shape of its own
 * (https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html).
 */
export type Metric =
  | { readonly kind: 'key'; readonly keyArn: KeyArn; readonly operation: Operation }
  | { readonly kind: 'reEncrypt'; readonly source: KeyArn; readonly destination: KeyArn };

/** A text that is unique per metric, to index by. */
export const metricName = (metric: Metric): string =>
  metric.kind === 'key' ? seriesName(metric) : `${metric.source} ${metric.destination} ReEncrypt`;

/** One series and the metrics whose sum it is: a single one, or all ReEncrypt pairs of a key. */
export interface SeriesSource {
  readonly id: SeriesId;
  readonly metrics: readonly Metric[];
}

/** The series that a list of metrics feeds: a ReEncrypt pair counts for its source and for its destination key. */
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
    } else {
      add({ keyArn: metric.source, operation: REENCRYPT_SOURCE }, metric);
      add({ keyArn: metric.destination, operation: REENCRYPT_DESTINATION }, metric);
    }
  }
  return [...bySeries.values()].map(({ id, metrics: own }) => ({ id, metrics: [...own.values()] }));
}
