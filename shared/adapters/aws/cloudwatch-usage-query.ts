import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import type { CallWindow, MetricUse, QueryOutcome, UsageQuery } from '../../app/ports.ts';
import { CALL_COUNT_RESOURCES, QUOTA_GROUPS, type QuotaGroup } from '../../domain/assess/quota.ts';
import { parseKeyArn } from '../../domain/usage/key.ts';
import { type Metric, metricName } from '../../domain/usage/metric.ts';
import { UNKNOWN } from '../../domain/usage/series.ts';
import { BIN_SECONDS, type Bin, binAt, binStart, type EpochSeconds } from '../../domain/usage/time.ts';
import { faultOf } from './cloudwatch-fault.ts';
import { METRIC_NAME, NAMESPACE } from './cloudwatch-metric.ts';

/**
 * Groups that a Metrics Insights query returns at most
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html): so many may be cut short.
 */
export const MAX_GROUPS = 500;

/** A query for each dimension shape: `SCHEMA` takes exactly these. `Operation` is a reserved word and wants quotes. */
const SHAPES = {
  key: 'KeyArn, "Operation"',
  reEncrypt: 'SourceKeyArn, DestinationKeyArn, "Operation"',
} as const;

type Shape = keyof typeof SHAPES;

const queryText = (dimensions: string): string =>
  `SELECT SUM(${METRIC_NAME}) FROM SCHEMA("${NAMESPACE}", ${dimensions}) GROUP BY ${dimensions} ORDER BY SUM() DESC LIMIT ${MAX_GROUPS}`;

/** The shared quotas whose calls AWS counts, and what it calls them. */
const QUOTA_RESOURCES = QUOTA_GROUPS.flatMap((group) => {
  const resource = CALL_COUNT_RESOURCES[group];
  return resource === undefined ? [] : [{ group, resource }];
});

/** What is wrong with an answer that is none of the requests' own faults. */
class UnusableAnswerError extends Error {
  override name = 'UnusableAnswerError' as const;
}

/** Questions to the whole of CloudWatch: Metrics Insights over `AWS/KMS`, and the calls of `AWS/Usage`. */
export class CloudWatchUsageQuery implements UsageQuery {
  readonly #client: CloudWatchClient;
  #metricsRequested = 0;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  /** A query is billed for each metric that it analyses: as many as it has groups. */
  get metricsRequested(): number {
    return this.#metricsRequested;
  }

  requestsByMetric(startBin: Bin, endBin: Bin): Promise<QueryOutcome<readonly MetricUse[]>> {
    return orRefused(async () => {
      const [keys, pairs] = await Promise.all([
        this.#groups('key', startBin, endBin),
        this.#groups('reEncrypt', startBin, endBin),
      ]);
      return [...keys, ...pairs];
    });
  }

  quotaCalls(window: CallWindow): Promise<QueryOutcome<ReadonlyMap<QuotaGroup, number>>> {
    return orRefused(async () => {
      const queries = QUOTA_RESOURCES.map(({ group, resource }) =>
        callCountQuery(group, resource, window.periodSeconds),
      );
      this.#metricsRequested += queries.length;
      const calls = new Map<QuotaGroup, number>();
      for (const { Id, Values = [] } of await this.#ask(queries, window.from, window.to)) {
        const group = QUOTA_RESOURCES.find((one) => one.group === Id)?.group;
        const sum = Values.reduce((total, value) => total + value, 0);
        if (group && Values.length > 0) calls.set(group, (calls.get(group) ?? 0) + sum);
      }
      return calls;
    });
  }

  async #groups(shape: Shape, startBin: Bin, endBin: Bin): Promise<MetricUse[]> {
    const query = { Id: 'top', Expression: queryText(SHAPES[shape]), Period: BIN_SECONDS };
    const results = await this.#ask([query], binStart(startBin), binStart(endBin));
    const uses = new Map<string, MetricUse>();
    for (const { Label = '', Timestamps = [], Values = [] } of results) {
      const metric = metricOfLabel(shape, Label);
      if (!metric) throw new UnusableAnswerError(`a group is labelled ${JSON.stringify(Label.slice(0, 80))}`);
      const values = uses.get(metricName(metric))?.values.values ?? unknownBins(endBin - startBin);
      for (const [i, timestamp] of Timestamps.entries()) {
        values[binAt(timestamp.getTime() / 1000) - startBin] = Values[i] ?? UNKNOWN;
      }
      uses.set(metricName(metric), { metric, values: { startBin, values } });
    }
    this.#metricsRequested += uses.size;
    if (uses.size >= MAX_GROUPS) throw new UnusableAnswerError(`${MAX_GROUPS} groups, and there may be more`);
    return [...uses.values()];
  }

  /** All results of a request; one that is not complete, or that AWS has something to say about, is not usable. */
  async #ask(
    queries: readonly MetricDataQuery[],
    from: EpochSeconds,
    to: EpochSeconds,
  ): Promise<MetricDataResult[]> {
    const results: MetricDataResult[] = [];
    const pages = paginateGetMetricData(
      { client: this.#client, stopOnSameToken: true },
      {
        MetricDataQueries: [...queries],
        StartTime: new Date(from * 1000),
        EndTime: new Date(to * 1000),
        ScanBy: 'TimestampAscending',
      },
    );
    let last: string | undefined;
    for await (const { MetricDataResults = [], Messages = [], NextToken } of pages) {
      const [message] = Messages;
      if (message) throw new UnusableAnswerError(`${message.Code ?? ''}: ${message.Value ?? ''}`);
      results.push(...MetricDataResults);
      last = NextToken;
    }
    // What a page cuts is `PartialData` and goes on in the next one.
    const bad = results.find(
      ({ StatusCode, Label }) =>
        StatusCode !== 'Complete' && !results.some((r) => r.Label === Label && r.StatusCode === 'Complete'),
    );
    if (bad || last) throw new UnusableAnswerError(`StatusCode ${bad?.StatusCode ?? 'PartialData'}`);
    return results;
  }
}

const unknownBins = (length: number): Float64Array => new Float64Array(length).fill(UNKNOWN);

const callCountQuery = (group: QuotaGroup, resource: string, Period: number): MetricDataQuery => ({
  Id: group,
  Label: group,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/Usage',
      MetricName: 'CallCount',
      Dimensions: [
        { Name: 'Type', Value: 'API' },
        { Name: 'Service', Value: 'KMS' },
        { Name: 'Class', Value: 'None' },
        { Name: 'Resource', Value: resource },
      ],
    },
    Period,
    Stat: 'Sum',
  },
});

/** The metric of a group, whose label holds the dimensions' values in the order of GROUP BY. */
function metricOfLabel(shape: Shape, label: string): Metric | undefined {
  const values = label.split(/[\s,]+/);
  const [first = '', second = ''] = values;
  const keyArn = parseKeyArn(first);
  if (!keyArn) return undefined;
  if (shape === 'key')
    return values.length === 2 && second ? { kind: 'key', keyArn, operation: second } : undefined;
  const destination = parseKeyArn(second);
  return values.length === 3 && destination ? { kind: 'reEncrypt', source: keyArn, destination } : undefined;
}

async function orRefused<T>(ask: () => Promise<T>): Promise<QueryOutcome<T>> {
  try {
    return { kind: 'answered', answer: await ask() };
  } catch (error) {
    const reason = error instanceof UnusableAnswerError ? error.message : faultOf(error).detail;
    return { kind: 'refused', reason };
  }
}
