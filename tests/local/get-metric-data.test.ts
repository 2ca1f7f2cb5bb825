import {
  CloudWatchServiceException,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  paginateGetMetricData,
  type Statistic,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { aWorld, dimensions, NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

const DAY = 86_400;

const query = (id: string, key: string, more: { period?: number; stat?: string; unit?: string } = {}) => ({
  Id: id,
  MetricStat: {
    Metric: { Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest', Dimensions: dimensions(key) },
    Period: more.period ?? 300,
    Stat: more.stat ?? 'Sum',
    ...(more.unit && { Unit: more.unit as 'Count' }),
  },
});

const input = (
  from: number,
  to: number,
  queries: GetMetricDataCommandInput['MetricDataQueries'],
  more: Partial<GetMetricDataCommandInput> = {},
): GetMetricDataCommandInput => ({
  StartTime: new Date(from * 1000),
  EndTime: new Date(to * 1000),
  MetricDataQueries: queries,
  ...more,
});

const seconds = (times: Date[] | undefined) => times?.map((time) => time.getTime() / 1000);

/** A series in which every bin holds its own number, counted from noon. */
const counting = aWorld([{ key: 'k', requests: (start) => 1_000 + (start - NOON) / 300 }]);

describe('GetMetricData', () => {
  test('answers five-minute sums, newest first, with the start included and the end excluded', async () => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(input(NOON - 3_600, NOON - 2_700, [query('a', 'k')])),
    );

    expect(answer.MetricDataResults).toHaveLength(1);
    expect(answer.MetricDataResults?.[0]).toMatchObject({
      Id: 'a',
      StatusCode: 'Complete',
      Values: [990, 989, 988],
    });
    expect(seconds(answer.MetricDataResults?.[0]?.Timestamps)).toEqual([
      NOON - 3_000,
      NOON - 3_300,
      NOON - 3_600,
    ]);
  });

  test('answers oldest first when asked to', async () => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(
        input(NOON - 3_600, NOON - 2_700, [query('a', 'k')], { ScanBy: 'TimestampAscending' }),
      ),
    );

    expect(answer.MetricDataResults?.[0]?.Values).toEqual([988, 989, 990]);
  });

  test('the minutes of five add up to the five-minute sum, and hours to their bins', async () => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(
        input(NOON - 7_200, NOON - 3_600, [
          query('m', 'k', { period: 60 }),
          query('f', 'k'),
          query('h', 'k', { period: 3_600 }),
        ]),
      ),
    );

    const [minutes, fives, hours] = answer.MetricDataResults ?? [];
    const sum = (values: number[] | undefined) => values?.reduce((a, b) => a + b, 0);
    expect(minutes?.Values).toHaveLength(60);
    expect(fives?.Values).toHaveLength(12);
    expect(sum(minutes?.Values?.slice(0, 5))).toBe(fives?.Values?.[0]);
    expect(hours?.Values).toEqual([sum(fives?.Values)]);
  });

  test('periods begin at the start, also off the five-minute grid', async () => {
    const { cloudwatch } = await startForTest({ world: aWorld([{ key: 'k', requests: () => 500 }]) });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(input(NOON - 3_480 + 7, NOON - 2_880, [query('a', 'k')])),
    );

    expect(seconds(answer.MetricDataResults?.[0]?.Timestamps)).toEqual([NOON - 3_180, NOON - 3_480]);
    expect(answer.MetricDataResults?.[0]?.Values).toEqual([500, 500]);
  });

  test.each([
    ['Sum', 100],
    ['SampleCount', 100],
    ['Average', 1],
    ['Minimum', 1],
    ['Maximum', 1],
  ] satisfies [Statistic, number][])('a request is a sample of 1: %s', async (stat, expected) => {
    const { cloudwatch } = await startForTest({ world: aWorld([{ key: 'k', requests: () => 100 }]) });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(input(NOON - 900, NOON - 600, [query('a', 'k', { stat })])),
    );

    expect(answer.MetricDataResults?.[0]?.Values).toEqual([expected]);
  });

  test('a metric that does not exist is complete and empty', async () => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(input(NOON - 900, NOON, [query('a', 'nobody')])),
    );

    expect(answer.MetricDataResults).toEqual([
      { Id: 'a', Label: 'SuccessfulRequest', Timestamps: [], Values: [], StatusCode: 'Complete' },
    ]);
  });

  test('a unit that the data does not have gives nothing', async () => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(
        input(NOON - 900, NOON - 300, [
          query('a', 'k', { unit: 'None' }),
          query('b', 'k', { unit: 'Count' }),
        ]),
      ),
    );

    expect(answer.MetricDataResults?.map(({ Values }) => Values?.length)).toEqual([0, 2]);
  });

  test('queries that are not to be returned are not', async () => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(
        input(NOON - 900, NOON, [{ ...query('a', 'k'), ReturnData: false }, query('b', 'k')]),
      ),
    );

    expect(answer.MetricDataResults?.map(({ Id }) => Id)).toEqual(['b']);
  });

  test('all requests together are the use of a quota', async () => {
    const world = aWorld([
      { key: 'k', requests: () => 100 },
      { key: 'l', requests: () => 20 },
    ]);
    const { cloudwatch } = await startForTest({ world });
    const names = {
      Type: 'API',
      Service: 'KMS',
      Class: 'None',
      Resource: 'CryptographicOperationsSymmetric',
    };
    const Dimensions = Object.entries(names).map(([Name, Value]) => ({ Name, Value }));

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(
        input(NOON - 900, NOON - 600, [
          {
            Id: 'q',
            MetricStat: {
              Metric: { Namespace: 'AWS/Usage', MetricName: 'CallCount', Dimensions },
              Period: 300,
              Stat: 'Sum',
            },
          },
        ]),
      ),
    );

    expect(answer.MetricDataResults?.[0]?.Values).toEqual([120]);
  });
});

