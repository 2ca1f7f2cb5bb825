import { type Datum, putMetricDataInput } from './cloudwatch-schemas.ts';
import { parseInput, parseTime } from './input.ts';
import type { MetricIdentity } from './metric.ts';
import type { StatisticSet } from './sample-metric.ts';
import { ApiError, type Input } from './service.ts';

/** Samples of one metric at one time. */
export interface PutDatum {
  readonly identity: MetricIdentity;
  readonly epochSeconds: number;
  readonly samples: StatisticSet;
  readonly unit: string;
}

const OLDEST_SECONDS = 14 * 86_400;
const NEWEST_SECONDS = 2 * 3_600;

/**
 * The data of a PutMetricData request
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html).
 *
 * @param acceptAll also takes data for AWS's own namespaces and from any time, which CloudWatch refuses
 */
export function parsePutMetricData(input: Input, now: number, acceptAll: boolean): PutDatum[] {
  const request = parseInput(putMetricDataInput, input);
  const { Namespace: namespace } = request;
  if (!acceptAll && namespace.startsWith('AWS/')) {
    throw invalid(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  return request.MetricData.map((datum, index) => {
    const at = `MetricData.member.${index + 1}`;
    const epochSeconds = datum.Timestamp === undefined ? now : parseTime(datum.Timestamp);
    if (!acceptAll) checkTime(epochSeconds, now, at);
    const identity = { namespace, metricName: datum.MetricName, dimensions: datum.Dimensions ?? [] };
    return { identity, epochSeconds, samples: samplesOf(datum, at), unit: datum.Unit ?? 'None' };
  });
}

function checkTime(epochSeconds: number, now: number, at: string): void {
  if (Number.isNaN(epochSeconds)) throw invalid(`The parameter ${at}.Timestamp is not a valid timestamp.`);
  if (epochSeconds < now - OLDEST_SECONDS) {
    throw invalid(`The parameter ${at}.Timestamp must specify a time within the past two weeks.`);
  }
  if (epochSeconds > now + NEWEST_SECONDS) {
    throw invalid(`The parameter ${at}.Timestamp must specify a time no more than two hours in the future.`);
  }
}

function samplesOf(datum: Datum, at: string): StatisticSet {
  const given = [datum.Value, datum.Values, datum.StatisticValues].filter((value) => value !== undefined);
  if (given.length === 0) {
    const message = `At least one of the parameters ${at}.Value, ${at}.Values, ${at}.StatisticValues must be specified.`;
    throw new ApiError('MissingParameter', message, { shape: 'MissingRequiredParameterException' });
  }
  if (given.length > 1) {
    throw new ApiError(
      'InvalidParameterCombination',
      `The parameters ${at}.Value, ${at}.Values and ${at}.StatisticValues are mutually exclusive and you have specified more than one.`,
      { shape: 'InvalidParameterCombinationException' },
    );
  }
  if (datum.StatisticValues) {
    const { Sum, SampleCount, Minimum, Maximum } = datum.StatisticValues;
    return { sum: Sum, sampleCount: SampleCount, minimum: Minimum, maximum: Maximum };
  }
  const values = datum.Values ?? [datum.Value ?? 0];
  const counts = datum.Counts ?? values.map(() => 1);
  if (counts.length !== values.length || values.length === 0) {
    throw invalid(`The parameters ${at}.Values and ${at}.Counts must have the same size.`);
  }
  return {
    sum: values.reduce((sum, value, i) => sum + value * (counts[i] ?? 0), 0),
    sampleCount: counts.reduce((sum, count) => sum + count, 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  };
}

const invalid = (message: string): ApiError =>
  new ApiError('InvalidParameterValue', message, { shape: 'InvalidParameterValueException' });
