import { GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import 'aws-sdk-client-mock-vitest/extend';
import { beforeEach, describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../../shared/domain/usage/series.ts';
import {
  aMockedSource,
  anError,
  aPage,
  aResult,
  asked,
  BATCH,
  cloudwatch,
  fault,
  NONE,
  values,
} from './cloudwatch-results.ts';

let mocked: ReturnType<typeof aMockedSource>;
beforeEach(() => {
  mocked = aMockedSource();
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

    expect(await mocked.source.fetch(BATCH)).toEqual([
      values([1, 2, UNKNOWN, UNKNOWN]),
      values([7, UNKNOWN, 8, 9]),
    ]);
    expect(cloudwatch).toHaveReceivedNthCommandWith(GetMetricDataCommand, 2, { NextToken: 'next' });
    expect(mocked.source.metricsRequested).toBe(4);
  });

  it('may be empty in between', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([], 'a'))
      .resolvesOnce(aPage([aResult('m1', [[3, 4]])], 'b'))
      .resolvesOnce({ NextToken: 'c' })
      .resolvesOnce(aPage([aResult('m0', [])]));

    expect(await mocked.source.fetch(BATCH)).toEqual([values(NONE), values([UNKNOWN, UNKNOWN, UNKNOWN, 4])]);
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

    expect(await mocked.source.fetch(BATCH)).toEqual([
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

    expect(await mocked.source.fetch(BATCH)).toEqual([values([1, UNKNOWN, UNKNOWN, UNKNOWN]), values(NONE)]);
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

    expect(await mocked.source.fetch(BATCH)).toEqual([values([1, UNKNOWN, UNKNOWN, UNKNOWN]), values(NONE)]);
  });

  it('that never end are left, and the metrics are incomplete', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', [])], 'again'));

    expect(await mocked.source.fetch(BATCH)).toEqual([
      fault('incomplete', /again/),
      fault('incomplete', /again/),
    ]);
  });

  it('that break off make nothing whole: what came before may be cut', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [[0, 1]]), aResult('m1', [], 'PartialData')], 'next'))
      .rejectsOnce(anError('InternalServiceFault', 500));

    expect(await mocked.source.fetch(BATCH)).toEqual([fault('internalError'), fault('internalError')]);
  });
});

describe('a result that is not complete', () => {
  it('is asked for again, alone, until it is', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [[0, 1]]), aResult('m1', [[0, 5]], 'InternalError')]))
      .resolvesOnce(aPage([aResult('m1', [], 'InternalError')]))
      .resolvesOnce(aPage([aResult('m1', [[3, 2]])]));

    expect(await mocked.source.fetch(BATCH)).toEqual([
      values([1, UNKNOWN, UNKNOWN, UNKNOWN]),
      values([UNKNOWN, UNKNOWN, UNKNOWN, 2]),
    ]);
    expect(asked()).toEqual([['m0', 'm1'], ['m1'], ['m1']]);
    expect(mocked.slept).toHaveLength(2);
    expect(mocked.slept[1]!).toBeGreaterThanOrEqual(250);
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

    expect(await mocked.source.fetch(BATCH)).toEqual([
      values([1, UNKNOWN, UNKNOWN, UNKNOWN]),
      fault(expected),
    ]);
    expect(asked()).toEqual([['m0', 'm1'], ['m1'], ['m1'], ['m1']]);
    expect(mocked.source.metricsRequested).toBe(5);
  });

  it('is asked for again when it is missing altogether', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [])]))
      .resolvesOnce(aPage([aResult('m1', [[0, 1]])]));

    expect(await mocked.source.fetch(BATCH)).toEqual([values(NONE), values([1, UNKNOWN, UNKNOWN, UNKNOWN])]);
  });

  it('is not asked for again when it is forbidden', async () => {
    const forbidden = {
      ...aResult('m1', [], 'Forbidden'),
      Messages: [{ Code: 'Forbidden', Value: 'not linked' }],
    };
    cloudwatch.on(GetMetricDataCommand).resolves(aPage([aResult('m0', []), forbidden]));

    expect(await mocked.source.fetch(BATCH)).toEqual([
      values(NONE),
      fault('forbidden', /^Forbidden: not linked$/),
    ]);
    expect(cloudwatch).toHaveReceivedCommandTimes(GetMetricDataCommand, 1);
  });

  it('keeps what was settled before when a later request fails', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce(aPage([aResult('m0', [[0, 1]]), aResult('m1', [], 'InternalError')]))
      .rejectsOnce(anError('ThrottlingException', 400));

    expect(await mocked.source.fetch(BATCH)).toEqual([
      values([1, UNKNOWN, UNKNOWN, UNKNOWN]),
      fault('throttled'),
    ]);
  });
});
