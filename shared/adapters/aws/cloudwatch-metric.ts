import type { Dimension, Metric as ListedMetric, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { parseKeyArn } from '../../domain/usage/key.ts';
import type { Metric } from '../../domain/usage/metric.ts';
import { BIN_SECONDS } from '../../domain/usage/time.ts';

/** Where KMS counts (https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html). */
export const NAMESPACE = 'AWS/KMS';
export const METRIC_NAME = 'SuccessfulRequest';

/** Why a listed metric is not one of ours. */
export type IgnoredMetric = 'unknownShape' | 'notAKeyArn';

/**
 * The metric behind a list entry. CloudWatch's dimension filter also returns metrics with more dimensions, so the
 * two shapes are told apart by their exact set of names. Operations are kept as spelled, listed by AWS or not.
 */
export function metricOf(listed: ListedMetric): Metric | IgnoredMetric {
  const dimensions = new Map((listed.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
  const operation = dimensions.get('Operation');
  if (!operation) return 'unknownShape';
  if (dimensions.size === 2 && dimensions.has('KeyArn')) {
    const keyArn = parseKeyArn(dimensions.get('KeyArn') ?? '');
    return keyArn ? { kind: 'key', keyArn, operation } : 'notAKeyArn';
  }
  const isPair = dimensions.has('SourceKeyArn') && dimensions.has('DestinationKeyArn');
  if (dimensions.size !== 3 || !isPair || operation !== 'ReEncrypt') return 'unknownShape';
  const source = parseKeyArn(dimensions.get('SourceKeyArn') ?? '');
  const destination = parseKeyArn(dimensions.get('DestinationKeyArn') ?? '');
  return source && destination ? { kind: 'reEncrypt', source, destination } : 'notAKeyArn';
}

/** The dimensions that name a metric. */
export function dimensionsOf(metric: Metric): Dimension[] {
  switch (metric.kind) {
    case 'key':
      return dimensions({ KeyArn: metric.keyArn, Operation: metric.operation });
    case 'reEncrypt':
      return dimensions({
        SourceKeyArn: metric.source,
        DestinationKeyArn: metric.destination,
        Operation: 'ReEncrypt',
      });
    case 'callCount':
      return dimensions({ Type: 'API', Service: 'KMS', Class: 'None', Resource: metric.resource });
    default:
      return metric satisfies never;
  }
}

const dimensions = (byName: Readonly<Record<string, string>>): Dimension[] =>
  Object.entries(byName).map(([Name, Value]) => ({ Name, Value }));

/** The metric as CloudWatch names it. */
export const identityOf = (metric: Metric) =>
  metric.kind === 'callCount'
    ? { Namespace: 'AWS/Usage', MetricName: 'CallCount', Dimensions: dimensionsOf(metric) }
    : { Namespace: NAMESPACE, MetricName: METRIC_NAME, Dimensions: dimensionsOf(metric) };

/** The query of a metric. Without `Unit`: a wrong one returns nothing, and which one KMS uses is not documented. */
export const queryOf = (metric: Metric, id: string, periodSeconds = BIN_SECONDS): MetricDataQuery => ({
  Id: id,
  MetricStat: { Metric: identityOf(metric), Period: periodSeconds, Stat: 'Sum' },
  ...(metric.account === undefined ? {} : { AccountId: metric.account }),
});
