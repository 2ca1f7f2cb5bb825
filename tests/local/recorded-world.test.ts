import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { ListAliasesCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { type RecordingRow, worldFromRecording } from '../../infra/local/recorded-world.ts';
import { dimensions, keyArn, NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

const row = (
  timestamp: string | number,
  requests: number | string | null,
  operation = 'Decrypt',
): RecordingRow => ({
  timestamp,
  keyArn: keyArn('k'),
  operation,
  requests,
});

/** Requests of the bins from `first` on. */
async function bins(rows: RecordingRow[], first: number, count: number) {
  const world = await worldFromRecording(rows);
  return Array.from({ length: count }, (_, i) => world.series[0]?.counter.requests(first / 300 + i));
}

describe('a recorded world', () => {
  test('rows come in any order, equal ones are added up, gaps are zero, and before the first row is nothing', async () => {
    const rows = [row(NOON + 900, 4), row(NOON, 1), row(NOON + 1_200, 5), row(NOON + 900, '2')];

    expect(await bins(rows, NOON - 300, 7)).toEqual([Number.NaN, 1, 0, 0, 6, 5, 0]);
  });

  test('times are ISO 8601 or epoch seconds', async () => {
    expect(await bins([row('2026-11-24T12:00:00Z', 1), row(String(NOON + 300), 2)], NOON, 2)).toEqual([1, 2]);
    await expect(bins([row('noon', 1)], NOON, 1)).rejects.toThrow(RangeError);
  });

  test('empty requests are not known', async () => {
    expect(
      await bins([row(NOON, 1), row(NOON + 300, ''), row(NOON + 600, null), row(NOON + 900, 1)], NOON, 4),
    ).toEqual([1, Number.NaN, Number.NaN, 1]);
  });

  test('a long recording in reverse order is taken as fast as any other', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => row(NOON - i * 300, i));
    const start = performance.now();

    const values = await bins(rows, NOON - 600, 3);

    expect(values).toEqual([2, 1, 0]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('an asynchronous source is as good', async () => {
    async function* rows() {
      yield await Promise.resolve(row(NOON, 1));
    }

    const world = await worldFromRecording(rows());

    expect(world.series).toHaveLength(1);
  });

  test('starts at its end, in the account and Region of its keys', async () => {
    const world = await worldFromRecording([row(NOON, 1), row(NOON + 300, 1)]);

    expect(world).toMatchObject({ startsAt: NOON + 600, accountId: '111122223333', region: 'eu-central-1' });
  });

  test('an empty recording is an empty world', async () => {
    expect((await worldFromRecording([])).series).toEqual([]);
  });

  test('is served like any world', async () => {
    const rows = Array.from({ length: 24 }, (_, i) =>
      row(NOON + i * 300, 10 + i, i % 2 ? 'ReEncrypt' : 'Decrypt'),
    );
    const world = await worldFromRecording(rows, { aliases: { [keyArn('k')]: 'alias/recorded' } });
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
    expect(MetricDataResults?.[0]?.Values).toEqual([10, 12]);
  });
});
