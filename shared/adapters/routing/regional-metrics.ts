import type {
  CallWindow,
  MetricDirectory,
  MetricOutcome,
  MetricSource,
  MetricUse,
  QueryOutcome,
  TargetFault,
  UsageQuery,
} from '../../app/ports.ts';
import type { QuotaGroup } from '../../domain/assess/quota.ts';
import { type Metric, metricRegion } from '../../domain/usage/metric.ts';
import type { MetricBatch } from '../../domain/usage/query-plan.ts';
import type { Bin } from '../../domain/usage/time.ts';
import { askEach } from './each-region.ts';

/** One of something for each Region that is watched. */
export type ByRegion<T> = ReadonlyMap<string, T>;

const sumOf = (sources: ByRegion<{ readonly metricsRequested: number }>): number =>
  [...sources.values()].reduce((sum, { metricsRequested }) => sum + metricsRequested, 0);

/** The metrics of all Regions as one list. */
export class RegionalMetricDirectory implements MetricDirectory {
  readonly #directories: ByRegion<MetricDirectory>;

  constructor(directories: ByRegion<MetricDirectory>) {
    this.#directories = directories;
  }

  async listMetrics(span: 'recentlyActive' | 'all', onFault?: TargetFault): Promise<Metric[]> {
    const targets = [...this.#directories.keys()].map((region) => ({ region }));
    const list = ({ region }: { readonly region: string }) =>
      this.#directories.get(region)?.listMetrics(span, onFault) ?? Promise.resolve([]);
    return (await askEach(targets, list, onFault)).flat();
  }
}

/**
 * Reads each metric in the Region that counts it. A batch becomes one request for each Region and account, so that an
 * account that is no longer linked costs nobody else's metrics.
 */
export class RegionalMetricSource implements MetricSource {
  readonly #sources: ByRegion<MetricSource>;
  readonly #home: string;

  constructor(sources: ByRegion<MetricSource>, home: string) {
    this.#sources = sources;
    this.#home = home;
  }

  get metricsRequested(): number {
    return sumOf(this.#sources);
  }

  async fetch(batch: MetricBatch): Promise<readonly MetricOutcome[]> {
    const parts = this.#partsOf(batch.metrics);
    const outcomes = new Map<number, MetricOutcome>();
    await Promise.all(
      parts.map(async ({ region, positions, metrics }) => {
        const answers = await this.#sources.get(region)?.fetch({ ...batch, metrics });
        for (const [i, position] of positions.entries())
          outcomes.set(position, answers?.[i] ?? notWatched(region));
      }),
    );
    return batch.metrics.map(
      (metric, i) => outcomes.get(i) ?? notWatched(metricRegion(metric) ?? this.#home),
    );
  }

  #partsOf(metrics: readonly Metric[]): readonly Part[] {
    const parts = new Map<string, Part>();
    for (const [position, metric] of metrics.entries()) {
      const region = metricRegion(metric) ?? this.#home;
      const name = `${metric.account ?? ''} ${region}`;
      const part = parts.get(name) ?? { region, positions: [], metrics: [] };
      part.positions.push(position);
      part.metrics.push(metric);
      parts.set(name, part);
    }
    return [...parts.values()];
  }
}

/** The metrics of a batch that one Region counts in one account, and where they stand in it. */
interface Part {
  readonly region: string;
  readonly positions: number[];
  readonly metrics: Metric[];
}

/** Of a key that was watched until its Region was taken off the list. */
const notWatched = (region: string): MetricOutcome => ({
  kind: 'fault',
  fault: 'forbidden',
  detail: `${region} is not among the Regions that are watched`,
});

/** Questions to all Regions at once; refused if one of them refuses. */
export class RegionalUsageQuery implements UsageQuery {
  readonly #queries: ByRegion<UsageQuery>;

  constructor(queries: ByRegion<UsageQuery>) {
    this.#queries = queries;
  }

  get metricsRequested(): number {
    return sumOf(this.#queries);
  }

  async requestsByMetric(startBin: Bin, endBin: Bin): Promise<QueryOutcome<readonly MetricUse[]>> {
    const uses: MetricUse[] = [];
    for (const [region, outcome] of await this.#ask((query) => query.requestsByMetric(startBin, endBin))) {
      if (outcome.kind === 'refused') return { kind: 'refused', reason: `${region}: ${outcome.reason}` };
      uses.push(...outcome.answer);
    }
    return { kind: 'answered', answer: uses };
  }

  async quotaCalls(window: CallWindow): Promise<QueryOutcome<ReadonlyMap<QuotaGroup, number>>> {
    const calls = new Map<QuotaGroup, number>();
    for (const [region, outcome] of await this.#ask((query) => query.quotaCalls(window))) {
      if (outcome.kind === 'refused') return { kind: 'refused', reason: `${region}: ${outcome.reason}` };
      for (const [group, count] of outcome.answer) calls.set(group, (calls.get(group) ?? 0) + count);
    }
    return { kind: 'answered', answer: calls };
  }

  #ask<T>(ask: (query: UsageQuery) => Promise<T>): Promise<(readonly [string, T])[]> {
    return Promise.all(
      [...this.#queries].map(async ([region, query]) => [region, await ask(query)] as const),
    );
  }
}
