import type { LocalClock } from './clock.ts';
import type { FaultSource } from './faults.ts';
import { getMetricData } from './get-metric-data.ts';
import { listMetrics } from './list-metrics.ts';
import type { MetricIdentity } from './metric.ts';
import { createMetricStore } from './metric-store.ts';
import { parsePutMetricData } from './put-metric-data.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

/** The embedded CloudWatch, for tests and the demo to reach into. */
export interface LocalCloudWatch {
  /** Adds one sample to a metric, of any namespace and at any time. */
  put(identity: MetricIdentity, epochSeconds: number, value: number, unit?: string): void;
  /** PutMetricData takes AWS's own namespaces and data of any age, which CloudWatch refuses. @default false */
  acceptAll: boolean;
}

/** CloudWatch of a world, and of those whose metrics are shared with it: ListMetrics, GetMetricData and PutMetricData. */
export function createCloudWatch(
  world: World,
  clock: LocalClock,
  faults: FaultSource,
  linkedWorlds: readonly World[] = [],
): { service: Service; cloudwatch: LocalCloudWatch } {
  const metrics = createMetricStore(world);
  const linked = linkedWorlds.map((other) => ({
    accountId: other.accountId,
    metrics: createMetricStore(other),
  }));
  const cloudwatch: LocalCloudWatch = {
    acceptAll: false,
    put(identity, epochSeconds, value, unit = 'None') {
      const samples = { sum: value, sampleCount: 1, minimum: value, maximum: value };
      metrics.sampled(world.region, identity).add(epochSeconds, samples, unit);
    },
  };
  const service: Service = {
    name: 'cloudwatch',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    actions: {
      ListMetrics: (input, { region }) =>
        listMetrics(input, {
          metrics,
          accountId: world.accountId,
          linked,
          region,
          now: clock.now(),
          switches: world.switches,
        }),
      GetMetricData: (input, { region }) =>
        getMetricData(input, {
          metrics,
          accountId: world.accountId,
          linked,
          region,
          now: clock.now(),
          seriesFault: (identity) => faults.nextForSeries(identity),
        }),
      PutMetricData(input, { region }) {
        for (const { identity, epochSeconds, samples, unit } of parsePutMetricData(
          input,
          clock.now(),
          cloudwatch.acceptAll,
        )) {
          metrics.sampled(region, identity).add(epochSeconds, samples, unit);
        }
        return undefined;
      },
    },
  };
  return { service, cloudwatch };
}
