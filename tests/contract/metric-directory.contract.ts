import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricDirectory } from '../../shared/app/ports.ts';
import { type Metric, metricName } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_DAY, BINS_PER_HOUR, type Bin } from '../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

/** A metric directory and the CloudWatch behind it, whose clock stands at the end of `NIGHT_BIN` and half an hour. */
export interface OpenedMetricDirectory extends Opened<MetricDirectory> {
  /** Gives a metric a datapoint. */
  record(metric: Metric, bin: Bin): Promise<void>;
  /** Whether the service forgets what is silent. */
  readonly forgets: boolean;
}

const DECRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const PAIR: Metric = { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2, '444455556666') };

/** What every metric directory does. */
export function describeMetricDirectory(name: string, open: () => Promise<OpenedMetricDirectory>): void {
  describe(`${name} as a metric directory`, () => {
    let opened: OpenedMetricDirectory;
    let directory: MetricDirectory;
    beforeEach(async () => {
      opened = await open();
      directory = opened.store;
    });
    afterEach(() => opened.close());

    it.each(['all', 'recentlyActive'] as const)('lists nothing where nothing is used: %s', async (span) => {
      expect(await directory.listMetrics(span)).toEqual([]);
    });

    it.each(['all', 'recentlyActive'] as const)('lists metrics of both shapes: %s', async (span) => {
      const invented: Metric = { kind: 'key', keyArn: aKeyArn(3), operation: 'DecryptTwice' };
      for (const metric of [DECRYPT, PAIR, invented]) await opened.record(metric, NIGHT_BIN - 1);

      const listed = await directory.listMetrics(span);

      expect(listed).toHaveLength(3);
      expect(listed).toEqual(expect.arrayContaining([DECRYPT, PAIR, invented]));
    });

    it('lists a metric once, however much it is used', async () => {
      for (const bin of [NIGHT_BIN, NIGHT_BIN - 1, NIGHT_BIN - BINS_PER_DAY])
        await opened.record(DECRYPT, bin);

      expect(await directory.listMetrics('all')).toEqual([DECRYPT]);
    });

    it('tells recent use from older use, and forgets after two weeks', async ({ skip }) => {
      skip(!opened.forgets);
      const used = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });
      await opened.record(used(1), NIGHT_BIN - 2);
      await opened.record(used(2), NIGHT_BIN - 6 * BINS_PER_HOUR);
      await opened.record(used(3), NIGHT_BIN - 13 * BINS_PER_DAY);
      await opened.record(used(4), NIGHT_BIN - 15 * BINS_PER_DAY);

      const all = await directory.listMetrics('all');

      expect(await directory.listMetrics('recentlyActive')).toEqual([used(1)]);
      expect(all.map(metricName).toSorted()).toEqual([used(1), used(2), used(3)].map(metricName).toSorted());
    });

    it('lists more than fits on a page', async () => {
      const metrics = Array.from({ length: 620 }, (_, n): Metric => {
        return { kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' };
      });
      await Promise.all(metrics.map((metric) => opened.record(metric, NIGHT_BIN - 1)));

      const listed = await directory.listMetrics('all');

      expect(listed.map(metricName).toSorted()).toEqual(metrics.map(metricName).toSorted());
    });
  });
}
