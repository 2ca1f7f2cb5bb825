import { describe, expect, it } from 'vitest';
import {
  RegionalMetricDirectory,
  RegionalMetricSource,
  RegionalUsageQuery,
} from '../../../shared/adapters/routing/regional-metrics.ts';
import type {
  MetricDirectory,
  MetricOutcome,
  MetricSource,
  QueryOutcome,
  UsageQuery,
} from '../../../shared/app/ports.ts';
import type { QuotaGroup } from '../../../shared/domain/assess/quota.ts';
import type { Metric } from '../../../shared/domain/usage/metric.ts';
import type { MetricBatch } from '../../../shared/domain/usage/query-plan.ts';
import { aKeyArn } from '../../support/keys.ts';

const HOME = 'eu-central-1';
const AWAY = 'us-east-1';
const LAKE = '222233334444';
const SHOP = '333344445555';

const keyMetric = (n: number, region: string, account?: string): Metric => ({
  kind: 'key',
  keyArn: aKeyArn(n, account, region),
  operation: 'Decrypt',
  ...(account === undefined ? {} : { account }),
});

/** Answers each metric with `valueOf`, and remembers what it was asked for. */
class AskedSource implements MetricSource {
  readonly batches: MetricBatch[] = [];
  readonly #outcomeOf: (metric: Metric) => MetricOutcome;

  constructor(outcomeOf: (metric: Metric) => MetricOutcome) {
    this.#outcomeOf = outcomeOf;
  }

  get metricsRequested(): number {
    return this.batches.reduce((sum, { metrics }) => sum + metrics.length, 0);
  }

