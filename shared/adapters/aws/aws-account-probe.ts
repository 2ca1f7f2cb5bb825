import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type Metric as ListedMetric,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeKeyCommand, GetKeyLastUsageCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type {
  AccountProbe,
  LastUse,
  ListedUse,
  ListedUses,
  MinuteRead,
  Minutes,
  Probed,
  TrailUse,
} from '../../app/doctor/account-probe.ts';
import type { QueryOutcome, UsageQuery } from '../../app/ports.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import { watchDate } from './aws-clock.ts';
import { parseTrailUse } from './cloudtrail-use.ts';
import { faultOf } from './cloudwatch-fault.ts';
import { identityOf, METRIC_NAME, metricOf, NAMESPACE } from './cloudwatch-metric.ts';
import { CloudWatchUsageQuery } from './cloudwatch-usage-query.ts';
import { countCalls } from './count-calls.ts';
import { REAL_TIMER, type Timer } from './datapoint-pacer.ts';
import { KmsKeyLookup } from './kms-key-lookup.ts';
import { ServiceQuotasLookup } from './service-quotas-lookup.ts';

/** Clients of one account and Region, and until when they may be used. */
export interface AccountProbeOptions {
  readonly cloudWatch: CloudWatchClient;
  readonly cloudTrail: CloudTrailClient;
  readonly kms: KMSClient;
  readonly serviceQuotas: ServiceQuotasClient;
  /** Seconds from now on in which calls may be made; later ones answer `noTime`. */
  readonly seconds: number;
  /** Milliseconds between two look-ups in CloudTrail. @default 550, a little less than two a second */
  readonly spacingMs?: number;
  /** @default real time */
  readonly timer?: Timer;
  /** The clock that is compared with AWS's. @default the machine's */
  readonly wallClockMs?: () => number;
}

/** Pages of ListMetrics that are read: 5,000 metrics are enough to know their shapes. */
const MAX_PAGES = 10;
/** One call may take this long. */
const CALL_TIMEOUT_MS = 20_000;

/** Single calls that only read; all of them are in the read-only policy that `kms-runaway permissions` prints. */
export class AwsAccountProbe implements AccountProbe {
  readonly calls: ReadonlyMap<string, number>;
  readonly usageQuery: UsageQuery;
  readonly #options: AccountProbeOptions;
  readonly #timer: Timer;
  readonly #untilMs: number;
  readonly #aheadSeconds: () => number | undefined;
  #metricsRequested = 0;
  #trailFreeAtMs = 0;

  constructor(options: AccountProbeOptions) {
    this.#options = options;
    this.#timer = options.timer ?? REAL_TIMER;
    this.#untilMs = this.#timer.nowMs() + options.seconds * 1000;
    this.#aheadSeconds = watchDate(options.cloudWatch, options.wallClockMs);
    this.usageQuery = this.#timed(new CloudWatchUsageQuery(options.cloudWatch));
    const { cloudWatch, cloudTrail, kms, serviceQuotas } = options;
    this.calls = countCalls({
      cloudwatch: cloudWatch,
      cloudtrail: cloudTrail,
      kms,
      servicequotas: serviceQuotas,
    });
  }

  get metricsRequested(): number {
    return this.#metricsRequested;
  }

  get clockAheadSeconds(): number | undefined {
    return this.#aheadSeconds();
  }

