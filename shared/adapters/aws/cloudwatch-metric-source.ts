import { type CloudWatchClient, type MessageData, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import pLimit from 'p-limit';
import type { Clock, Log, MetricOutcome, MetricSource } from '../../app/ports.ts';
import type { MetricBatch } from '../../domain/usage/query-plan.ts';
import { BIN_SECONDS } from '../../domain/usage/time.ts';
import { faultOf } from './cloudwatch-fault.ts';
import { queryOf } from './cloudwatch-metric.ts';
import {
  DatapointPacer,
  type DatapointRates,
  DOCUMENTED_RATES,
  REAL_TIMER,
  type Timer,
} from './datapoint-pacer.ts';
import { answerId, MetricAnswers } from './metric-answers.ts';

/** What may differ between the deployed function, a local run and a test. */
export interface MetricSourceOptions {
  /** Requests under way at once. @default 5 */
  readonly concurrency?: number;
  /** @default the documented quotas */
  readonly rates?: DatapointRates;
  /** @default real time */
  readonly timer?: Timer;
}

/** Requests for a metric that CloudWatch answered with `InternalError` or cut short, beyond the first. */
const MAX_REPEATS = 3;
const FIRST_BACKOFF_MS = 250;

/**
 * Sums over 5-minute periods by GetMetricData. Failed requests are repeated by the client's own retries, results
 * that say `InternalError` by asking again for those metrics alone; what is left is a fault of each metric.
 */
export class CloudWatchMetricSource implements MetricSource {
  readonly #client: CloudWatchClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #pacer: DatapointPacer;
  readonly #timer: Timer;
  #metricsRequested = 0;

  constructor(client: CloudWatchClient, clock: Clock, log: Log, options: MetricSourceOptions = {}) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
    this.#timer = options.timer ?? REAL_TIMER;
    this.#limit = pLimit(options.concurrency ?? 5);
    this.#pacer = new DatapointPacer(options.rates ?? DOCUMENTED_RATES, this.#timer);
  }

  /** Each page of an answer counts anew: whether AWS bills it is not documented, and an estimate must not be low. */
  get metricsRequested(): number {
    return this.#metricsRequested;
  }

  async fetch(batch: MetricBatch): Promise<readonly MetricOutcome[]> {
    const { metrics, startBin, endBin } = batch;
    if (endBin <= startBin) {
      return metrics.map(() => ({ kind: 'values', values: { startBin, values: new Float64Array(0) } }));
    }
    const answers = new MetricAnswers(batch);
    if (metrics.length > 0) await this.#limit(() => this.#settle(batch, answers));
    return answers.outcomes();
  }

  async #settle(batch: MetricBatch, answers: MetricAnswers): Promise<void> {
    let positions = [...batch.metrics.keys()];
    for (let repeats = 0; ; repeats++) {
      answers.restart(positions);
      await this.#request(batch, positions, answers);
      positions = answers.unsettled(positions);
      if (positions.length === 0 || repeats === MAX_REPEATS) return;
      await this.#timer.sleep(FIRST_BACKOFF_MS * 2 ** repeats * (0.5 + Math.random()));
    }
  }

  async #request(batch: MetricBatch, positions: readonly number[], answers: MetricAnswers): Promise<void> {
    const messages: MessageData[] = [];
    const { periodSeconds = BIN_SECONDS } = batch;
    const startsAt = batch.startBin * periodSeconds;
    const queries = positions.flatMap((position) => {
      const metric = batch.metrics[position];
      return metric ? [queryOf(metric, answerId(position), periodSeconds)] : [];
    });
    try {
      await this.#pacer.turn(startsAt, this.#clock.now(), queries.length * (batch.endBin - batch.startBin));
      const pages = paginateGetMetricData(
        { client: this.#client, stopOnSameToken: true },
        {
          MetricDataQueries: queries,
          StartTime: new Date(startsAt * 1000),
          EndTime: new Date(batch.endBin * periodSeconds * 1000),
          ScanBy: 'TimestampAscending',
        },
      );
      let nextToken: string | undefined;
      for await (const page of pages) {
        this.#metricsRequested += queries.length;
        answers.add(page.MetricDataResults ?? []);
        messages.push(...(page.Messages ?? []));
        nextToken = page.NextToken;
      }
      if (nextToken) answers.fail(positions, 'incomplete', 'the same page was offered again and again');
    } catch (error) {
      const { fault, detail } = faultOf(error);
      answers.fail(positions, fault, detail);
      this.#log.warn('A GetMetricData request failed', { metrics: queries.length, fault, detail });
    }
    if (messages.length > 0) {
      this.#log.warn('GetMetricData had something to say', {
        messages: messages.slice(0, 5),
        count: messages.length,
      });
    }
  }
}
