import { type Metric, type MetricIdentity, metricKey } from './metric.ts';
import { type SampleMetric, sampleMetric } from './sample-metric.ts';
import type { World } from './world.ts';
import { worldMetrics } from './world-metrics.ts';

/**
 * All metrics of an account: those of its simulated KMS, and what was put. Every Region has its own. What is put to
 * a metric of the simulation takes the place of it.
 */
export interface MetricStore {
  all(region: string): readonly Metric[];
  find(region: string, identity: MetricIdentity): Metric | undefined;
  /** The metric that takes samples, made when it is new. */
  sampled(region: string, identity: MetricIdentity): SampleMetric;
}

/** The metrics of a world. */
export function createMetricStore(world: World): MetricStore {
  const put = new Map<string, Map<string, SampleMetric>>();
  const ofWorld = worldMetrics(world);
  const putIn = (region: string) => put.get(region) ?? new Map<string, SampleMetric>();

  return {
    all(region) {
      const simulated = region === world.region ? ofWorld.all() : [];
      const ofRegion = putIn(region);
      if (ofRegion.size === 0) return simulated;
      return [
        ...simulated.filter(({ identity }) => !ofRegion.has(metricKey(identity))),
        ...ofRegion.values(),
      ];
    },

    find(region, identity) {
      const key = metricKey(identity);
      const simulated = region === world.region ? ofWorld.find(key) : undefined;
      return putIn(region).get(key) ?? simulated;
    },

    sampled(region, identity) {
      const metrics = putIn(region);
      put.set(region, metrics);
      const key = metricKey(identity);
      const metric = metrics.get(key) ?? sampleMetric(identity, () => world.switches);
      metrics.set(key, metric);
      return metric;
    },
  };
}
