import { type Metric, metricName } from '../../domain/usage/metric.ts';
import { SHARDS, shardOf } from '../../domain/usage/shard.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from '../detect-request.ts';
import { discover } from '../discover.ts';
import { loadKnown } from '../load.ts';
import type { ShardStore } from '../ports.ts';
import { saveFacts } from '../save-facts.ts';
import { NO_BASELINES, NO_LEASE_NEEDED } from './shard-ports.ts';

/** What was listed for the shards. */
export interface ListReport {
  readonly shards: number;
  readonly metrics: number;
  readonly stale: readonly string[];
}

/**
 * First step of a divided check: what CloudWatch lists, and the names of the keys, are asked for once and handed to the
 * shards, because ListMetrics answers 25 requests a second for the whole account.
 */
export async function listShards(
  ports: DetectPorts,
  shards: ShardStore,
  settings: Pick<DetectSettings, 'origin' | 'watched'>,
  request: DetectRequest,
): Promise<ListReport> {
  const own = { ...ports, baselines: NO_BASELINES };
  const known = await loadKnown(own, request);
  const found = await discover(own, known, request, settings);
  await saveFacts(own, known, found, NO_LEASE_NEEDED, request);
  const metrics = new Map(found.series.flatMap((one) => one.metrics).map((one) => [metricName(one), one]));
  const listed = Array.from({ length: SHARDS }, (): Metric[] => []);
  for (const metric of metrics.values()) for (const shard of shardsOf(metric)) listed[shard]?.push(metric);
  await Promise.all(
    listed.map((own, shard) => shards.saveListing(shard, { at: request.asOf, metrics: own })),
  );
  return { shards: SHARDS, metrics: metrics.size, stale: found.stale };
}

function shardsOf(metric: Metric): Set<number> {
  switch (metric.kind) {
    case 'key':
      return new Set([shardOf(metric.keyArn)]);
    case 'reEncrypt':
      return new Set([shardOf(metric.source), shardOf(metric.destination)]);
    case 'callCount':
      return new Set();
    default:
      return metric satisfies never;
  }
}
