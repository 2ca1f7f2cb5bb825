import { describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { CloudWatchUsageQuery } from '../../shared/adapters/aws/cloudwatch-usage-query.ts';
import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryUsageQuery } from '../../shared/adapters/memory/memory-usage-query.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import type { QuotaGroup } from '../../shared/domain/assess/quota.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binEnd, binStart } from '../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import { cloudWatchAt, recordRequests } from './cloudwatch.ts';
import { describeUsageQuery, type OpenedUsageQuery } from './usage-query.contract.ts';

const NOW = binEnd(NIGHT_BIN) + 180;

describeUsageQuery('Memory', () => {
  const recorded = new RecordedMetrics();
  const store = new MemoryUsageQuery(recorded, new FixedClock(NOW));
  const calls = new Map<QuotaGroup, number>();
  return Promise.resolve({
    store,
    record: (...entry) => Promise.resolve(recorded.record(...entry)),
    count: (group, more) => store.count(calls.set(group, more)),
    refuse: () => store.refuse('not authorized'),
    close: () => Promise.resolve(),
  });
});

const RESOURCES: Partial<Record<QuotaGroup, string>> = {
  symmetric: 'CryptographicOperationsSymmetric',
  ecc: 'CryptographicOperationsEcc',
};

async function openLocal(): Promise<OpenedUsageQuery & { aws: LocalAws }> {
  const aws = await startLocalAws({ clock: createClock(NOW) });
  const client = cloudWatchAt(aws.endpoint, 1);
  return {
    store: new CloudWatchUsageQuery(client),
    aws,
    record: (...entry) => recordRequests(aws.cloudwatch, ...entry),
    count(group, calls) {
      const dimensions = Object.entries({
        Type: 'API',
        Service: 'KMS',
        Class: 'None',
        Resource: RESOURCES[group] ?? '',
      }).map(([Name, Value]) => ({ Name, Value }));
      const identity = { namespace: 'AWS/Usage', metricName: 'CallCount', dimensions };
      aws.cloudwatch.put(identity, binStart(NIGHT_BIN - 1), calls);
    },
    refuse: () => void aws.faults.add({ service: 'cloudwatch', error: 'AccessDenied', times: 'always' }),
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

describeUsageQuery('CloudWatch', openLocal);

describe('a Metrics Insights query over the wire', () => {
  it('is not trusted with 500 groups, because there may be more', async () => {
    const { store, record, close } = await openLocal();
    const metrics = Array.from({ length: 500 }, (_, n): Metric => {
      return { kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' };
    });
    for (const metric of metrics.slice(1)) await record(metric, NIGHT_BIN, [1]);

    const before = await store.requestsByMetric(NIGHT_BIN, NIGHT_BIN + 1);
    for (const metric of metrics.slice(0, 1)) await record(metric, NIGHT_BIN, [1]);
    const after = await store.requestsByMetric(NIGHT_BIN, NIGHT_BIN + 1);

    expect(before.kind === 'answered' && before.answer.length).toBe(499);
    expect(after).toEqual({ kind: 'refused', reason: '500 groups, and there may be more' });
    expect(store.metricsRequested).toBe(999);
    await close();
  });
});
