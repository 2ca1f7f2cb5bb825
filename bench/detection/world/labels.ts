import type { KeyArn, Operation } from '../../../shared/domain/usage/key.ts';

/** A period in which an alert is neither right nor wrong. Times are ISO 8601 UTC. */
export interface Tolerated {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/** What holds for a whole labelled recording. */
interface LabelledSpan {
  /** Bins before only train. */
  readonly judgeFrom: string;
  readonly endsAt: string;
  readonly binSeconds: number;
}

/** A runaway of one key, in money. */
export interface MoneyRunaway extends Tolerated {
  readonly usd: number;
  /** The dearest trailing hour of its excess. */
  readonly peakUsdPerHour: number;
  /** Requests above the usual in each bin from `from` on. */
  readonly excess: readonly number[];
}

/** Labels by key: what the judge of messages needs. */
export interface MoneyLabels extends LabelledSpan {
  readonly usdPerRequest: number;
  /** Number of series: false alarms are counted per 1,000 of them. */
  readonly series: number;
  readonly keys: readonly {
    readonly keyArn: KeyArn;
    readonly shape?: string;
    readonly usdPerMonth?: number;
    readonly runaways: readonly MoneyRunaway[];
    readonly tolerated: readonly Tolerated[];
  }[];
}

/** A runaway of one series, in requests. */
export interface ScoreRunaway extends Tolerated {
  readonly excessRequests: number;
}

/** Labels by series: what the judge of scores needs. */
export interface ScoreLabels extends LabelledSpan {
  readonly series: readonly {
    readonly keyArn: KeyArn;
    readonly operation: Operation;
    /** Median hourly sum of the week before `judgeFrom`. */
    readonly usualHour: number;
    readonly runaways: readonly ScoreRunaway[];
    readonly tolerated: readonly Tolerated[];
  }[];
}
