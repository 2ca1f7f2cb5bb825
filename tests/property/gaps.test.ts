import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillGaps, type MetricValues } from '../../shared/domain/usage/gaps.ts';
import { endBin, isUnknown, requestsAt, UNKNOWN } from '../../shared/domain/usage/series.ts';

const START = 5_900_000;

const aWindow = fc
  .record({ offset: fc.integer({ min: -5, max: 5 }), length: fc.integer({ min: 0, max: 40 }) })
  .map(({ offset, length }) => ({ startBin: START + offset, endBin: START + offset + length }));

const someValues: fc.Arbitrary<MetricValues> = fc
  .record({
    offset: fc.integer({ min: -10, max: 10 }),
    values: fc.array(fc.oneof(fc.nat(1e9), fc.constant(UNKNOWN)), { maxLength: 50 }),
  })
  .map(({ offset, values }) => ({ startBin: START + offset, values: Float64Array.from(values) }));

const aBirth = fc.option(fc.integer({ min: START - 20, max: START + 50 }), { nil: undefined });

const bins = (window: { startBin: number; endBin: number }) =>
  Array.from({ length: Math.max(0, window.endBin - window.startBin) }, (_, i) => window.startBin + i);

/** The datapoints that metrics have in a bin. */
const datapointsIn = (metrics: readonly MetricValues[], bin: number) =>
  metrics
    .map(({ startBin, values }) => values[bin - startBin] ?? UNKNOWN)
    .filter((value) => !isUnknown(value));

describe('a series without gaps', () => {
  it('is, bin by bin, the sum of the datapoints from its birth on', () => {
    fc.assert(
      fc.property(
        fc.array(someValues, { minLength: 1, maxLength: 4 }),
        aWindow,
        aBirth,
        (metrics, window, born) => {
          const series = fillGaps(metrics, window, born);

          const withData = bins(window).filter((bin) => datapointsIn(metrics, bin).length > 0);
          const birth = Math.min(born ?? Number.POSITIVE_INFINITY, ...withData);
          for (const bin of bins(window)) {
            const sum = datapointsIn(metrics, bin).reduce((total, value) => total + value, 0);
            expect(requestsAt(series, bin)).toBe(bin < birth ? UNKNOWN : sum);
          }
        },
      ),
    );
  });

  it('ends where its window ends', () => {
    fc.assert(
      fc.property(fc.array(someValues, { maxLength: 4 }), aWindow, aBirth, (metrics, window, born) => {
        const series = fillGaps(metrics, window, born);

        expect(series.startBin).toBeGreaterThanOrEqual(window.startBin);
        expect(endBin(series)).toBe(Math.max(window.startBin, window.endBin));
      }),
    );
  });

  it('is unknown throughout when one of its metrics could not be read', () => {
    fc.assert(
      fc.property(
        fc.array(someValues, { maxLength: 3 }),
        aWindow,
        aBirth,
        fc.nat(3),
        (metrics, window, born, at) => {
          const series = fillGaps(metrics.toSpliced(at, 0, undefined as never), window, born);

          expect(series.startBin).toBe(window.startBin);
          expect(series.requests).toHaveLength(window.endBin - window.startBin);
          expect(series.requests.every(isUnknown)).toBe(true);
        },
      ),
    );
  });

  it('does not depend on the order of its metrics', () => {
    fc.assert(
      fc.property(
        fc.array(someValues, { minLength: 1, maxLength: 4 }),
        aWindow,
        aBirth,
        (metrics, window, born) => {
          expect(fillGaps(metrics.toReversed(), window, born)).toEqual(fillGaps(metrics, window, born));
        },
      ),
    );
  });

  it('is the same whether a metric came in one piece or in two', () => {
    fc.assert(
      fc.property(someValues, aWindow, aBirth, fc.nat(50), (metric, window, born, at) => {
        const head = { startBin: metric.startBin, values: metric.values.subarray(0, at) };
        const tail = { startBin: metric.startBin + head.values.length, values: metric.values.subarray(at) };

        expect(fillGaps([head, tail], window, born)).toEqual(fillGaps([metric], window, born));
      }),
    );
  });

  it('has no zeros before its first datapoint unless it is known to be older', () => {
    const metric = { startBin: START, values: Float64Array.of(UNKNOWN, UNKNOWN, 7, UNKNOWN) };
    const window = { startBin: START, endBin: START + 4 };

    expect(fillGaps([metric], window, undefined)).toEqual({
      startBin: START + 2,
      requests: Float64Array.of(7, 0),
    });
    expect(fillGaps([metric], window, START)).toEqual({
      startBin: START,
      requests: Float64Array.of(0, 0, 7, 0),
    });
  });

  it('is empty when nothing was ever seen, and zero when it is known and silent', () => {
    const silent = { startBin: START, values: new Float64Array(3).fill(UNKNOWN) };
    const window = { startBin: START, endBin: START + 3 };

    expect(fillGaps([silent], window, undefined).requests).toHaveLength(0);
    expect(fillGaps([silent], window, START).requests).toEqual(Float64Array.of(0, 0, 0));
  });
});
