import {
  ListMetricsCommand,
  type ListMetricsCommandInput,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { aWorld, dimensions, keyArn, NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

const DAY = 86_400;
const ALL = { Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest' };

const keysOf = (metrics: { Dimensions?: { Value?: string | undefined }[] | undefined }[] | undefined) =>
  metrics?.map(({ Dimensions }) => Dimensions?.[0]?.Value?.split('/')[1]);

describe('ListMetrics', () => {
  test('lists 500 metrics a page', async () => {
    const series = Array.from({ length: 1_203 }, (_, i) => ({ key: `k${i}`, requests: () => 1 }));
    const { cloudwatch } = await startForTest({ world: aWorld(series) });

    const pages = [];
    for await (const page of paginateListMetrics({ client: cloudwatch }, { ...ALL }))
      pages.push(page.Metrics ?? []);

    expect(pages.map((metrics) => metrics.length)).toEqual([500, 500, 203]);
    expect(new Set(keysOf(pages.flat())).size).toBe(1_203);
  });

  test('a token of another request is refused', async () => {
    const series = Array.from({ length: 501 }, (_, i) => ({ key: `k${i}`, requests: () => 1 }));
    const { cloudwatch } = await startForTest({ world: aWorld(series) });
    const { NextToken } = await cloudwatch.send(new ListMetricsCommand(ALL));

    const other = cloudwatch.send(new ListMetricsCommand({ Namespace: 'AWS/KMS', NextToken }));

    await expect(other).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  test.each<[string, ListMetricsCommandInput, (string | undefined)[]]>([
    ['nothing', ALL, ['a', 'a', 'b']],
    ['a dimension by name', { ...ALL, Dimensions: [{ Name: 'Operation' }] }, ['a', 'a', 'b']],
    ['a dimension by value', { ...ALL, Dimensions: [{ Name: 'KeyArn', Value: keyArn('a') }] }, ['a', 'a']],
    ['a dimension nobody has', { ...ALL, Dimensions: [{ Name: 'SourceKeyArn' }] }, []],
    ['another metric', { Namespace: 'AWS/KMS', MetricName: 'Nothing' }, []],
  ])('filters by %s', async (_, input, expected) => {
    const world = aWorld([
      { key: 'a', requests: () => 1 },
      { key: 'a', operation: 'Encrypt', requests: () => 1 },
      { key: 'b', requests: () => 1 },
    ]);
    const { cloudwatch } = await startForTest({ world });

    const { Metrics } = await cloudwatch.send(new ListMetricsCommand(input));

    expect(keysOf(Metrics)).toEqual(expected);
  });

  test('answers names and dimensions, also those of the quota', async () => {
    const { cloudwatch } = await startForTest({ world: aWorld([{ key: 'a', requests: () => 1 }]) });

    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({}));

    expect(Metrics).toContainEqual({ ...ALL, Dimensions: dimensions('a') });
    expect(Metrics?.map(({ Namespace }) => Namespace)).toEqual(['AWS/KMS', 'AWS/Usage']);
  });

  test('forgets what was silent for two weeks, and shows it again when it is back', async () => {
    const silentFrom = NOON - 14 * DAY;
    const world = aWorld([
      { key: 'a', requests: (start) => (start < silentFrom || start >= NOON + 3_600 ? 1 : 0) },
    ]);
    const { aws, cloudwatch } = await startForTest({ world });
    const listAt = async (epochSeconds: number) => {
      aws.clock.set(epochSeconds);
      return (await cloudwatch.send(new ListMetricsCommand(ALL))).Metrics?.length;
    };

    expect(await listAt(NOON - 600)).toBe(1);
    expect(await listAt(NOON + 60)).toBe(0);
    expect(await listAt(NOON + 3_600 + 240)).toBe(0);
    expect(await listAt(NOON + 3_600 + 900)).toBe(1);
  });

  test('shows a new metric only after a while', async () => {
    const world = aWorld([{ key: 'a', requests: () => 100, bornAt: NOON }], {
      newMetricListedAfterSeconds: 900,
    });
    const { aws, cloudwatch } = await startForTest({ world });
    const listAt = async (epochSeconds: number) => {
      aws.clock.set(epochSeconds);
      return (await cloudwatch.send(new ListMetricsCommand(ALL))).Metrics?.length;
    };

    expect(await listAt(NOON + 900)).toBe(0);
    expect(await listAt(NOON + 960)).toBe(1);
  });

  test('knows which metrics were active in the last three hours', async () => {
    const world = aWorld([
      { key: 'busy', requests: () => 1 },
      { key: 'resting', requests: (start) => (start < NOON - 4 * 3_600 ? 1 : 0) },
    ]);
    const { cloudwatch } = await startForTest({ world });

    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ ...ALL, RecentlyActive: 'PT3H' }));

    expect(keysOf(Metrics)).toEqual(['busy']);
  });

  test('knows no other span of activity', async () => {
    const { cloudwatch } = await startForTest();

    const answer = cloudwatch.send(new ListMetricsCommand({ RecentlyActive: 'PT6H' as 'PT3H' }));

    await expect(answer).rejects.toThrow('The parameter RecentlyActive is invalid');
  });
});
