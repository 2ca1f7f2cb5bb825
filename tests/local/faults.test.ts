import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { aWorld, dimensions, keyArn, NOON } from './a-world.ts';
import { clientsOf, startForTest } from './clients.ts';

const list = new ListMetricsCommand({});

describe('faults of calls', () => {
  test('happen as often as they are told to', async () => {
    const { aws, cloudwatch } = await startForTest();
    aws.faults.add({ service: 'cloudwatch', action: 'ListMetrics', error: 'Throttling', times: 2 });

    await expect(cloudwatch.send(list)).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
    });
    await expect(cloudwatch.send(list)).rejects.toThrow('Rate exceeded');
    await expect(cloudwatch.send(list)).resolves.toBeDefined();
  });

  test('are overcome by a client that retries', async () => {
    const { aws } = await startForTest();
    aws.faults.add({ service: 'cloudwatch', error: 'Throttling' });
    aws.faults.add({ service: 'cloudwatch', error: 'InternalFailure' });

    const { Metrics } = await clientsOf(aws, { maxAttempts: 3 }).cloudwatch.send(list);

    expect(Metrics).toEqual([]);
    expect(aws.calls).toHaveLength(3);
  });

  test('concern their own service, action and input only', async () => {
    const { aws, cloudwatch, kms } = await startForTest();
    aws.faults.add({ service: 'kms', error: 'InternalFailure', times: 'always' });
    aws.faults.add({
      action: 'ListMetrics',
      error: 'InternalFailure',
      match: ({ input }) => input['Namespace'] === 'AWS/S3',
    });

    await expect(cloudwatch.send(list)).resolves.toBeDefined();
    await expect(cloudwatch.send(new ListMetricsCommand({ Namespace: 'AWS/S3' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
    await expect(kms.send(new ListKeysCommand({}))).rejects.toThrow();
  });

  test('can be taken back', async () => {
    const { aws, cloudwatch } = await startForTest();
    const takeBack = aws.faults.add({ error: 'AccessDenied', times: 'always' });
    await expect(cloudwatch.send(list)).rejects.toMatchObject({ name: 'AccessDenied' });

    takeBack();

    await expect(cloudwatch.send(list)).resolves.toBeDefined();
  });

  test('have the names that each service gives them', async () => {
    const { aws, sns, kms } = await startForTest();
    aws.faults.add({ error: 'AccessDenied', times: 'always' });

    await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(sns.send(new PublishCommand({ TopicArn: 'x', Message: 'x' }))).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
    });
  });

  test('cut the connection', async () => {
    const { aws, cloudwatch } = await startForTest();
    aws.faults.add({ error: 'drop' });

    await expect(cloudwatch.send(list)).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  test('can be any error', async () => {
    const { aws, cloudwatch } = await startForTest();
    aws.faults.add({ error: { code: 'LimitExceeded', message: 'Too much', status: 400 } });

    await expect(cloudwatch.send(list)).rejects.toThrow('Too much');
  });

  test('a service that never answers does not keep the server from closing', async () => {
    const { aws, cloudwatch } = await startForTest();
    aws.faults.add({ error: 'timeout' });
    const hanging = expect(cloudwatch.send(list)).rejects.toThrow();

    await aws.close();

    await hanging;
  });

  test('a service can be slow', async () => {
    const { aws, cloudwatch } = await startForTest();
    aws.faults.add({ latencyMs: 120 });
    const start = performance.now();

    await cloudwatch.send(list);

    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  });
});

describe('faults of series', () => {
  const world = () =>
    aWorld([
      { key: 'a', requests: () => 1 },
      { key: 'b', requests: () => 1 },
    ]);
  const request = {
    StartTime: new Date((NOON - 3_600) * 1000),
    EndTime: new Date((NOON - 600) * 1000),
    MetricDataQueries: ['a', 'b'].map((Id) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest', Dimensions: dimensions(Id) },
        Period: 300,
        Stat: 'Sum',
      },
    })),
  };

  test.each(['InternalError', 'Forbidden'] as const)(
    '%s leaves out one series and keeps the others',
    async (statusCode) => {
      const { aws, cloudwatch } = await startForTest({ world: world() });
      aws.faults.addToSeries({ dimensions: { KeyArn: keyArn('a') }, statusCode });

      const answers = [
        await cloudwatch.send(new GetMetricDataCommand(request)),
        await cloudwatch.send(new GetMetricDataCommand(request)),
      ];

      const shapes = answers.map(({ MetricDataResults }) =>
        MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length]),
      );
      expect(shapes).toEqual([
        [
          [statusCode, 0],
          ['Complete', 10],
        ],
        [
          ['Complete', 10],
          ['Complete', 10],
        ],
      ]);
    },
  );

  test('PartialData ends the page, and the next one holds the rest', async () => {
    const { aws, cloudwatch } = await startForTest({ world: world() });
    aws.faults.addToSeries({ statusCode: 'PartialData' });

    const first = await cloudwatch.send(new GetMetricDataCommand(request));
    const second = await cloudwatch.send(
      new GetMetricDataCommand({ ...request, NextToken: first.NextToken }),
    );

    expect(
      first.MetricDataResults?.map(({ Id, StatusCode, Values }) => [Id, StatusCode, Values?.length]),
    ).toEqual([['a', 'PartialData', 5]]);
    expect(
      second.MetricDataResults?.map(({ Id, StatusCode, Values }) => [Id, StatusCode, Values?.length]),
    ).toEqual([
      ['a', 'Complete', 5],
      ['b', 'Complete', 10],
    ]);
  });

  test('PartialData without a token is never made good', async () => {
    const { aws, cloudwatch } = await startForTest({ world: world() });
    aws.faults.addToSeries({ statusCode: 'PartialData', withoutToken: true });

    const answer = await cloudwatch.send(new GetMetricDataCommand(request));

    expect(answer.NextToken).toBeUndefined();
    expect(answer.MetricDataResults?.map(({ StatusCode }) => StatusCode)).toEqual([
      'PartialData',
      'Complete',
    ]);
  });
});
