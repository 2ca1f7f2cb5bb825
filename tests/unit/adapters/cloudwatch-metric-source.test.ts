import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { CloudWatchMetricSource } from '../../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { FixedClock } from '../../../shared/adapters/memory/fixed-clock.ts';
import { MemoryLog } from '../../../shared/adapters/memory/memory-log.ts';
import type { Metric } from '../../../shared/domain/usage/metric.ts';
import { UNKNOWN } from '../../../shared/domain/usage/series.ts';
import { binEnd, binStart } from '../../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../../support/a-message.ts';
import { aKeyArn } from '../../support/keys.ts';

const START = NIGHT_BIN - 3;
const DECRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const PAIR: Metric = { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2) };
const BATCH = { metrics: [DECRYPT, PAIR], startBin: START, endBin: START + 4 };
const NONE = [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN];

const cloudwatch = mockClient(CloudWatchClient);
let log: MemoryLog;
let slept: number[];
let source: CloudWatchMetricSource;

beforeEach(() => {
  cloudwatch.reset();
  log = new MemoryLog();
  slept = [];
  const timer = {
    nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    sleep: (ms: number) => Promise.resolve(void slept.push(ms)),
  };
  source = new CloudWatchMetricSource(new CloudWatchClient({}), new FixedClock(binEnd(NIGHT_BIN)), log, {
    timer,
  });
});

/** The result of one metric: bins counted from the start of the batch, with their values. */
const aResult = (
  id: string,
  datapoints: readonly (readonly [bin: number, value: number])[],
  status: MetricDataResult['StatusCode'] = 'Complete',
): MetricDataResult => ({
  Id: id,
  StatusCode: status,
  Timestamps: datapoints.map(([bin]) => new Date(binStart(START + bin) * 1000)),
  Values: datapoints.map(([, value]) => value),
});

const aPage = (results: readonly MetricDataResult[], nextToken?: string): GetMetricDataCommandOutput => ({
  $metadata: {},
  MetricDataResults: [...results],
  ...(nextToken ? { NextToken: nextToken } : {}),
});

const values = (requests: readonly number[]) => ({
  kind: 'values',
  values: { startBin: START, values: Float64Array.from(requests) },
});

const fault = (name: string, detail: string | RegExp = /./) => ({
  kind: 'fault',
  fault: name,
  detail: expect.stringMatching(detail),
});

const anError = (name: string, status?: number) =>
  Object.assign(new Error('as it happens'), { name, $metadata: { httpStatusCode: status } });

/** Ids that each request asked for. */
const asked = () =>
  cloudwatch
    .commandCalls(GetMetricDataCommand)
    .map(({ args }) => args[0].input.MetricDataQueries?.map(({ Id }) => Id));

describe('a request to CloudWatch', () => {
  it('asks for the sums of 5-minute periods, by the dimensions of each shape, without a unit', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', []), aResult('m1', [])]));

    await source.fetch(BATCH);

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

    await Promise.all([source.fetch(history), source.fetch(history), source.fetch(history)]);

    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(200);
  });
});

describe('pages of CloudWatch', () => {
  it('are merged by id where a series is cut', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(
        aPage(
          [
            aResult('m0', [
              [0, 1],
              [1, 2],
            ]),
            aResult('m1', [[0, 7]], 'PartialData'),
          ],
          'next',
        ),
      )
      .resolvesOnce(
        aPage([
          aResult('m1', [
            [2, 8],
            [3, 9],
          ]),
        ]),
      );

    expect(await source.fetch(BATCH)).toEqual([values([1, 2, UNKNOWN, UNKNOWN]), values([7, UNKNOWN, 8, 9])]);
    expect(cloudwatch).toHaveReceivedNthCommandWith(GetMetricDataCommand, 2, { NextToken: 'next' });
    expect(source.metricsRequested).toBe(4);
  });

  it('may be empty in between', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([], 'a'))
      .resolvesOnce(aPage([aResult('m1', [[3, 4]])], 'b'))
      .resolvesOnce({ NextToken: 'c' })
      .resolvesOnce(aPage([aResult('m0', [])]));

    expect(await source.fetch(BATCH)).toEqual([values(NONE), values([UNKNOWN, UNKNOWN, UNKNOWN, 4])]);
  });

  it('may name a metric twice and in any order: each value goes where its timestamp says', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(
      aPage([
        aResult('m1', [
          [3, 4],
          [0, 1],
        ]),
        aResult('m0', [[1, 6]]),
        aResult('m1', [
          [2, 3],
          [0, 1],
        ]),
      ]),
    );

    expect(await source.fetch(BATCH)).toEqual([
      values([UNKNOWN, 6, UNKNOWN, UNKNOWN]),
      values([1, UNKNOWN, 3, 4]),
    ]);
  });

  it('may hold what was not asked for, which is passed over', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(
      aPage([
        aResult('m0', [
          [-1, 5],
          [0, 1],
          [4, 5],
        ]),
        aResult('m1', []),
        aResult('m7', [[0, 5]]),
        aResult('label', [[0, 5]]),
        { StatusCode: 'Complete' },
      ]),
    );

    expect(await source.fetch(BATCH)).toEqual([values([1, UNKNOWN, UNKNOWN, UNKNOWN]), values(NONE)]);
  });

  it('may have fewer values than timestamps', async () => {
    const cut = {
      ...aResult('m0', [
        [0, 1],
        [1, 2],
      ]),
      Values: [1],
    };
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([cut, aResult('m1', [])]));

    expect(await source.fetch(BATCH)).toEqual([values([1, UNKNOWN, UNKNOWN, UNKNOWN]), values(NONE)]);
  });

  it('that never end are left, and the metrics are incomplete', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', [])], 'again'));

    expect(await source.fetch(BATCH)).toEqual([fault('incomplete', /again/), fault('incomplete', /again/)]);
  });

  it('that break off make nothing whole: what came before may be cut', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [[0, 1]]), aResult('m1', [], 'PartialData')], 'next'))
      .rejectsOnce(anError('InternalServiceFault', 500));

    expect(await source.fetch(BATCH)).toEqual([fault('internalError'), fault('internalError')]);
  });
});

