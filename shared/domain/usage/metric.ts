import {
  type KeyArn,
  keyArnParts,
  type Operation,
  REENCRYPT_DESTINATION,
  REENCRYPT_SOURCE,
  type SeriesId,
  seriesName,
  type Target,
  targetName,
} from './key.ts';

/**
 * One CloudWatch metric: `AWS/KMS SuccessfulRequest` in either of its dimension shapes (ReEncrypt involves two keys and
 * has a shape of its own, https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html), or
 * `AWS/Usage CallCount` of a request quota
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html).
 */
export type Metric = (
  | { readonly kind: 'key'; readonly keyArn: KeyArn; readonly operation: Operation }
  | { readonly kind: 'reEncrypt'; readonly source: KeyArn; readonly destination: KeyArn }
  /** @default the Region that the detector runs in */
  | { readonly kind: 'callCount'; readonly resource: string; readonly region?: string }
) & {
  /** The linked account that CloudWatch lists the metric under. @default the account that asks */
  readonly account?: string;
};

/** The Region that counts a metric: a key is used in its own Region. Undefined: the detector's own. */
export const metricRegion = (metric: Metric): string | undefined =>
  metric.kind === 'callCount'
    ? metric.region
    : keyArnParts(metric.kind === 'key' ? metric.keyArn : metric.source).region;

/** A text that is unique per metric, to index by. */
export function metricName(metric: Metric): string {
  const name = ownName(metric);
  return metric.account === undefined ? name : `${name} ${metric.account}`;
}

function ownName(metric: Metric): string {
  switch (metric.kind) {
    case 'key':
      return seriesName(metric);
    case 'reEncrypt':
      return `${metric.source} ${metric.destination} ReEncrypt`;
    case 'callCount':
      return ['CallCount', metric.resource, ...(metric.region === undefined ? [] : [metric.region])].join(
        ' ',
      );
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

/**
 * The account and Region whose quotas each key counts against: where CloudWatch lists its use. A key that is listed in
 * several accounts counts in the detector's own, else in the first by number, so that it is in one place in every run.
 */
export function targetsByKey(series: Iterable<SeriesSource>): Map<KeyArn, Target> {
  const targets = new Map<KeyArn, Target>();
  for (const { id, metrics } of series) {
    const { region } = keyArnParts(id.keyArn);
    for (const { account } of metrics) {
      const target = account === undefined ? { region } : { region, account };
      const known = targets.get(id.keyArn);
      if (!known || rank(target) < rank(known)) targets.set(id.keyArn, target);
    }
  }
  return targets;
}

const rank = ({ account = '' }: Target): string => account;

/** Each target once. */
export const distinctTargets = (targets: Iterable<Target>): Target[] => [
  ...new Map([...targets].map((target) => [targetName(target), target])).values(),
];
