import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { CloudWatchUsageQuery } from '../../../shared/adapters/aws/cloudwatch-usage-query.ts';
import { binStart } from '../../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../../support/a-message.ts';
import { aKeyArn } from '../../support/keys.ts';
import { aPage } from './cloudwatch-results.ts';

const client = new CloudWatchClient({});
const cloudwatch = mockClient(client);

beforeEach(() => cloudwatch.reset());

const START = NIGHT_BIN - 2;
const ask = () => new CloudWatchUsageQuery(client).requestsByMetric(START, NIGHT_BIN + 1);

const aGroup = (
  Label: string,
  bins: readonly (readonly [bin: number, value: number])[],
  StatusCode: MetricDataResult['StatusCode'] = 'Complete',
): MetricDataResult => ({
  Id: 'top',
  Label,
  StatusCode,
  Timestamps: bins.map(([bin]) => new Date(binStart(START + bin) * 1000)),
  Values: bins.map(([, value]) => value),
});

/** Answers the query about single keys; the one about pairs finds none. */
const answersWith = (...pages: readonly ReturnType<typeof aPage>[]) => {
  cloudwatch
    .on(GetMetricDataCommand)
    .callsFake((input: { MetricDataQueries: { Expression: string }[]; NextToken?: string }) => {
      if (input.MetricDataQueries[0]?.Expression.includes('SourceKeyArn')) return aPage([]);
      return pages[Number(input.NextToken ?? 0)];
    });
};

describe('a query over all metrics', () => {
  it('asks once for each dimension shape, in 5-minute sums', async () => {
    answersWith(aPage([]));

    await ask();

    const inputs = cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ MetricDataQueries }) => MetricDataQueries)).toEqual(
      ['KeyArn, "Operation"', 'SourceKeyArn, DestinationKeyArn, "Operation"'].map((dimensions) => [
        {
          Id: 'top',
          Period: 300,
          Expression: `SELECT SUM(SuccessfulRequest) FROM SCHEMA("AWS/KMS", ${dimensions}) GROUP BY ${dimensions} ORDER BY SUM() DESC LIMIT 500`,
        },
      ]),
    );
  });

  it('puts a group together that two pages share', async () => {
    const label = `${aKeyArn(1)} Decrypt`;
    answersWith(aPage([aGroup(label, [[0, 3]], 'PartialData')], '1'), aPage([aGroup(label, [[2, 4]])]));

    expect(await ask()).toEqual({
      kind: 'answered',
      answer: [
        {
          metric: { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' },
          values: { startBin: START, values: Float64Array.of(3, Number.NaN, 4) },
        },
      ],
    });
  });

  it.each([
    ['a group that nobody can name', aPage([aGroup('Other', [[0, 1]])]), /labelled "Other"/],
    ['half a group', aPage([aGroup(`${aKeyArn(1)} Sign`, [[0, 1]], 'PartialData')]), /PartialData/],
    ['a failed group', aPage([aGroup(`${aKeyArn(1)} Sign`, [], 'InternalError')]), /InternalError/],
    [
      'a word about what is missing',
      { ...aPage([]), Messages: [{ Code: 'MaxMetricsExceeded', Value: 'cut short' }] },
      /MaxMetricsExceeded: cut short/,
    ],
  ])('is not trusted with %s', async (_, page, reason) => {
    answersWith(page);

    expect(await ask()).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
  });
});
