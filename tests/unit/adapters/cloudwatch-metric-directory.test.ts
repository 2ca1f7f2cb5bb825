import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { dimensionsOf } from '../../../shared/adapters/aws/cloudwatch-metric.ts';
import { CloudWatchMetricDirectory } from '../../../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { MemoryLog } from '../../../shared/adapters/memory/memory-log.ts';
import type { Metric } from '../../../shared/domain/usage/metric.ts';
import { aKeyArn } from '../../support/keys.ts';

const client = new CloudWatchClient({});
const cloudwatch = mockClient(client);
const directory = new CloudWatchMetricDirectory(client, new MemoryLog());

beforeEach(() => {
  cloudwatch.reset();
});

const aMetric = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });
const listed = (metric: Metric) => ({ Dimensions: dimensionsOf(metric) });

describe('the list of metrics', () => {
  it('is asked for by namespace and name, recently active ones by PT3H', async () => {
    cloudwatch.on(ListMetricsCommand).resolves({});

    await directory.listMetrics('all');
    await directory.listMetrics('recentlyActive');

    const [all, recent] = cloudwatch.commandCalls(ListMetricsCommand).map(({ args }) => args[0].input);
    expect(all).toEqual({ Namespace: 'AWS/KMS', MetricName: 'SuccessfulRequest' });
    expect(recent).toEqual({ ...all, RecentlyActive: 'PT3H' });
  });

  it('is gathered over pages, empty ones and repetitions included', async () => {
    cloudwatch
      .on(ListMetricsCommand)
      .resolvesOnce({ Metrics: [listed(aMetric(1)), listed(aMetric(2))], NextToken: 'a' })
      .resolvesOnce({ NextToken: 'b' })
      .resolvesOnce({ Metrics: [listed(aMetric(2)), listed(aMetric(3))] });

    expect(await directory.listMetrics('all')).toEqual([aMetric(1), aMetric(2), aMetric(3)]);
    expect(cloudwatch).toHaveReceivedNthCommandWith(ListMetricsCommand, 3, { NextToken: 'b' });
  });

  it('does not depend on the order of dimensions', async () => {
    const pair: Metric = { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2) };
    cloudwatch.on(ListMetricsCommand).resolves({
      Metrics: [aMetric(1), pair].map((metric) => ({ Dimensions: dimensionsOf(metric).toReversed() })),
    });

    expect(await directory.listMetrics('all')).toEqual([aMetric(1), pair]);
  });

  it('fails when CloudWatch does', async () => {
    cloudwatch
      .on(ListMetricsCommand)
      .rejects(Object.assign(new Error('Rate exceeded'), { name: 'Throttling' }));

    await expect(directory.listMetrics('all')).rejects.toThrow('Rate exceeded');
  });
});
