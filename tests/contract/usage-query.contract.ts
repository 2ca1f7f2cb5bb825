import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricUse, UsageQuery } from '../../shared/app/ports.ts';
import type { QuotaGroup } from '../../shared/domain/assess/quota.ts';
import { type Metric, metricName } from '../../shared/domain/usage/metric.ts';
import { UNKNOWN } from '../../shared/domain/usage/series.ts';
import { type Bin, binStart } from '../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

/** A usage query and the CloudWatch behind it, whose clock stands at the end of `NIGHT_BIN` and three minutes. */
export interface OpenedUsageQuery extends Opened<UsageQuery> {
  record(metric: Metric, startBin: Bin, values: readonly number[]): Promise<void>;
  /** Gives AWS's own count of calls in the bin before `NIGHT_BIN`. */
  count(group: QuotaGroup, calls: number): void;
  /** Lets every question be refused from now on. */
  refuse(): void;
}

const DECRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const ENCRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Encrypt' };
const PAIR: Metric = { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2) };
const REVERSE: Metric = { kind: 'reEncrypt', source: aKeyArn(2), destination: aKeyArn(1) };

const END = NIGHT_BIN + 1;
const START = END - 3;
const U = UNKNOWN;
const WINDOW = { from: binStart(START), to: binStart(END), periodSeconds: 300 };

/** What every usage query does. */
export function describeUsageQuery(name: string, open: () => Promise<OpenedUsageQuery>): void {
  describe(`${name} as a usage query`, () => {
    let opened: OpenedUsageQuery;
    let query: UsageQuery;
    beforeEach(async () => {
      opened = await open();
      query = opened.store;
    });
    afterEach(() => opened.close());

    const ask = (startBin = START, endBin = END) => query.requestsByMetric(startBin, endBin);

    it('finds every metric with requests, both shapes and both directions, with its value in each bin', async () => {
      await opened.record(DECRYPT, START - 1, [9, 1, U, 3, 9]);
      await opened.record(ENCRYPT, START + 2, [4]);
      await opened.record(PAIR, START, [5, 6]);
      await opened.record(REVERSE, START + 1, [7]);

      const outcome = await ask();

      expect(outcome.kind === 'answered' && byName(outcome.answer)).toEqual(
        byName([
          use(DECRYPT, [1, U, 3]),
          use(ENCRYPT, [U, U, 4]),
          use(PAIR, [5, 6, U]),
          use(REVERSE, [U, 7, U]),
        ]),
      );
      expect(query.metricsRequested).toBe(4);
    });

    it('says nothing of metrics that were silent', async () => {
      await opened.record(DECRYPT, START - 5, [1, 2]);

      expect(await ask()).toEqual({ kind: 'answered', answer: [] });
    });

    it('refuses to look back further than three hours', async () => {
      await opened.record(DECRYPT, START, [1]);

      expect(await ask(START - 40)).toEqual({
        kind: 'refused',
        reason: expect.stringContaining('most recent three hours'),
      });
    });

    it('refuses with the reason that it was given', async () => {
      opened.refuse();

      expect(await ask()).toEqual({ kind: 'refused', reason: expect.stringMatching(/not authorized/) });
      expect(await query.quotaCalls(WINDOW)).toMatchObject({ kind: 'refused' });
    });

    it('sums the calls of each quota, and is silent about a quota without any', async () => {
      opened.count('symmetric', 1200);
      opened.count('ecc', 7);

      const outcome = await query.quotaCalls(WINDOW);

      expect(outcome.kind === 'answered' && [...outcome.answer].toSorted()).toEqual([
        ['ecc', 7],
        ['symmetric', 1200],
      ]);
    });
  });
}

const use = (metric: Metric, values: readonly number[]): MetricUse => ({
  metric,
  values: { startBin: START, values: Float64Array.from(values) },
});

const byName = (uses: readonly MetricUse[]) =>
  new Map(uses.map(({ metric, values }) => [metricName(metric), { metric, values }]));
