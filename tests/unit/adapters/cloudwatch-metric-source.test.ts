import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { binStart } from '../../../shared/domain/usage/time.ts';
import { aKeyArn } from '../../support/keys.ts';
import {
  aMockedSource,
  anError,
  aPage,
  aResult,
  BATCH,
  cloudwatch,
  DECRYPT,
  fault,
  START,
} from './cloudwatch-results.ts';

let mocked: ReturnType<typeof aMockedSource>;
beforeEach(() => {
  mocked = aMockedSource();
});

describe('a request to CloudWatch', () => {
  it('asks for the sums of 5-minute periods, by the dimensions of each shape, without a unit', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', []), aResult('m1', [])]));

    await mocked.source.fetch(BATCH);

    const query = (id: string, dimensions: Record<string, string>) => ({
      Id: id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/KMS',
          MetricName: 'SuccessfulRequest',
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: 300,
        Stat: 'Sum',
      },
    });
    expect(cloudwatch).toHaveReceivedCommandTimes(GetMetricDataCommand, 1);
    expect(cloudwatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input).toEqual({
      MetricDataQueries: [
        query('m0', { KeyArn: aKeyArn(1), Operation: 'Decrypt' }),
        query('m1', { SourceKeyArn: aKeyArn(1), DestinationKeyArn: aKeyArn(2), Operation: 'ReEncrypt' }),
      ],
      StartTime: new Date(binStart(START) * 1000),
      EndTime: new Date(binStart(START + 4) * 1000),
      ScanBy: 'TimestampAscending',
    });
  });

  it('waits its turn when datapoints come too fast', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', [])]));
    const history = { metrics: [DECRYPT], startBin: START - 39_600, endBin: START };

    await Promise.all([
      mocked.source.fetch(history),
      mocked.source.fetch(history),
      mocked.source.fetch(history),
    ]);

    expect(mocked.slept.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(200);
  });
});

describe('a request that fails wholly', () => {
  it.each([
    ['Throttling', 400, 'throttled'],
    ['ThrottlingException', 400, 'throttled'],
    ['TooManyRequestsException', 429, 'throttled'],
    ['LimitExceededFault', 400, 'throttled'],
    ['AccessDenied', 403, 'forbidden'],
    ['AccessDeniedException', 400, 'forbidden'],
    ['UnrecognizedClientException', 400, 'forbidden'],
    ['ExpiredTokenException', 400, 'forbidden'],
    ['CredentialsProviderError', undefined, 'forbidden'],
    ['InternalServiceFault', 500, 'internalError'],
    ['ServiceUnavailable', 503, 'internalError'],
    ['ValidationError', 400, 'internalError'],
    ['TimeoutError', undefined, 'unreachable'],
    ['Error', undefined, 'unreachable'],
  ])('is a fault of each metric: %s %s -> %s', async (name, status, expected) => {
    cloudwatch.on(GetMetricDataCommand).rejects(anError(name, status));

    const outcomes = await mocked.source.fetch(BATCH);

    expect(outcomes).toEqual([
      fault(expected, new RegExp(`^${name}: as it happens$`)),
      fault(expected, new RegExp(`^${name}: as it happens$`)),
    ]);
    expect(cloudwatch).toHaveReceivedCommandTimes(GetMetricDataCommand, 1);
    expect(mocked.source.metricsRequested).toBe(0);
    expect(mocked.log.entries.map(({ level }) => level)).toEqual(['warn']);
  });

  it('leaves other requests alone', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .rejectsOnce(anError('Throttling', 400))
      .resolves(aPage([aResult('m0', []), aResult('m1', [])]));

    const [first, second] = await Promise.all([mocked.source.fetch(BATCH), mocked.source.fetch(BATCH)]);

    expect(first.map(({ kind }) => kind)).toEqual(['fault', 'fault']);
    expect(second.map(({ kind }) => kind)).toEqual(['values', 'values']);
  });
});

describe('requests under way', () => {
  it('are five at most', async () => {
    let running = 0;
    let most = 0;
    cloudwatch.on(GetMetricDataCommand).callsFake(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return aPage([aResult('m0', []), aResult('m1', [])]);
    });

    await Promise.all(Array.from({ length: 30 }, () => mocked.source.fetch(BATCH)));

    expect(most).toBe(5);
  });
});

describe('what CloudWatch says beside the results', () => {
  it('is logged', async () => {
    const messages = [{ Code: 'MaxMetricsExceeded', Value: 'Maximum number of allowed metrics exceeded' }];
    cloudwatch
      .on(GetMetricDataCommand)
      .resolves({ ...aPage([aResult('m0', []), aResult('m1', [])]), Messages: messages });

    await mocked.source.fetch(BATCH);

    expect(mocked.log.entries).toEqual([
      { level: 'warn', message: expect.any(String), fields: { messages, count: 1 } },
    ]);
  });
});
