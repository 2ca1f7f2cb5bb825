import {
  GetMetricDataCommand,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
  type Statistic,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

const at = (secondsBeforeNoon: number) => new Date((NOON - secondsBeforeNoon) * 1000);

async function start() {
  const started = await startForTest({ clock: createClock(NOON) });
  const put = (data: MetricDatum[], namespace = 'Own') =>
    started.cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data }));
  const read = async (stat: Statistic, more: { period?: number; unit?: 'Count' | 'Bytes' } = {}) => {
    const Metric = { Namespace: 'Own', MetricName: 'm', Dimensions: [{ Name: 'd', Value: 'v' }] };
    const answer = await started.cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: at(3_600),
        EndTime: at(0),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'a',
            MetricStat: {
              Metric,
              Period: more.period ?? 60,
              Stat: stat,
              ...(more.unit && { Unit: more.unit }),
            },
          },
        ],
      }),
    );
    return answer.MetricDataResults?.[0]?.Values;
  };
  return { ...started, put, read };
}

const datum = (more: MetricDatum | Partial<MetricDatum>): MetricDatum => ({
  MetricName: 'm',
  Dimensions: [{ Name: 'd', Value: 'v' }],
  Timestamp: at(1_800),
  ...more,
});

describe('PutMetricData', () => {
  test('single values of one minute become its statistics', async () => {
    const { put, read } = await start();

    await put([datum({ Value: 1.5 }), datum({ Value: 4 })]);

    expect(await read('Sum')).toEqual([5.5]);
    expect(await read('SampleCount')).toEqual([2]);
    expect(await read('Average')).toEqual([2.75]);
    expect(await read('Minimum')).toEqual([1.5]);
    expect(await read('Maximum')).toEqual([4]);
  });

  test('values with counts and statistic sets are samples, too', async () => {
    const { put, read } = await start();

    await put([
      datum({ Values: [1, 10], Counts: [3, 2] }),
      datum({ StatisticValues: { Sum: 7, SampleCount: 5, Minimum: 0.5, Maximum: 3 } }),
    ]);

    expect(await read('Sum')).toEqual([30]);
    expect(await read('SampleCount')).toEqual([10]);
    expect(await read('Minimum')).toEqual([0.5]);
    expect(await read('Maximum')).toEqual([10]);
  });

  test('minutes are put together into longer periods', async () => {
    const { put, read } = await start();

    await put([
      datum({ Value: 1 }),
      datum({ Value: 2, Timestamp: at(1_700) }),
      datum({ Value: 4, Timestamp: at(1_200) }),
    ]);

    expect(await read('Sum', { period: 300 })).toEqual([3, 4]);
  });

  test('data of one unit is not found under another', async () => {
    const { put, read } = await start();

    await put([datum({ Value: 1, Unit: 'Bytes' }), datum({ Value: 2, Unit: 'Count' })]);

    expect(await read('Sum', { unit: 'Bytes' })).toEqual([1]);
    expect(await read('Sum')).toEqual([3]);
  });

  test('a large request arrives compressed', async () => {
    const { put, cloudwatch } = await start();
    const data = Array.from({ length: 900 }, (_, i) => datum({ MetricName: `metric-${i}`, Value: i }));

    await put(data);

    const { Metrics, NextToken } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Own' }));
    expect(Metrics).toHaveLength(500);
    expect(NextToken).toBeDefined();
  });

  test('a metric appears in the list minutes later', async () => {
    const { aws, put, cloudwatch } = await start();
    await put([datum({ Value: 1, Timestamp: at(0) })]);

    const before = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Own' }));
    aws.clock.advance(600);
    const after = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Own' }));

    expect([before.Metrics?.length, after.Metrics?.length]).toEqual([0, 1]);
  });

  test.each<[string, Partial<MetricDatum>, string, string]>([
    [
      'a time before two weeks',
      { Value: 1, Timestamp: at(15 * 86_400) },
      'InvalidParameterValue',
      'within the past two weeks',
    ],
    [
      'a time hours ahead',
      { Value: 1, Timestamp: at(-3 * 3_600) },
      'InvalidParameterValue',
      'two hours in the future',
    ],
    ['no value', {}, 'MissingParameter', 'At least one of the parameters'],
    ['two kinds of value', { Value: 1, Values: [2] }, 'InvalidParameterCombination', 'mutually exclusive'],
    ['fewer counts than values', { Values: [1, 2], Counts: [1] }, 'InvalidParameterValue', 'the same size'],
  ])('refuses %s', async (_, change, code, message) => {
    const { put } = await start();

    const answer = put([datum(change)]);

    await expect(answer).rejects.toMatchObject({ Error: { Code: code } });
    await expect(answer).rejects.toThrow(message);
  });

  test("refuses AWS's own namespaces, unless told to accept everything", async () => {
    const { aws, put } = await start();

    await expect(put([datum({ Value: 1 })], 'AWS/KMS')).rejects.toThrow(
      'The value AWS/KMS for parameter Namespace is invalid.',
    );
    aws.cloudwatch.acceptAll = true;
    await expect(put([datum({ Value: 1, Timestamp: at(50 * 86_400) })], 'AWS/KMS')).resolves.toBeDefined();
  });

  test('a test can put samples directly', async () => {
    const { aws, read } = await start();

    aws.cloudwatch.put(
      { namespace: 'Own', metricName: 'm', dimensions: [{ Name: 'd', Value: 'v' }] },
      NOON - 600,
      42,
    );

    expect(await read('Sum')).toEqual([42]);
  });
});
