import type { EpochSeconds } from '../usage/time.ts';

/** How often something was seen in a sample, and between which shares the truth lies (95 %). */
export interface SampledShare {
  readonly events: number;
  /** 0..1, of all events of the sample. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** One caller of a key. */
export interface Caller extends SampledShare {
  /** The name people know it by: `role/etl`, `user/anna`, a service such as `s3.amazonaws.com`, `root`. */
  readonly name: string;
  /** ARN of the role, user or root; undefined for a service that acts on its own. */
  readonly arn?: string;
  /** Account of the caller; undefined where CloudTrail does not say. */
  readonly account?: string;
  /** The AWS service that called on the caller's behalf, such as `s3.amazonaws.com`. */
  readonly via?: string;
  /** Source address and user agent seen most: hostile text. */
  readonly source?: string;
  readonly userAgent?: string;
}

/** What the requests were for, by the encryption context: a bucket, a function, a volume. */
export interface Purpose extends SampledShare {
  /** Key of the encryption context, such as `aws:s3:arn`. */
  readonly context: string;
  /** Its value, such as the bucket's ARN; object keys are cut off, so that a bucket is one purpose. */
  readonly value: string;
  /**
   * For `aws:s3:arn` only: what the context named before it was cut. With a Bucket Key S3 names the `bucket`,
   * without one each `object`; a bucket with both kinds of objects is two purposes.
   * Undefined: not known, or another service.
   */
  readonly detail?: 'object' | 'bucket';
  /** Different values that were cut to this one; absent where nothing was cut. */
  readonly distinct?: number;
}

/** Who called a key, as far as CloudTrail's event history shows it. */
export interface CallerSample {
  /** Successful events read. */
  readonly events: number;
  /** First and last event read. */
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** Largest share first, at most 5; the rest is what is missing to 1. */
  readonly callers: readonly Caller[];
  /** Largest share first, at most 5. */
  readonly purposes: readonly Purpose[];
  /** Successful events by operation, at most 5; `ReEncrypt` without the side that the key was on. */
  readonly operations: Readonly<Record<string, number>>;
  /** Refused calls by error code, at most 5: the metric leaves them out. They are not counted in `events`. */
  readonly refused: Readonly<Record<string, number>>;
  /** Events that could not be read; absent: none. */
  readonly unreadable?: number;
}

/** The callers, or why they are not known. */
export type Callers =
  | { readonly kind: 'known'; readonly sample: CallerSample }
  /** `mayCome`: CloudTrail is minutes late, so another look is worth it. */
  | { readonly kind: 'unknown'; readonly why: string; readonly mayCome: boolean };
