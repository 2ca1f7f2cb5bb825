import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import type { World } from '../../infra/local/world.ts';
import { aWorld, keyArn, NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

const BY_KEY =
  'SELECT SUM(SuccessfulRequest) FROM SCHEMA("AWS/KMS", KeyArn, "Operation") GROUP BY KeyArn ORDER BY SUM() DESC LIMIT 20';

const threeSeries = aWorld([
  { key: 'a', requests: () => 10 },
  { key: 'a', operation: 'Encrypt', requests: () => 5 },
  { key: 'b', requests: () => 100 },
]);

async function ask(Expression: string, options: { world?: World; start?: number; period?: number } = {}) {
  const { cloudwatch } = await startForTest({ world: options.world ?? threeSeries });
  const answer = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date((options.start ?? NOON - 3_600) * 1000),
      EndTime: new Date((NOON - 600) * 1000),
      MetricDataQueries: [{ Id: 'q', Expression, Period: options.period ?? 3_000 }],
    }),
  );
  return answer.MetricDataResults?.map(({ Id, Label, Values }) => [Id, Label, Values]);
}

describe('a Metrics Insights query', () => {
  test('sums by key, the busiest first', async () => {
    expect(await ask(BY_KEY)).toEqual([
      ['q', keyArn('b'), [1_000]],
      ['q', keyArn('a'), [150]],
    ]);
  });

  test('groups by two dimensions and limits', async () => {
    const rows = await ask(
      'SELECT SUM(SuccessfulRequest) FROM SCHEMA("AWS/KMS", KeyArn, "Operation") GROUP BY KeyArn, "Operation" ORDER BY SUM() DESC LIMIT 2',
    );

    expect(rows).toEqual([
      ['q', `${keyArn('b')} Decrypt`, [1_000]],
      ['q', `${keyArn('a')} Decrypt`, [100]],
    ]);
  });

  test('keeps to its conditions', async () => {
    const rows = await ask(
      `SELECT SUM(SuccessfulRequest) FROM SCHEMA("AWS/KMS", KeyArn, "Operation") WHERE KeyArn = '${keyArn('a')}' AND "Operation" != 'Encrypt' GROUP BY KeyArn`,
    );

    expect(rows).toEqual([['q', keyArn('a'), [100]]]);
  });

  test('adds everything up without a group', async () => {
    expect(await ask('SELECT SUM(SuccessfulRequest) FROM "AWS/KMS"')).toEqual([
      ['q', 'SuccessfulRequest', [1_150]],
    ]);
  });

  test('a schema has exactly its dimensions', async () => {
    expect(await ask('SELECT SUM(SuccessfulRequest) FROM SCHEMA("AWS/KMS", KeyArn) GROUP BY KeyArn')).toEqual(
      [],
    );
  });

  test('returns 500 groups at most', async () => {
    const world = aWorld(Array.from({ length: 510 }, (_, i) => ({ key: `k${i}`, requests: () => i + 1 })));

    const rows = await ask(BY_KEY.replace(' LIMIT 20', ''), { world });

    expect(rows).toHaveLength(500);
    expect(rows?.[0]?.[1]).toBe(keyArn('k509'));
  });

  test.each([
    [
      'a reserved word without quotes',
      'SELECT SUM(SuccessfulRequest) FROM SCHEMA("AWS/KMS", KeyArn, Operation) GROUP BY KeyArn',
    ],
    ['half a query', 'SELECT SUM(SuccessfulRequest)'],
    ['metric math', 'm1 / 60'],
    ['a limit of 501', BY_KEY.replace('20', '501')],
    ['something left over', `${BY_KEY} please`],
  ])('refuses %s', async (_, expression) => {
    await expect(ask(expression)).rejects.toThrow('syntax error');
  });

  test('refuses to look back more than three hours', async () => {
    await expect(ask(BY_KEY, { start: NOON - 5 * 3_600 })).rejects.toThrow('most recent three hours');
  });
});
