import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';
import { aWorld, dimensions, NOON, type SmallSeries } from './a-world.ts';
import { startForTest } from './clients.ts';

const STRANGER = '999988887777';

async function start(
  switches: Partial<WorldSwitches>,
  series: SmallSeries = { key: 'k', requests: () => 500 },
) {
  const { aws, cloudwatch } = await startForTest({ world: aWorld([series], switches) });
  const read = async (
    from: number,
    to: number,
    period: number,
    stat: 'Sum' | 'Average' | 'SampleCount' = 'Sum',
  ) => {
    const Metric = { Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest', Dimensions: dimensions('k') };
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(from * 1000),
        EndTime: new Date(to * 1000),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: period, Stat: stat } }],
      }),
    );
    return answer.MetricDataResults?.[0]?.Values;
  };
  return { aws, cloudwatch, read };
}

describe('publication', () => {
  test.each([60, 180, 300, 600])('a minute is there %i s after its end', async (publicationDelaySeconds) => {
    const { aws, read } = await start({ publicationDelaySeconds });

    aws.clock.set(NOON + 60 + publicationDelaySeconds - 1);
    expect(await read(NOON, NOON + 60, 60)).toEqual([]);
    aws.clock.set(NOON + 60 + publicationDelaySeconds);
    expect(await read(NOON, NOON + 60, 60)).toEqual([100]);
  });

  test('five minutes fill up as their minutes are published', async () => {
    const { aws, read } = await start({ publicationDelaySeconds: 60 });
    const seen = [];
    for (const seconds of [60, 120, 240, 360, 600]) {
      aws.clock.set(NOON + seconds);
      seen.push((await read(NOON, NOON + 300, 300))?.[0]);
    }

    expect(seen).toEqual([undefined, 100, 300, 500, 500]);
  });

  test('a partial minute is completed three minutes later', async () => {
    const { aws, read } = await start({ latePartial: true });

    aws.clock.set(NOON + 120);
    expect(await read(NOON, NOON + 60, 60)).toEqual([60]);
    aws.clock.set(NOON + 300);
    expect(await read(NOON, NOON + 60, 60)).toEqual([100]);
  });

  test('five minutes are partial as long as one of their minutes is', async () => {
    const { aws, read } = await start({ latePartial: true });

    aws.clock.set(NOON + 300 + 60 + 179);
    expect(await read(NOON, NOON + 300, 300)).toEqual([460]);
    aws.clock.set(NOON + 300 + 60 + 180);
    expect(await read(NOON, NOON + 300, 300)).toEqual([500]);
  });
});

describe('idle minutes', () => {
  const bursts: SmallSeries = {
    key: 'k',
    requests: (start) => (start === NOON - 1_800 ? 5 : 0),
    bornAt: NOON - 2_400,
  };

  test('have no datapoint in a world of gaps', async () => {
    const { read } = await start({ idle: 'gaps' }, bursts);

    expect(await read(NOON - 3_600, NOON - 1_200, 300)).toEqual([5]);
    expect(await read(NOON - 1_800, NOON - 1_500, 300, 'SampleCount')).toEqual([5]);
  });

  test('are zero in a world of zeros, but not before the metric exists', async () => {
    const { read } = await start({ idle: 'zeros' }, bursts);

    expect(await read(NOON - 3_600, NOON - 1_200, 300)).toEqual([0, 0, 5, 0]);
    expect(await read(NOON - 1_500, NOON - 1_200, 300, 'Average')).toEqual([0]);
    expect(await read(NOON - 1_500, NOON - 1_200, 300, 'SampleCount')).toEqual([5]);
  });

  test('a single request is in a single minute', async () => {
    const { read } = await start({ idle: 'gaps' }, { key: 'k', requests: () => 1 });

    expect(await read(NOON - 1_800, NOON - 1_500, 60)).toEqual([1]);
  });
});

describe('the account that a request is counted in', () => {
  const usedByStrangers: SmallSeries = { key: 'k', requests: () => 10, callerAccountId: STRANGER };
  const keyOfStrangers: SmallSeries = { key: 'k', requests: () => 10, ownerAccountId: STRANGER };

  test.each([
    ['caller', 'own key, used by strangers', usedByStrangers, 0],
    ['owner', 'own key, used by strangers', usedByStrangers, 1],
    ['caller', 'key of strangers, used from here', keyOfStrangers, 1],
    ['owner', 'key of strangers, used from here', keyOfStrangers, 0],
  ] as const)('%s, %s', async (metricAccount, _, series, expected) => {
    const { cloudwatch, read } = await start({ metricAccount }, series);

    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'AWS/KMS' }));

    expect(Metrics).toHaveLength(expected);
    expect(await read(NOON - 1_800, NOON - 1_500, 300)).toHaveLength(expected);
  });
});

test('a world can be switched while it runs', async () => {
  const { aws, read } = await start({ publicationDelaySeconds: 600 });
  expect(await read(NOON - 300, NOON, 300)).toEqual([]);

  aws.world.switches = { ...aws.world.switches, publicationDelaySeconds: 0 };

  expect(await read(NOON - 300, NOON, 300)).toEqual([500]);
});
