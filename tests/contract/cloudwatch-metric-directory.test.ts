import { describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { startLocalAws } from '../../infra/local/server.ts';
import { METRIC_NAME, NAMESPACE } from '../../shared/adapters/aws/cloudwatch-metric.ts';
import { CloudWatchMetricDirectory } from '../../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryMetricDirectory } from '../../shared/adapters/memory/memory-metric-directory.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binEnd, binStart } from '../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import { cloudWatchAt, recordRequests } from './cloudwatch.ts';
import { describeMetricDirectory } from './metric-directory.contract.ts';

const NOW = binEnd(NIGHT_BIN) + 1800;

describeMetricDirectory('Memory', () => {
  const recorded = new RecordedMetrics();
  return Promise.resolve({
    store: new MemoryMetricDirectory(recorded, new FixedClock(NOW)),
    record: (metric, bin) => Promise.resolve(recorded.record(metric, bin, [1])),
    forgets: true,
    close: () => Promise.resolve(),
  });
});

async function openLocal() {
  const aws = await startLocalAws({ clock: createClock(NOW) });
  const client = cloudWatchAt(aws.endpoint);
  const log = new MemoryLog();
  return {
    store: new CloudWatchMetricDirectory(client, log),
    aws,
    log,
    record: (metric: Metric, bin: number) => recordRequests(aws.cloudwatch, metric, bin, [1]),
    forgets: true,
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

describeMetricDirectory('CloudWatch', openLocal);

describe('CloudWatch over the wire', () => {
  it('may list metrics that are none of ours: they are counted and passed over', async () => {
    const { store, aws, log, close } = await openLocal();
    const put = (dimensions: Record<string, string>, namespace = NAMESPACE, metricName = METRIC_NAME) =>
      aws.cloudwatch.put(
        {
          namespace,
          metricName,
          dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        binStart(NIGHT_BIN),
        1,
      );
    put({ KeyArn: aKeyArn(1), Operation: 'Decrypt' });
    put({ KeyArn: aKeyArn(1) });
    put({ KeyArn: aKeyArn(1), Operation: 'Decrypt', Caller: 'role/etl' });
    put({ KeyArn: 'alias/etl', Operation: 'Decrypt' });
    put({ SourceKeyArn: aKeyArn(1), DestinationKeyArn: 'gone', Operation: 'ReEncrypt' });
    put({ SourceKeyArn: aKeyArn(1), DestinationKeyArn: aKeyArn(2), Operation: 'ReEncryptTwice' });
    put({ KeyId: aKeyArn(1) }, NAMESPACE, 'SecondsUntilKeyMaterialExpiration');
    put({ KeyArn: aKeyArn(2), Operation: 'Decrypt' }, 'Custom');

    expect(await store.listMetrics('all')).toEqual([
      { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' },
    ]);
    expect(log.entries.map(({ fields }) => fields)).toEqual([
      { ignored: { unknownShape: 3, notAKeyArn: 2 } },
    ]);
    await close();
  });
});
