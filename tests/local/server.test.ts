import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { startLocalAws } from '../../infra/local/server.ts';
import { aKey, aWorld, keyArn, NOON } from './a-world.ts';
import { clientsOf, startForTest } from './clients.ts';

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=A/20261124/eu-central-1/monitoring/aws4_request, SignedHeaders=host, Signature=x';

const form = (
  fields: Record<string, string>,
  headers: Record<string, string> = { authorization: AUTHORIZATION },
): RequestInit => ({
  method: 'POST',
  headers,
  body: new URLSearchParams(fields),
});

describe('the server', () => {
  test('closes at once, although clients keep their connections', async () => {
    const aws = await startLocalAws();
    await clientsOf(aws).cloudwatch.send(new ListMetricsCommand({}));
    const start = performance.now();

    await aws.close();

    expect(performance.now() - start).toBeLessThan(500);
  });

  test('names the environment in which an SDK finds it', async () => {
    const { aws } = await startForTest();

    expect(aws.environment).toMatchObject({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.port}`,
      AWS_REGION: 'eu-central-1',
    });
  });

  test('takes the port it is given, and says so if that is taken', async () => {
    const { aws } = await startForTest();

    await expect(startLocalAws({ port: aws.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('stands at the start of its world, runs without one, and can be moved', async () => {
    const { aws } = await startForTest({ world: aWorld([]) });
    const { aws: running } = await startForTest();

    expect(aws.clock.now()).toBe(NOON);
    expect(running.clock.now()).toBeCloseTo(Date.now() / 1000, 0);
    aws.clock.advance(60);
    expect(aws.clock.now()).toBe(NOON + 60);
    aws.clock.run();
    expect(aws.clock.now()).toBeCloseTo(Date.now() / 1000, 0);
  });

  test('records every call with its IAM action and resource, also the failed ones', async () => {
    const { aws, cloudwatch, kms, sns } = await startForTest({
      world: aWorld([], {}, [aKey('k', { aliases: ['alias/a'] })]),
    });
    const TopicArn = aws.sns.createTopic('alerts');
    aws.faults.add({ service: 'cloudwatch', error: 'InternalFailure' });

    await cloudwatch.send(new ListMetricsCommand({})).catch(() => undefined);
    await kms.send(new DescribeKeyCommand({ KeyId: 'alias/a' }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));

    expect(aws.calls).toEqual([
      { service: 'cloudwatch', action: 'cloudwatch:ListMetrics', at: NOON },
      { service: 'kms', action: 'kms:DescribeKey', resource: keyArn('k'), at: NOON },
      { service: 'sns', action: 'sns:Publish', resource: TopicArn, at: NOON },
    ]);
  });

  test('another Region has metrics of its own', async () => {
    const { aws } = await startForTest({ world: aWorld([{ key: 'k', requests: () => 1 }]) });

    const { Metrics } = await clientsOf(aws, { region: 'us-east-1' }).cloudwatch.send(
      new ListMetricsCommand({}),
    );

    expect(Metrics).toEqual([]);
  });
});

describe('requests that nobody can answer', () => {
  test.each([
    [
      'JSON',
      {
        'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics',
        'content-type': 'application/x-amz-json-1.0',
      },
      400,
      'MissingAuthenticationTokenException',
    ],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 403, 'MissingAuthenticationToken'],
  ])('%s without a signature', async (_, headers, status, code) => {
    const { aws } = await startForTest();

    const answer = await fetch(aws.endpoint, {
      method: 'POST',
      headers,
      body: 'Action=ListMetrics&Version=2010-08-01',
    });

    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(code);
    expect(aws.calls).toEqual([]);
  });

  test.each([
    ['an unknown action', 'GraniteServiceVersion20100801.PutMetricAlarm', '{}', 'UnknownOperationException'],
    ['an inherited property', 'TrentService.constructor', '{}', 'UnknownOperationException'],
    ['an unknown service', 'Nobody.Ask', '{}', 'UnknownOperationException'],
    ['no JSON', 'TrentService.ListKeys', '{', 'SerializationException'],
    ['a list', 'TrentService.ListKeys', '[]', 'SerializationException'],
  ])('%s', async (_, target, body, code) => {
    const { aws } = await startForTest();

    const answer = await fetch(aws.endpoint, {
      method: 'POST',
      headers: {
        authorization: AUTHORIZATION,
        'x-amz-target': target,
        'content-type': 'application/x-amz-json-1.1',
      },
      body,
    });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: code });
  });

  test('an unknown action in a form', async () => {
    const { aws } = await startForTest();

    const answer = await fetch(aws.endpoint, form({ Action: 'Confirm', Version: '2010-03-31' }));

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidAction</Code>');
  });

  test('a fault of its own is answered, not thrown', async () => {
    const world = aWorld([
      {
        key: 'k',
        requests() {
          throw new TypeError('broken world');
        },
      },
    ]);
    const { cloudwatch } = await startForTest({ world });

    const answer = cloudwatch.send(new ListMetricsCommand({}));

    await expect(answer).rejects.toThrow('broken world');
  });
});

describe("CloudWatch's older Query protocol", () => {
  test('puts, lists and reads', async () => {
    const { aws } = await startForTest();
    aws.clock.set(NOON);
    const names = { Version: '2010-08-01' };

    const put = await fetch(
      aws.endpoint,
      form({
        ...names,
        Action: 'PutMetricData',
        Namespace: 'Own',
        'MetricData.member.1.MetricName': 'm',
        'MetricData.member.1.Timestamp': '2026-11-24T11:30:00Z',
        'MetricData.member.1.Values.member.1': '1.5',
        'MetricData.member.1.Values.member.2': '2',
        'MetricData.member.1.Dimensions.member.1.Name': 'd',
        'MetricData.member.1.Dimensions.member.1.Value': 'a<b',
      }),
    );
    const list = await fetch(aws.endpoint, form({ ...names, Action: 'ListMetrics', Namespace: 'Own' }));
    const get = await fetch(
      aws.endpoint,
      form({
        ...names,
        Action: 'GetMetricData',
        StartTime: '2026-11-24T11:00:00Z',
        EndTime: '2026-11-24T12:00:00Z',
        'MetricDataQueries.member.1.Id': 'a',
        'MetricDataQueries.member.1.ReturnData': 'true',
        'MetricDataQueries.member.1.MetricStat.Stat': 'Sum',
        'MetricDataQueries.member.1.MetricStat.Period': '300',
        'MetricDataQueries.member.1.MetricStat.Metric.Namespace': 'Own',
        'MetricDataQueries.member.1.MetricStat.Metric.MetricName': 'm',
        'MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name': 'd',
        'MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value': 'a<b',
      }),
    );

    expect(put.status).toBe(200);
    expect(await list.text()).toContain(
      '<Metrics><member><Namespace>Own</Namespace><MetricName>m</MetricName><Dimensions><member><Name>d</Name><Value>a&lt;b</Value></member></Dimensions></member></Metrics>',
    );
    expect(await get.text()).toContain(
      '<Timestamps><member>2026-11-24T11:30:00.000Z</member></Timestamps><Values><member>3.5</member></Values><StatusCode>Complete</StatusCode>',
    );
  });

  test('writes an empty list as an empty text', async () => {
    const { aws } = await startForTest();

    const answer = await fetch(
      aws.endpoint,
      form({ Action: 'ListMetrics', Version: '2010-08-01', Dimensions: '' }),
    );

    expect(answer.status).toBe(200);
  });

  test('answers errors in XML', async () => {
    const { aws } = await startForTest();

    const answer = await fetch(
      aws.endpoint,
      form({ Action: 'GetMetricData', Version: '2010-08-01', StartTime: '0', EndTime: '1' }),
    );

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Error><Type>Sender</Type><Code>ValidationError</Code>');
  });
});

test('an account without use of KMS is empty, not broken', async () => {
  const { cloudwatch } = await startForTest();
  const Metric = { Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest', Dimensions: [] };

  const list = await cloudwatch.send(new ListMetricsCommand({}));
  const get = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(NOON * 1000),
      EndTime: new Date((NOON + 300) * 1000),
      MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    }),
  );

  expect(list.Metrics).toEqual([]);
  expect(get.MetricDataResults?.[0]).toMatchObject({ Values: [], StatusCode: 'Complete' });
});
