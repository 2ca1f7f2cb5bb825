import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { LocalCloudWatch } from '../../infra/local/cloudwatch.ts';
import { identityOf } from '../../shared/adapters/aws/cloudwatch-metric.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { isUnknown } from '../../shared/domain/usage/series.ts';
import { type Bin, binStart } from '../../shared/domain/usage/time.ts';

/** A client of whatever speaks CloudWatch at the endpoint. */
export const cloudWatchAt = (endpoint: string, maxAttempts = 3): CloudWatchClient =>
  new CloudWatchClient({
    endpoint,
    maxAttempts,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
  });

/** Datapoints that PutMetricData takes at once. */
const MAX_DATA = 1000;

/** Gives a metric datapoints from a bin on, over the wire; NaN leaves a gap. */
export async function putRequests(
  client: CloudWatchClient,
  metric: Metric,
  startBin: Bin,
  values: readonly number[],
): Promise<void> {
  const { Namespace, MetricName, Dimensions } = identityOf(metric);
  const data = values.flatMap((Value, i) => {
    if (isUnknown(Value)) return [];
    const Timestamp = new Date(binStart(startBin + i) * 1000);
    return [{ MetricName, Dimensions, Timestamp, Value, Unit: 'Count' as const }];
  });
  for (let from = 0; from < data.length; from += MAX_DATA) {
    const MetricData = data.slice(from, from + MAX_DATA);
    await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
}

/** The same at the embedded CloudWatch, without the wire: it takes hundreds of thousands a second. */
export function recordRequests(
  cloudwatch: LocalCloudWatch,
  metric: Metric,
  startBin: Bin,
  values: readonly number[],
): Promise<void> {
  const { Namespace: namespace, MetricName: metricName, Dimensions } = identityOf(metric);
  const dimensions = Dimensions.map(({ Name = '', Value = '' }) => ({ Name, Value }));
  for (const [i, value] of values.entries()) {
    if (isUnknown(value)) continue;
    cloudwatch.put({ namespace, metricName, dimensions }, binStart(startBin + i), value);
  }
  return Promise.resolve();
}
