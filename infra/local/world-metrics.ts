import { type Counter, counterMetric } from './counter-metric.ts';
import { type Metric, type MetricIdentity, metricKey } from './metric.ts';
import type { KeySpec, World, WorldSeries } from './world.ts';

/** The CloudWatch metrics that a world's use of KMS makes. */
export interface WorldMetrics {
  all(): readonly Metric[];
  find(key: string): Metric | undefined;
}

interface OwnedMetric {
  readonly metric: Metric;
  readonly isVisible: () => boolean;
}

/**
 * Per key `AWS/KMS SuccessfulRequest`
 * (https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html#key-level-api-usage-metric)
 * and per quota `AWS/Usage CallCount`
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html).
 */
export function worldMetrics(world: World): WorldMetrics {
  let builtFor = -1;
  let byKey = new Map<string, OwnedMetric>();

  const build = (): Map<string, OwnedMetric> => {
    if (builtFor === world.series.length) return byKey;
    builtFor = world.series.length;
    const owned = [...world.series.map((series) => keyMetric(world, series)), ...usageMetrics(world)];
    byKey = new Map(owned.map((one) => [metricKey(one.metric.identity), one]));
    return byKey;
  };

  return {
    all: () => [...build().values()].filter(({ isVisible }) => isVisible()).map(({ metric }) => metric),
    find(key) {
      const owned = build().get(key);
      return owned?.isVisible() ? owned.metric : undefined;
    },
  };
}

function keyMetric(world: World, series: WorldSeries): OwnedMetric {
  const identity = { namespace: 'AWS/KMS', metricName: 'SuccessfulRequest', dimensions: series.dimensions };
  const metric = counterMetric(
    identity,
    series.counter,
    () => world.switches,
    () => world.switches.unit,
  );
  const countedIn = () =>
    world.switches.metricAccount === 'caller' ? series.callerAccountId : series.ownerAccountId;
  return { metric, isVisible: () => countedIn() === world.accountId };
}

/** The request quota that operations with a key count against. */
function quotaOf(keySpec: KeySpec): string {
  if (keySpec.startsWith('RSA')) return 'CryptographicOperationsRsa';
  return keySpec.startsWith('ECC') ? 'CryptographicOperationsEcc' : 'CryptographicOperationsSymmetric';
}

/** Calls are counted, like quotas, in the account that makes them. */
function usageMetrics(world: World): OwnedMetric[] {
  const byQuota = new Map<string, WorldSeries[]>();
  for (const series of world.series) {
    if (series.callerAccountId !== world.accountId) continue;
    const quota = quotaOf(series.keySpec);
    byQuota.set(quota, [...(byQuota.get(quota) ?? []), series]);
  }
  return [...byQuota].map(([quota, series]) => ({
    metric: counterMetric(
      usageIdentity(quota),
      sumOf(series.map(({ counter }) => counter)),
      () => world.switches,
      () => 'None',
    ),
    isVisible: () => true,
  }));
}

function usageIdentity(resource: string): MetricIdentity {
  const dimensions = Object.entries({ Type: 'API', Service: 'KMS', Class: 'None', Resource: resource });
  return {
    namespace: 'AWS/Usage',
    metricName: 'CallCount',
    dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
  };
}

function sumOf(counters: readonly Counter[]): Counter {
  return {
    seed: counters[0]?.seed ?? 0,
    firstBin: counters.reduce((first, counter) => Math.min(first, counter.firstBin), Infinity),
    requests(bin) {
      let sum = Number.NaN;
      for (const counter of counters) {
        const requests = counter.requests(bin);
        if (requests >= 0) sum = Number.isNaN(sum) ? requests : sum + requests;
      }
      return sum;
    },
  };
}