describe('a result that is not complete', () => {
  it('is asked for again, alone, until it is', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [[0, 1]]), aResult('m1', [[0, 5]], 'InternalError')]))
      .resolvesOnce(aPage([aResult('m1', [], 'InternalError')]))
      .resolvesOnce(aPage([aResult('m1', [[3, 2]])]));

    expect(await source.fetch(BATCH)).toEqual([
      values([1, UNKNOWN, UNKNOWN, UNKNOWN]),
      values([UNKNOWN, UNKNOWN, UNKNOWN, 2]),
    ]);
    expect(asked()).toEqual([['m0', 'm1'], ['m1'], ['m1']]);
    expect(slept).toHaveLength(2);
    expect(slept[1]!).toBeGreaterThanOrEqual(250);
  });

  it.each([
    ['InternalError', 'internalError'],
    ['PartialData', 'incomplete'],
    [undefined, 'incomplete'],
    ['SomethingNew' as MetricDataResult['StatusCode'], 'incomplete'],
  ] as const)('is a fault after four requests: %s', async (status, expected) => {
    cloudwatch.on(GetMetricDataCommand).callsFake((input) => ({
      MetricDataResults: input.MetricDataQueries.map(({ Id }: { Id: string }) => ({
        ...aResult(Id, [[0, 1]]),
        ...(Id === 'm1' ? { StatusCode: status } : {}),
      })),
    }));

    expect(await source.fetch(BATCH)).toEqual([values([1, UNKNOWN, UNKNOWN, UNKNOWN]), fault(expected)]);
    expect(asked()).toEqual([['m0', 'm1'], ['m1'], ['m1'], ['m1']]);
    expect(source.metricsRequested).toBe(5);
  });

  it('is asked for again when it is missing altogether', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [])]))
      .resolvesOnce(aPage([aResult('m1', [[0, 1]])]));

    expect(await source.fetch(BATCH)).toEqual([values(NONE), values([1, UNKNOWN, UNKNOWN, UNKNOWN])]);
  });

  it('is not asked for again when it is forbidden', async () => {
    const forbidden = {
      ...aResult('m1', [], 'Forbidden'),
      Messages: [{ Code: 'Forbidden', Value: 'not linked' }],
    };
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', []), forbidden]));

    expect(await source.fetch(BATCH)).toEqual([values(NONE), fault('forbidden', /^Forbidden: not linked$/)]);
    expect(cloudwatch).toHaveReceivedCommandTimes(GetMetricDataCommand, 1);
  });

  it('keeps what was settled before when a later request fails', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [[0, 1]]), aResult('m1', [], 'InternalError')]))
      .rejectsOnce(anError('ThrottlingException', 400));

    expect(await source.fetch(BATCH)).toEqual([values([1, UNKNOWN, UNKNOWN, UNKNOWN]), fault('throttled')]);
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

    const outcomes = await source.fetch(BATCH);

    expect(outcomes).toEqual([
      fault(expected, new RegExp(`^${name}: as it happens$`)),
      fault(expected, new RegExp(`^${name}: as it happens$`)),
    ]);
    expect(cloudwatch).toHaveReceivedCommandTimes(GetMetricDataCommand, 1);
    expect(source.metricsRequested).toBe(0);
    expect(log.entries.map(({ level }) => level)).toEqual(['warn']);
  });

  it('leaves other requests alone', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .rejectsOnce(anError('Throttling', 400))
      .resolves(aPage([aResult('m0', []), aResult('m1', [])]));

    const [first, second] = await Promise.all([source.fetch(BATCH), source.fetch(BATCH)]);

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

    await Promise.all(Array.from({ length: 30 }, () => source.fetch(BATCH)));

    expect(most).toBe(5);
  });
});

describe('what CloudWatch says beside the results', () => {
  it('is logged', async () => {
    const messages = [{ Code: 'MaxMetricsExceeded', Value: 'Maximum number of allowed metrics exceeded' }];
    cloudwatch
      .on(GetMetricDataCommand)
      .resolves({ ...aPage([aResult('m0', []), aResult('m1', [])]), Messages: messages });

    await source.fetch(BATCH);

    expect(log.entries).toEqual([
      { level: 'warn', message: expect.any(String), fields: { messages, count: 1 } },
    ]);
  });
});
