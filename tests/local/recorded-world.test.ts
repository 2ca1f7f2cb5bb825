import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { ListAliasesCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { worldFromRecording } from '../../infra/local/recorded-world.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { dimensions, keyArn, NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

const BIN = NOON / 300;

/** One key's use from noon on, by operation. */
const recordingOf = (operations: Readonly<Record<string, readonly number[]>>): Recording => {
  const series = Object.entries(operations).map(([operation, requests]) => ({
    id: { keyArn: keyArn('k') as Recording['series'][number]['id']['keyArn'], operation },
    usage: { startBin: BIN, requests: Float64Array.from(requests) },
  }));
  const longest = Math.max(0, ...Object.values(operations).map(({ length }) => length));
  return { series, startBin: BIN, endBin: BIN + longest, rows: 1 };
};

describe('a recorded world', () => {
  test('repeats what was recorded: nothing before the first bin, nothing known where the recording knows nothing', () => {
    const world = worldFromRecording(recordingOf({ Decrypt: [1, 0, Number.NaN, 6] }));

    const counter = world.series[0]?.counter;
    expect([-1, 0, 1, 2, 3, 4].map((bin) => counter?.requests(BIN + bin))).toEqual([
      Number.NaN,
      1,
      0,
      Number.NaN,
      6,
      0,
    ]);
  });

  test('starts at its end, in the account and Region of its keys', () => {
    expect(worldFromRecording(recordingOf({ Decrypt: [1, 1] }))).toMatchObject({
      startsAt: NOON + 600,
      accountId: '111122223333',
      region: 'eu-central-1',
    });
  });

  test('an empty recording is an empty world', () => {
    expect(worldFromRecording(recordingOf({})).series).toEqual([]);
  });

  test('is served like any world', async () => {
    const counts = Array.from({ length: 12 }, (_, i) => 10 + i);
    const world = worldFromRecording(recordingOf({ Decrypt: counts, ReEncrypt: counts }), {
      aliases: { [keyArn('k')]: 'alias/recorded' },
    });
    const { cloudwatch, kms } = await startForTest({ world });
    const Metric = { Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest', Dimensions: dimensions('k') };

    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'AWS/KMS' }));
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: 'k' }));
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(NOON * 1000),
        EndTime: new Date((NOON + 900) * 1000),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 300, Stat: 'Sum' } }],
      }),
    );

    expect(Metrics?.map(({ Dimensions }) => Dimensions?.[1]?.Value)).toEqual(['Decrypt', 'ReEncrypt']);
    expect(Aliases?.[0]?.AliasName).toBe('alias/recorded');
    expect(MetricDataResults?.[0]?.Values).toEqual([10, 11, 12]);
  });
});
