import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricFault, MetricOutcome, MetricSource } from '../../shared/app/ports.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { UNKNOWN } from '../../shared/domain/usage/series.ts';
import type { Bin } from '../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

/** A metric source and the CloudWatch behind it, whose clock stands at the end of `NIGHT_BIN` and half an hour. */
export interface OpenedMetricSource extends Opened<MetricSource> {
  /** Gives a metric datapoints from a bin on; NaN leaves a gap. */
  record(metric: Metric, startBin: Bin, values: readonly number[]): Promise<void>;
  /** Lets a metric fail from now on, where the service can do that. */
  readonly fail?: (metric: Metric, fault: MetricFault) => void;
  /** Whether weeks of many metrics can be read in reasonable time. */
  readonly isFast: boolean;
}

const DECRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const ENCRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Encrypt' };
const PAIR: Metric = { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2) };
const REVERSE: Metric = { kind: 'reEncrypt', source: aKeyArn(2), destination: aKeyArn(1) };

const START = NIGHT_BIN - 11;
const END = NIGHT_BIN + 1;

/** What every metric source does. */
export function describeMetricSource(name: string, open: () => Promise<OpenedMetricSource>): void {
  describe(`${name} as a metric source`, () => {
    let opened: OpenedMetricSource;
    let source: MetricSource;
    beforeEach(async () => {
      opened = await open();
      source = opened.store;
    });
    afterEach(() => opened.close());

    const fetch = (metrics: readonly Metric[], startBin = START, endBin = END) =>
      source.fetch({ metrics, startBin, endBin });

    it('puts each value into its bin and leaves the others unknown', async () => {
      await opened.record(DECRYPT, START + 2, [120, UNKNOWN, 0, 7.5]);

      expect(await fetch([DECRYPT])).toEqual([values(START, [U, U, 120, U, 0, 7.5, U, U, U, U, U, U])]);
    });

    it('reads from the first bin to before the last', async () => {
      await opened.record(DECRYPT, START, [1, 2, 3, 4, 5, 6]);

      expect(await fetch([DECRYPT], START + 1, START + 4)).toEqual([values(START + 1, [2, 3, 4])]);
    });

    it('sums whole hours where the batch counts hours', async () => {
      const hour = Math.floor(START / 12) - 1;
      await opened.record(DECRYPT, hour * 12 - 1, [100, 1, 2, U, 4, ...Array<number>(8).fill(U), 8, 16]);

      expect(
        await source.fetch({ metrics: [DECRYPT], startBin: hour - 2, endBin: hour + 2, periodSeconds: 3600 }),
      ).toEqual([values(hour - 2, [U, 100, 7, 24])]);
    });

    it('answers for each metric in the order asked', async () => {
      await opened.record(ENCRYPT, START, [5]);
      await opened.record(DECRYPT, START, [6]);

      expect(await fetch([DECRYPT, ENCRYPT, DECRYPT], START, START + 1)).toEqual([
        values(START, [6]),
        values(START, [5]),
        values(START, [6]),
      ]);
    });

    it('reads what AWS counts against a quota beside the keys', async () => {
      const counted: Metric = { kind: 'callCount', resource: 'CryptographicOperationsSymmetric' };
      const other: Metric = { kind: 'callCount', resource: 'CryptographicOperationsRsa' };
      await opened.record(counted, START, [70]);
      await opened.record(DECRYPT, START, [6]);

      expect(await fetch([DECRYPT, counted, other], START, START + 1)).toEqual([
        values(START, [6]),
        values(START, [70]),
        values(START, [U]),
      ]);
    });

    it('tells the two dimension shapes apart, and the two directions of a pair', async () => {
      await opened.record(PAIR, START, [1]);
      await opened.record(REVERSE, START, [2]);
      await opened.record({ kind: 'key', keyArn: aKeyArn(1), operation: 'ReEncrypt' }, START, [4]);

      expect(await fetch([REVERSE, PAIR], START, START + 1)).toEqual([
        values(START, [2]),
        values(START, [1]),
      ]);
    });

    it('answers with unknown bins for a metric that never was', async () => {
      const [outcome] = await fetch([DECRYPT]);

      expect(outcome).toEqual(
        values(
          START,
          Array.from({ length: 12 }, () => U),
        ),
      );
    });

    it('asks for nothing when nothing is wanted', async () => {
      expect(await fetch([])).toEqual([]);
      expect(await fetch([DECRYPT], START, START)).toEqual([values(START, [])]);
      expect(source.metricsRequested).toBe(0);
    });

    it('counts the metrics it asks for', async () => {
      await fetch([DECRYPT, ENCRYPT]);
      await fetch([PAIR]);

      expect(source.metricsRequested).toBe(3);
    });

    it('gives the same answer again, whatever was done with the first', async () => {
      await opened.record(DECRYPT, START, [1]);
      const [first] = await fetch([DECRYPT], START, START + 1);
      if (first?.kind === 'values') first.values.values.fill(99);

      expect(await fetch([DECRYPT], START, START + 1)).toEqual([values(START, [1])]);
    });

    it.for(['forbidden', 'internalError', 'incomplete'] as const)(
      'says of one metric that it is %s, and answers for the others',
      async (fault, { skip }) => {
        if (!opened.fail) return skip();
        await opened.record(DECRYPT, START, [1, 1]);
        await opened.record(ENCRYPT, START, [2, 2]);
        opened.fail(ENCRYPT, fault);

        const [decrypt, encrypt] = await fetch([DECRYPT, ENCRYPT], START, START + 2);

        expect(decrypt).toEqual(values(START, [1, 1]));
        expect(encrypt).toEqual({ kind: 'fault', fault, detail: expect.any(String) });
      },
    );

    it('reads weeks of many metrics, however they are paged', async ({ skip }) => {
      skip(!opened.isFast);
      const bins = 3 * 2016;
      const metrics = Array.from({ length: 20 }, (_, n): Metric => {
        return { kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' };
      });
      const requests = metrics.map((_, n) => Array.from({ length: bins }, (__, i) => n * bins + i));
      await Promise.all(metrics.map((metric, n) => opened.record(metric, END - bins, requests[n] ?? [])));

      const outcomes = await fetch(metrics, END - bins, END);

      expect(outcomes).toHaveLength(20);
      for (const [n, outcome] of outcomes.entries())
        expect(outcome).toEqual(values(END - bins, requests[n] ?? []));
    });
  });
}

const U = UNKNOWN;

const values = (startBin: Bin, requests: readonly number[]): MetricOutcome => ({
  kind: 'values',
  values: { startBin, values: Float64Array.from(requests) },
});