  fetch(batch: MetricBatch): Promise<readonly MetricOutcome[]> {
    this.batches.push(batch);
    return Promise.resolve(batch.metrics.map(this.#outcomeOf));
  }
}

const value = (of: number): MetricOutcome => ({
  kind: 'values',
  values: { startBin: 10, values: Float64Array.of(of) },
});

const refused: MetricOutcome = { kind: 'fault', fault: 'forbidden', detail: 'not linked any more' };

describe('the metrics of several Regions and accounts', () => {
  const metrics: readonly Metric[] = [
    keyMetric(1, AWAY, LAKE),
    keyMetric(2, HOME),
    keyMetric(3, HOME, LAKE),
    keyMetric(4, AWAY, LAKE),
    keyMetric(5, HOME, SHOP),
    { kind: 'callCount', resource: 'CryptographicOperationsSymmetric' },
  ];
  const numberOf = (metric: Metric): number => metrics.indexOf(metric) + 1;
  const batch: MetricBatch = { metrics, startBin: 10, endBin: 11, periodSeconds: 3600 };

  const sourcesOf = (outcomeOf: (metric: Metric) => MetricOutcome = (metric) => value(numberOf(metric))) => {
    const home = new AskedSource(outcomeOf);
    const away = new AskedSource(outcomeOf);
    const sources = new Map([
      [HOME, home],
      [AWAY, away],
    ]);
    return { home, away, source: new RegionalMetricSource(sources, HOME) };
  };

  it('are asked for in one request for each Region and account, and answered in the order of the batch', async () => {
    const { home, away, source } = sourcesOf();

    const outcomes = await source.fetch(batch);

    const numbers = ({ batches }: AskedSource) => batches.map((part) => part.metrics.map(numberOf)).sort();
    expect(numbers(home)).toEqual([[2, 6], [3], [5]]);
    expect(numbers(away)).toEqual([[1, 4]]);
    expect(outcomes).toEqual([1, 2, 3, 4, 5, 6].map(value));
    expect(source.metricsRequested).toBe(6);
  });

  it('are asked for over the time of the batch', async () => {
    const { home, away, source } = sourcesOf();

    await source.fetch(batch);

    for (const { metrics: _, ...span } of [...home.batches, ...away.batches])
      expect(span).toEqual({ startBin: 10, endBin: 11, periodSeconds: 3600 });
  });

  it('of an account that fails cost the others nothing', async () => {
    const { source } = sourcesOf((metric) => (metric.account === LAKE ? refused : value(numberOf(metric))));

    const outcomes = await source.fetch(batch);

    expect(outcomes).toEqual([refused, value(2), refused, refused, value(5), value(6)]);
  });

  it('of a Region that is no longer watched are faults that say so', async () => {
    const { source, home } = sourcesOf();
    const gone = keyMetric(7, 'ap-south-1');

    const outcomes = await source.fetch({ ...batch, metrics: [gone, keyMetric(2, HOME)] });

    expect(outcomes[0]).toMatchObject({ kind: 'fault', fault: 'forbidden' });
    expect(outcomes[0]).toHaveProperty('detail', expect.stringContaining('ap-south-1'));
    expect(outcomes[1]).toMatchObject({ kind: 'values' });
    expect(home.batches).toHaveLength(1);
  });
});

describe('the list of metrics of several Regions', () => {
  const listing = (...listed: Metric[]): MetricDirectory => ({ listMetrics: () => Promise.resolve(listed) });
  const failing: MetricDirectory = { listMetrics: () => Promise.reject(new Error('not opted in')) };
  const [here, there] = [keyMetric(1, HOME), keyMetric(2, AWAY)];

  it('is one list', async () => {
    const directory = new RegionalMetricDirectory(
      new Map([
        [HOME, listing(here)],
        [AWAY, listing(there)],
      ]),
    );

    expect(await directory.listMetrics('all')).toEqual([here, there]);
  });

  it('goes on without a Region that fails, which is told', async () => {
    const told: unknown[] = [];
    const directory = new RegionalMetricDirectory(
      new Map([
        [HOME, listing(here)],
        [AWAY, failing],
      ]),
    );

    const listed = await directory.listMetrics('all', (target, error) => told.push(target, error));

    expect(listed).toEqual([here]);
    expect(told).toEqual([{ region: AWAY }, new Error('not opted in')]);
  });

  it('fails where all fail, and where nobody would hear of the one that did', async () => {
    const partly = new Map([
      [HOME, listing(here)],
      [AWAY, failing],
    ]);

    const all = new RegionalMetricDirectory(new Map([[HOME, failing]]));

    await expect(all.listMetrics('all', () => {})).rejects.toThrow(/not opted in/);
    await expect(new RegionalMetricDirectory(partly).listMetrics('all')).rejects.toThrow(/not opted in/);
  });
});

describe('questions to several Regions', () => {
  const asking = (calls: QueryOutcome<ReadonlyMap<QuotaGroup, number>>): UsageQuery => ({
    metricsRequested: 2,
    requestsByMetric: () => Promise.resolve({ kind: 'answered', answer: [] }),
    quotaCalls: () => Promise.resolve(calls),
  });
  const counted = (calls: number) =>
    asking({ kind: 'answered', answer: new Map([['symmetric', calls] as const]) });

  it('are answered by the sum', async () => {
    const query = new RegionalUsageQuery(
      new Map([
        [HOME, counted(3)],
        [AWAY, counted(4)],
      ]),
    );

    const outcome = await query.quotaCalls({ from: 0, to: 300, periodSeconds: 300 });

    expect(outcome).toEqual({ kind: 'answered', answer: new Map([['symmetric', 7]]) });
    expect(query.metricsRequested).toBe(4);
  });

  it('are refused where one Region refuses, by its name', async () => {
    const query = new RegionalUsageQuery(
      new Map([
        [HOME, counted(3)],
        [AWAY, asking({ kind: 'refused', reason: 'too many keys' })],
      ]),
    );

    expect(await query.quotaCalls({ from: 0, to: 300, periodSeconds: 300 })).toEqual({
      kind: 'refused',
      reason: `${AWAY}: too many keys`,
    });
  });
});