  async listUses(): Promise<Probed<ListedUses>> {
    const uses: ListedUse[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const token: { NextToken?: string } = NextToken === undefined ? {} : { NextToken };
      const input = { Namespace: NAMESPACE, MetricName: METRIC_NAME, ...token };
      const listed = await this.#call((abort) =>
        this.#options.cloudWatch.send(new ListMetricsCommand(input), abort),
      );
      if (listed.kind === 'failed') return listed;
      uses.push(...(listed.answer.Metrics ?? []).map(listedUse));
      NextToken = listed.answer.NextToken;
      if (NextToken === undefined) return { kind: 'answered', answer: { uses, isComplete: true } };
    }
    return { kind: 'answered', answer: { uses, isComplete: false } };
  }

  async readMinutes(
    reads: readonly MinuteRead[],
    from: EpochSeconds,
    to: EpochSeconds,
  ): Promise<Probed<readonly Minutes[]>> {
    if (reads.length === 0) return { kind: 'answered', answer: [] };
    this.#metricsRequested += reads.length;
    const input = {
      MetricDataQueries: reads.map(({ metric, stat, unit }, i) => ({
        Id: `m${i}`,
        MetricStat: {
          Metric: identityOf(metric),
          Period: 60,
          Stat: stat,
          ...(unit === undefined ? {} : { Unit: unit }),
        },
      })),
      ...span(from, to),
    };
    const asked = await this.#call((abort) =>
      this.#options.cloudWatch.send(new GetMetricDataCommand(input), abort),
    );
    if (asked.kind === 'failed') return asked;
    const { MetricDataResults = [], NextToken } = asked.answer;
    const bad = MetricDataResults.find(({ StatusCode }) => StatusCode !== 'Complete');
    if (bad || NextToken !== undefined) {
      const fault = bad?.StatusCode === 'Forbidden' ? 'forbidden' : 'incomplete';
      return { kind: 'failed', fault, detail: `StatusCode ${bad?.StatusCode ?? 'PartialData'}` };
    }
    const minutes = reads.map((_, i): Minutes => {
      const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === `m${i}`) ?? {};
      return new Map(Timestamps.map((time, n) => [time.getTime() / 1000, Values[n] ?? Number.NaN]));
    });
    return { kind: 'answered', answer: minutes };
  }

  async quotaFunction(
    resource: string,
    from: EpochSeconds,
    to: EpochSeconds,
  ): Promise<Probed<number | undefined>> {
    this.#metricsRequested++;
    const Metric = identityOf({ kind: 'callCount', resource });
    const input = {
      MetricDataQueries: [
        { Id: 'calls', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
        { Id: 'quota', Expression: 'SERVICE_QUOTA(calls)' },
      ],
      ...span(from, to),
    };
    const asked = await this.#call((abort) =>
      this.#options.cloudWatch.send(new GetMetricDataCommand(input), abort),
    );
    return asked.kind === 'failed'
      ? asked
      : { kind: 'answered', answer: asked.answer.MetricDataResults?.[0]?.Values?.[0] };
  }

  aliases(): Promise<Probed<ReadonlyMap<KeyArn, readonly string[]>>> {
    return this.#call(() => new KmsKeyLookup(this.#options.kms).listAliases());
  }

  describeKey(keyArn: KeyArn): Promise<Probed<true>> {
    return this.#call(async (abort) => {
      await this.#options.kms.send(new DescribeKeyCommand({ KeyId: keyArn }), abort);
      return true as const;
    });
  }

  lastUse(keyArn: KeyArn): Promise<Probed<LastUse | undefined>> {
    return this.#call(async (abort) => {
      const { KeyLastUsage } = await this.#options.kms.send(
        new GetKeyLastUsageCommand({ KeyId: keyArn }),
        abort,
      );
      const { Timestamp, Operation, CloudTrailEventId } = KeyLastUsage ?? {};
      return Timestamp
        ? { at: Timestamp.getTime() / 1000, operation: Operation ?? '', eventId: CloudTrailEventId }
        : undefined;
    });
  }

  quotas(): ReturnType<AccountProbe['quotas']> {
    return this.#call(() => new ServiceQuotasLookup(this.#options.serviceQuotas).readQuotas());
  }

  async trail(...[by, window]: Parameters<AccountProbe['trail']>): Promise<Probed<readonly TrailUse[]>> {
    const waitMs = this.#trailFreeAtMs - this.#timer.nowMs();
    if (waitMs > 0) await this.#timer.sleep(waitMs);
    this.#trailFreeAtMs = this.#timer.nowMs() + (this.#options.spacingMs ?? 550);
    const input = {
      LookupAttributes: [{ AttributeKey: by.attribute, AttributeValue: by.value }],
      ...(window ? span(window.from, window.to - 1) : {}),
    };
    return this.#call(async (abort) => {
      const { Events = [] } = await this.#options.cloudTrail.send(new LookupEventsCommand(input), abort);
      return Events.flatMap((event) => parseTrailUse(event) ?? []);
    });
  }

  async #call<T>(ask: (abort: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<Probed<T>> {
    const leftMs = this.#untilMs - this.#timer.nowMs();
    if (leftMs <= 0) return { kind: 'failed', fault: 'noTime', detail: 'the time for all questions is over' };
    const abort = new AbortController();
    const timeoutMs = Math.ceil(Math.min(CALL_TIMEOUT_MS, leftMs));
    let timeout: NodeJS.Timeout | undefined;
    try {
      // Not every adapter hands the signal on: the race ends the wait, whoever asks.
      const late = new Promise<never>((_, reject) => {
        timeout = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
      });
      return { kind: 'answered', answer: await Promise.race([ask({ abortSignal: abort.signal }), late]) };
    } catch (error) {
      return { kind: 'failed', ...faultOf(error) };
    } finally {
      clearTimeout(timeout);
      abort.abort();
    }
  }

  /** The same questions, of which none outlasts the time for all. */
  #timed(query: UsageQuery): UsageQuery {
    const inTime = async <T>(ask: () => Promise<QueryOutcome<T>>): Promise<QueryOutcome<T>> => {
      const asked = await this.#call(ask);
      return asked.kind === 'answered' ? asked.answer : { kind: 'refused', reason: asked.detail };
    };
    return {
      get metricsRequested() {
        return query.metricsRequested;
      },
      requestsByMetric: (startBin, endBin) => inTime(() => query.requestsByMetric(startBin, endBin)),
      quotaCalls: (window) => inTime(() => query.quotaCalls(window)),
    };
  }
}

const span = (from: EpochSeconds, to: EpochSeconds) => ({
  StartTime: new Date(from * 1000),
  EndTime: new Date(to * 1000),
});

function listedUse(listed: ListedMetric): ListedUse {
  const dimensions = listed.Dimensions ?? [];
  const metric = metricOf(listed);
  return {
    dimensions: dimensions.map(({ Name = '' }) => Name).toSorted(),
    operation: dimensions.find(({ Name }) => Name === 'Operation')?.Value,
    keys: dimensions.flatMap(({ Name = '', Value }) => (Name.endsWith('KeyArn') && Value ? [Value] : [])),
    metric: typeof metric === 'string' ? undefined : metric,
  };
}
