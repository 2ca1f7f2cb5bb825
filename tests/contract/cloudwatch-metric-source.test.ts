import { describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { dimensionsOf } from '../../shared/adapters/aws/cloudwatch-metric.ts';
import { CloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryMetricSource } from '../../shared/adapters/memory/memory-metric-source.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import type { MetricFault } from '../../shared/app/ports.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binEnd } from '../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import { cloudWatchAt, putRequests, recordRequests } from './cloudwatch.ts';
import { describeMetricSource, type OpenedMetricSource } from './metric-source.contract.ts';

const NOW = binEnd(NIGHT_BIN) + 1800;

describeMetricSource('Memory', () => {
  const recorded = new RecordedMetrics();
  const store = new MemoryMetricSource(recorded);
  return Promise.resolve({
    store,
    record: (...entry) => Promise.resolve(recorded.record(...entry)),
    fail: (metric, fault) => store.fail(metric, fault),
    isFast: true,
    close: () => Promise.resolve(),
  });
});

const STATUS_CODES: Partial<Record<MetricFault, 'Forbidden' | 'InternalError' | 'PartialData'>> = {
  forbidden: 'Forbidden',
  internalError: 'InternalError',
  incomplete: 'PartialData',
};

async function openLocal(maxAttempts?: number): Promise<OpenedMetricSource & { aws: LocalAws }> {
  const aws = await startLocalAws({ clock: createClock(NOW) });
  aws.cloudwatch.acceptAll = true;
  const client = cloudWatchAt(aws.endpoint, maxAttempts);
  const timer = { nowMs: () => performance.now(), sleep: () => Promise.resolve() };
  return {
    store: new CloudWatchMetricSource(client, aws.clock, new MemoryLog(), { timer }),
    aws,
    record: (...entry) =>
      entry[2].length > 1000 ? recordRequests(aws.cloudwatch, ...entry) : putRequests(client, ...entry),
    fail(metric, fault) {
      const dimensions = Object.fromEntries(
        dimensionsOf(metric).map(({ Name = '', Value = '' }) => [Name, Value]),
      );
      const statusCode = STATUS_CODES[fault];
      if (statusCode) aws.faults.addToSeries({ dimensions, statusCode, withoutToken: true, times: 'always' });
    },
    isFast: true,
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

describeMetricSource('CloudWatch', () => openLocal());

describe('CloudWatch over the wire', () => {
  const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
  const batch = { metrics: [decrypt], startBin: NIGHT_BIN - 1, endBin: NIGHT_BIN + 1 };

  it('is asked again for a metric that failed once, and for no other', async () => {
    const { store, aws, record, close } = await openLocal();
    const encrypt: Metric = { ...decrypt, operation: 'Encrypt' };
    await record(decrypt, NIGHT_BIN - 1, [3, 4]);
    await record(encrypt, NIGHT_BIN - 1, [5, 6]);
    aws.faults.addToSeries({ dimensions: { Operation: 'Encrypt' }, statusCode: 'InternalError' });

    const outcomes = await store.fetch({ ...batch, metrics: [decrypt, encrypt] });

    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['values', 'values']);
    expect(store.metricsRequested).toBe(3);
    await close();
  });

  it('is followed to the page that completes a series', async () => {
    const { store, aws, record, close } = await openLocal();
    await record(decrypt, NIGHT_BIN - 1, [3, 4]);
    aws.faults.addToSeries({ statusCode: 'PartialData' });

    const outcomes = await store.fetch(batch);

    expect(outcomes).toEqual([
      { kind: 'values', values: { startBin: NIGHT_BIN - 1, values: Float64Array.of(3, 4) } },
    ]);
    await close();
  });

  it.each([
    ['Throttling', 'throttled'],
    ['AccessDenied', 'forbidden'],
    ['InternalFailure', 'internalError'],
    ['drop', 'unreachable'],
  ] as const)('gives a fault for each metric when every request ends in %s', async (error, fault) => {
    const { store, aws, close } = await openLocal(1);
    aws.faults.add({ service: 'cloudwatch', error, times: 'always' });

    const outcomes = await store.fetch({ ...batch, metrics: [decrypt, decrypt] });

    expect(outcomes).toEqual([
      { kind: 'fault', fault, detail: expect.any(String) },
      { kind: 'fault', fault, detail: expect.any(String) },
    ]);
    await close();
  });

  it('is asked again by the client itself after a throttled request', async () => {
    const { store, aws, record, close } = await openLocal();
    await record(decrypt, NIGHT_BIN - 1, [3, 4]);
    aws.faults.add({ service: 'cloudwatch', action: 'GetMetricData', error: 'Throttling' });

    expect((await store.fetch(batch)).map((outcome) => outcome.kind)).toEqual(['values']);
    await close();
  });
});
