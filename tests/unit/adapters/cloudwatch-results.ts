import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'vitest';
import { CloudWatchMetricSource } from '../../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { FixedClock } from '../../../shared/adapters/memory/fixed-clock.ts';
import { MemoryLog } from '../../../shared/adapters/memory/memory-log.ts';
import type { Metric } from '../../../shared/domain/usage/metric.ts';
import { UNKNOWN } from '../../../shared/domain/usage/series.ts';
import { type Bin, binEnd, binStart } from '../../../shared/domain/usage/time.ts';
import { NIGHT_BIN } from '../../support/a-message.ts';
import { aKeyArn } from '../../support/keys.ts';

export const START: Bin = NIGHT_BIN - 3;
export const DECRYPT: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };

/** One metric of each shape, four bins each. */
export const BATCH = {
  metrics: [DECRYPT, { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2) } satisfies Metric],
  startBin: START,
  endBin: START + 4,
};

/** Four bins without a datapoint. */
export const NONE: readonly number[] = [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN];

const client = new CloudWatchClient({});
export const cloudwatch = mockClient(client);

/** A source before a CloudWatch that has not been told what to answer; its time passes only while it sleeps. */
export function aMockedSource() {
  cloudwatch.reset();
  const log = new MemoryLog();
  const slept: number[] = [];
  const timer = {
    nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    sleep: (ms: number) => Promise.resolve(void slept.push(ms)),
  };
  const clock = new FixedClock(binEnd(NIGHT_BIN));
  return { log, slept, source: new CloudWatchMetricSource(client, clock, log, { timer }) };
}

/** The result of one metric: bins counted from the start of the batch, with their values. */
export const aResult = (
  id: string,
  datapoints: readonly (readonly [bin: number, value: number])[],
  status: MetricDataResult['StatusCode'] = 'Complete',
): MetricDataResult => ({
  Id: id,
  StatusCode: status,
  Timestamps: datapoints.map(([bin]) => new Date(binStart(START + bin) * 1000)),
  Values: datapoints.map(([, value]) => value),
});

/** A page of results. */
export const aPage = (
  results: readonly MetricDataResult[],
  nextToken?: string,
): GetMetricDataCommandOutput => ({
  $metadata: {},
  MetricDataResults: [...results],
  ...(nextToken ? { NextToken: nextToken } : {}),
});

/** The outcome of a metric that was read. */
export const values = (requests: readonly number[]) => ({
  kind: 'values',
  values: { startBin: START, values: Float64Array.from(requests) },
});

/** The outcome of one that was not. */
export const fault = (name: string, detail: string | RegExp = /./) => ({
  kind: 'fault',
  fault: name,
  detail: expect.stringMatching(detail),
});

/** What the SDK throws. */
export const anError = (name: string, status?: number) =>
  Object.assign(new Error('as it happens'), { name, $metadata: { httpStatusCode: status } });

/** Ids that each request asked for. */
export const asked = () =>
  cloudwatch
    .commandCalls(GetMetricDataCommand)
    .map(({ args }) => args[0].input.MetricDataQueries?.map(({ Id }) => Id));
