import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochSeconds } from '../../domain/usage/time.ts';

/** Datapoints a second that GetMetricData serves, by the age of a request's start. */
export interface DatapointRates {
  /** Requests that start within the last three hours. @default 180_000 */
  readonly recent: number;
  /** Requests that start earlier. @default 396_000 */
  readonly older: number;
}

/** The documented quotas (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html). */
export const DOCUMENTED_RATES: DatapointRates = { recent: 180_000, older: 396_000 };

/** How time passes; tests pass their own. */
export interface Timer {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** Time as it really passes, untouched by changes of the wall clock. */
export const REAL_TIMER: Timer = {
  nowMs: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};

const RECENT_SECONDS = 3 * 3600;

/** Spaces requests so that their datapoints stay within the rates: waiting here is cheaper than being throttled. */
export class DatapointPacer {
  readonly #rates: DatapointRates;
  readonly #timer: Timer;
  readonly #freeAtMs = { recent: 0, older: 0 };

  constructor(rates: DatapointRates, timer: Timer) {
    this.#rates = rates;
    this.#timer = timer;
  }

  /** Waits for this request's turn. */
  async turn(startsAt: EpochSeconds, now: EpochSeconds, datapoints: number): Promise<void> {
    const age = now - startsAt > RECENT_SECONDS ? 'older' : 'recent';
    const nowMs = this.#timer.nowMs();
    const startMs = Math.max(nowMs, this.#freeAtMs[age]);
    this.#freeAtMs[age] = startMs + (datapoints / this.#rates[age]) * 1000;
    if (startMs > nowMs) await this.#timer.sleep(startMs - nowMs);
  }
}