describe('retention', () => {
  test.each([
    [60, 15],
    [300, 63],
    [3_600, 455],
  ])('a period of %i s goes back %i days', async (period, days) => {
    const world = aWorld([{ key: 'k', requests: () => 600, bornAt: NOON - 500 * DAY }]);
    const { cloudwatch } = await startForTest({ world });
    const start = NOON - (days + 1) * DAY;

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(
        input(start, start + DAY + 7_200, [query('a', 'k', { period })], { ScanBy: 'TimestampAscending' }),
      ),
    );

    expect(seconds(answer.MetricDataResults?.[0]?.Timestamps)?.[0]).toBe(NOON - days * DAY);
    expect(answer.MetricDataResults?.[0]?.Values).toHaveLength(7_200 / period);
  });

  test('a start before 15 days is rounded down to five minutes', async () => {
    const { cloudwatch } = await startForTest({ world: aWorld([{ key: 'k', requests: () => 5 }]) });
    const start = NOON - 20 * DAY;

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(input(start + 154, start + 600, [query('a', 'k')])),
    );

    expect(seconds(answer.MetricDataResults?.[0]?.Timestamps)).toEqual([start + 300, start]);
  });
});

describe('pages of GetMetricData', () => {
  test('a page ends in the middle of a series, which goes on in the next', async () => {
    const world = aWorld([
      { key: 'k', requests: () => 1 },
      { key: 'l', requests: () => 2 },
    ]);
    const { cloudwatch } = await startForTest({ world });
    const request = input(NOON - 7_200, NOON - 4_200, [query('a', 'k'), query('b', 'l')], {
      MaxDatapoints: 7,
    });

    const pages = [];
    for await (const page of paginateGetMetricData({ client: cloudwatch }, request)) pages.push(page);

    const shapes = pages.map((page) =>
      page.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values?.length, StatusCode]),
    );
    expect(shapes).toEqual([
      [['a', 7, 'PartialData']],
      [
        ['a', 3, 'Complete'],
        ['b', 4, 'PartialData'],
      ],
      [['b', 6, 'Complete']],
    ]);
    const times = pages
      .flatMap((page) => page.MetricDataResults ?? [])
      .filter(({ Id }) => Id === 'a')
      .flatMap(({ Timestamps }) => seconds(Timestamps) ?? []);
    expect(new Set(times).size).toBe(10);
  });

  test('a page that ends with a series is complete, and the next begins with the next series', async () => {
    const world = aWorld([
      { key: 'k', requests: () => 1 },
      { key: 'l', requests: () => 2 },
    ]);
    const { cloudwatch } = await startForTest({ world });
    const request = input(NOON - 7_200, NOON - 4_200, [query('a', 'k'), query('b', 'l')], {
      MaxDatapoints: 10,
    });

    const first = await cloudwatch.send(new GetMetricDataCommand(request));
    const second = await cloudwatch.send(
      new GetMetricDataCommand({ ...request, NextToken: first.NextToken }),
    );

    expect(first.MetricDataResults?.map(({ Id, StatusCode }) => [Id, StatusCode])).toEqual([
      ['a', 'Complete'],
    ]);
    expect(second.MetricDataResults?.map(({ Id, StatusCode }) => [Id, StatusCode])).toEqual([
      ['b', 'Complete'],
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  test('100,800 datapoints fit into a page', async () => {
    const series = Array.from({ length: 7 }, (_, i) => ({ key: `k${i}`, requests: () => 5 }));
    const { cloudwatch } = await startForTest({ world: aWorld(series) });
    const queries = series.map(({ key }, i) => query(`q${i}`, key));

    const answer = await cloudwatch.send(
      new GetMetricDataCommand(input(NOON - 56 * DAY, NOON - 300, queries)),
    );

    const points = answer.MetricDataResults?.reduce((sum, { Values = [] }) => sum + Values.length, 0);
    expect(points).toBe(100_800);
    expect(answer.NextToken).toBeDefined();
  });

  test('data that is published between two pages does not shift them', async () => {
    const { aws, cloudwatch } = await startForTest({ world: counting });
    const request = input(NOON - 3_600, NOON + 3_600, [query('a', 'k')], { MaxDatapoints: 5 });

    const first = await cloudwatch.send(new GetMetricDataCommand(request));
    aws.clock.advance(1_800);
    const second = await cloudwatch.send(
      new GetMetricDataCommand({ ...request, NextToken: first.NextToken }),
    );

    const newest = seconds(first.MetricDataResults?.[0]?.Timestamps) ?? [];
    const older = seconds(second.MetricDataResults?.[0]?.Timestamps) ?? [];
    expect(older[0]).toBe((newest.at(-1) ?? 0) - 300);
  });

  test('a token of another request is refused', async () => {
    const { cloudwatch } = await startForTest({ world: counting });
    const request = input(NOON - 3_600, NOON, [query('a', 'k')], { MaxDatapoints: 5 });
    const { NextToken } = await cloudwatch.send(new GetMetricDataCommand(request));

    const other = cloudwatch.send(new GetMetricDataCommand({ ...request, MaxDatapoints: 6, NextToken }));

    await expect(other).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });
});

describe('what GetMetricData refuses', () => {
  const base = input(NOON - 900, NOON, [query('a', 'k')]);

  test.each<[string, Partial<GetMetricDataCommandInput>, string]>([
    ['no query', { MetricDataQueries: [] }, 'The parameter MetricDataQueries is required.'],
    [
      '501 queries',
      { MetricDataQueries: Array.from({ length: 501 }, (_, i) => query(`q${i}`, 'k')) },
      'The collection MetricDataQueries must not have a size greater than 500.',
    ],
    [
      'an end before the start',
      { EndTime: new Date(0) },
      'The parameter StartTime must be less than the parameter EndTime.',
    ],
    ['a page too large', { MaxDatapoints: 100_801 }, 'MaxDatapoints must be between 1 and 100800'],
    ['one id twice', { MetricDataQueries: [query('a', 'k'), query('a', 'l')] }, 'are not unique'],
    [
      'an id that begins with a capital',
      { MetricDataQueries: [query('A', 'k')] },
      'The value A for parameter MetricDataQueries.member.1.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.',
    ],
    [
      'an unknown statistic',
      { MetricDataQueries: [query('a', 'k', { stat: 'Median' })] },
      'The value Median for parameter MetricDataQueries.member.1.MetricStat.Stat is not a valid statistic.',
    ],
    [
      'a period of 90 s',
      { MetricDataQueries: [query('a', 'k', { period: 90 })] },
      'must be a multiple of 60',
    ],
    ['neither metric nor expression', { MetricDataQueries: [{ Id: 'a' }] }, 'Exactly one of'],
    [
      'two expressions',
      { MetricDataQueries: ['a', 'b'].map((Id) => ({ Id, Expression: 'x', Period: 60 })) },
      'Only one Metrics Insights query',
    ],
    ['an unknown order', { ScanBy: 'Random' as 'TimestampAscending' }, 'The parameter ScanBy is invalid'],
  ])('%s', async (_, change, message) => {
    const { cloudwatch } = await startForTest({ world: counting });

    const answer = cloudwatch.send(new GetMetricDataCommand({ ...base, ...change }));

    await expect(answer).rejects.toThrow(CloudWatchServiceException);
    await expect(answer).rejects.toThrow(message);
    await expect(answer).rejects.toMatchObject({ Error: { Code: 'ValidationError' } });
  });
});
