import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Metric, metricName } from '../../shared/domain/usage/metric.ts';
import {
  MAX_DATAPOINTS,
  MAX_QUERIES,
  type MetricWindow,
  planBatches,
} from '../../shared/domain/usage/query-plan.ts';
import { aKeyArn } from '../support/keys.ts';

const aMetric = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });

/** Windows of distinct metrics: mostly the newest hour or two, some of a silent key's day, a few of weeks. */
const someWindows = fc
  .array(
    fc.record({
      endBin: fc.integer({ min: 5_900_000, max: 5_900_020 }),
      bins: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }) },
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 320 }) },
        { weight: 1, arbitrary: fc.integer({ min: -3, max: 230_000 }) },
      ),
    }),
    { maxLength: 1200 },
  )
  .map((sizes) =>
    sizes.map(
      ({ endBin, bins }, n): MetricWindow => ({ metric: aMetric(n), startBin: endBin - bins, endBin }),
    ),
  );

describe('a plan of requests', () => {
  it('stays within both limits of a request', () => {
    fc.assert(
      fc.property(someWindows, (windows) => {
        for (const { metrics, startBin, endBin } of planBatches(windows)) {
          expect(metrics.length).toBeGreaterThan(0);
          expect(metrics.length).toBeLessThanOrEqual(MAX_QUERIES);
          expect(metrics.length * (endBin - startBin)).toBeLessThanOrEqual(MAX_DATAPOINTS);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('asks for every bin that is wanted, and once for each metric unless it is cut in time', () => {
    fc.assert(
      fc.property(someWindows, (windows) => {
        const asked = new Map<string, { startBin: number; endBin: number }[]>();
        for (const { metrics, startBin, endBin } of planBatches(windows)) {
          for (const metric of metrics) {
            const name = metricName(metric);
            asked.set(name, [...(asked.get(name) ?? []), { startBin, endBin }]);
          }
        }
        for (const { metric, startBin, endBin } of windows) {
          const pieces = (asked.get(metricName(metric)) ?? []).toSorted((a, b) => a.startBin - b.startBin);
          expect(pieces).toHaveLength(Math.max(0, Math.ceil((endBin - startBin) / MAX_DATAPOINTS)));
          let covered = startBin;
          for (const piece of pieces) {
            expect(piece.startBin).toBeLessThanOrEqual(covered);
            covered = piece.endBin;
          }
          if (pieces.length > 0) expect(covered).toBeGreaterThanOrEqual(endBin);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('needs no more requests than windows, and few for windows that are alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 400 }), (count, bins) => {
        const windows = Array.from({ length: count }, (_, n) => ({
          metric: aMetric(n),
          startBin: 0,
          endBin: bins,
        }));

        const batches = planBatches(windows);

        const perBatch = Math.min(MAX_QUERIES, Math.floor(MAX_DATAPOINTS / bins));
        expect(batches).toHaveLength(Math.ceil(count / perBatch));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps short windows out of the long window of a silent key', () => {
    const short = Array.from({ length: 300 }, (_, n) => ({
      metric: aMetric(n),
      startBin: 1000,
      endBin: 1012,
    }));
    const long = Array.from({ length: 300 }, (_, n) => ({
      metric: aMetric(n + 300),
      startBin: 700,
      endBin: 1012,
    }));

    const batches = planBatches([...long, ...short]);

    expect(batches.map(({ metrics, startBin }) => [metrics.length, startBin])).toEqual([
      [300, 1000],
      [300, 700],
    ]);
  });

  it('reads at most twice what is wanted, small requests apart', () => {
    fc.assert(
      fc.property(someWindows, (windows) => {
        const bins = new Map(
          windows.map(({ metric, startBin, endBin }) => [metricName(metric), endBin - startBin]),
        );
        for (const { metrics, startBin, endBin } of planBatches(windows)) {
          const wanted = metrics.reduce((sum, metric) => sum + (bins.get(metricName(metric)) ?? 0), 0);
          expect(metrics.length * (endBin - startBin)).toBeLessThanOrEqual(Math.max(2 * wanted, 5000));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves the windows it was given alone', () => {
    const windows = [5, 3, 9].map((startBin, n) => ({ metric: aMetric(n), startBin, endBin: 12 }));
    const before = structuredClone(windows);

    planBatches(windows);

    expect(windows).toEqual(before);
  });

  it('plans a hundred thousand series in well under a second', () => {
    const windows = Array.from({ length: 100_000 }, (_, n) => ({
      metric: aMetric(n),
      startBin: n % 300,
      endBin: 312,
    }));
    const startedAt = performance.now();

    planBatches(windows);

    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
