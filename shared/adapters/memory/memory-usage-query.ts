import type { Clock, MetricUse, QueryOutcome, UsageQuery } from '../../app/ports.ts';
import type { QuotaGroup } from '../../domain/assess/quota.ts';
import { BIN_SECONDS, type Bin, binStart } from '../../domain/usage/time.ts';
import type { RecordedMetrics } from './recorded-metrics.ts';

const RECENT_SECONDS = 3 * 3600;

/** Answers from recorded metrics, for the last three hours as CloudWatch does, or refuses as it was told. */
export class MemoryUsageQuery implements UsageQuery {
  readonly #recorded: RecordedMetrics;
  readonly #clock: Clock;
  #metricsRequested = 0;
  #refusal: string | undefined;
  #calls: ReadonlyMap<QuotaGroup, number> = new Map();

  constructor(recorded: RecordedMetrics, clock: Clock) {
    this.#recorded = recorded;
    this.#clock = clock;
  }

  get metricsRequested(): number {
    return this.#metricsRequested;
  }

  /** Refuses from now on. */
  refuse(reason: string): void {
    this.#refusal = reason;
  }

  /** What AWS is to have counted against the quotas. */
  count(calls: ReadonlyMap<QuotaGroup, number>): void {
    this.#calls = calls;
  }

  requestsByMetric(startBin: Bin, endBin: Bin): Promise<QueryOutcome<readonly MetricUse[]>> {
    if (this.#refusal) return Promise.resolve({ kind: 'refused', reason: this.#refusal });
    if (binStart(startBin) < this.#clock.now() - RECENT_SECONDS - BIN_SECONDS) {
      return Promise.resolve({
        kind: 'refused',
        reason: 'only the most recent three hours can be asked for',
      });
    }
    const answer = this.#recorded.active(startBin, endBin).map((metric): MetricUse => {
      return { metric, values: { startBin, values: this.#recorded.read(metric, startBin, endBin) } };
    });
    this.#metricsRequested += answer.length;
    return Promise.resolve({ kind: 'answered', answer });
  }

  quotaCalls(): Promise<QueryOutcome<ReadonlyMap<QuotaGroup, number>>> {
    if (this.#refusal) return Promise.resolve({ kind: 'refused', reason: this.#refusal });
    return Promise.resolve({ kind: 'answered', answer: this.#calls });
  }
}
