import type { QuotaGroup } from '../../domain/assess/quota.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import type { Metric } from '../../domain/usage/metric.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import type { MetricFault, UsageQuery } from '../ports.ts';

/** What AWS said to one call. */
export type Probed<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: 'failed'; readonly fault: MetricFault | 'noTime'; readonly detail: string };

/** A metric `AWS/KMS SuccessfulRequest` as ListMetrics shows it, of a known shape or not. */
export interface ListedUse {
  /** Names of all dimensions, sorted. */
  readonly dimensions: readonly string[];
  /** As spelled; undefined without the dimension. */
  readonly operation: string | undefined;
  /** Values of the dimensions that name keys. */
  readonly keys: readonly string[];
  /** Undefined: not of a shape that the detector reads. */
  readonly metric: Metric | undefined;
}

/** A listing, cut short at some pages. */
export interface ListedUses {
  readonly uses: readonly ListedUse[];
  readonly isComplete: boolean;
}

/** A metric to read per minute. Without a unit, whatever the unit is. */
export interface MinuteRead {
  readonly metric: Metric;
  readonly stat: 'Sum' | 'SampleCount';
  readonly unit?: 'Count' | 'None';
}

/** The datapoints there are: start of the minute and value. */
export type Minutes = ReadonlyMap<EpochSeconds, number>;

/** One use of a key in CloudTrail's event history. */
export interface TrailUse {
  readonly at: EpochSeconds;
  readonly operation: string;
  readonly succeeded: boolean;
  /** The keys it names. */
  readonly keyArns: readonly KeyArn[];
}

/** What KMS says of a key's last use. */
export interface LastUse {
  readonly at: EpochSeconds;
  readonly operation: string;
  readonly eventId: string | undefined;
}

/**
 * An AWS account as the doctor asks it: single calls that only read, as raw as the questions need them. No method
 * throws; each failure is an answer of its own.
 */
export interface AccountProbe {
  /** Calls so far, by IAM action. */
  readonly calls: ReadonlyMap<string, number>;
  /** Questions to CloudWatch as a whole; it counts its own metrics. */
  readonly usageQuery: UsageQuery;
  /** Metrics that CloudWatch was asked for by name so far: each is billed. */
  readonly metricsRequested: number;
  /** Seconds by which the clock here is ahead of the one AWS answers with; undefined before the first answer. */
  readonly clockAheadSeconds: number | undefined;
  listUses(): Promise<Probed<ListedUses>>;
  /** One answer per read, in their order: [from, to), whole minutes. At most 500 reads. */
  readMinutes(
    reads: readonly MinuteRead[],
    from: EpochSeconds,
    to: EpochSeconds,
  ): Promise<Probed<readonly Minutes[]>>;
  /** What SERVICE_QUOTA() makes of a CallCount metric; undefined: it returns nothing. */
  quotaFunction(resource: string, from: EpochSeconds, to: EpochSeconds): Promise<Probed<number | undefined>>;
  aliases(): Promise<Probed<ReadonlyMap<KeyArn, readonly string[]>>>;
  describeKey(keyArn: KeyArn): Promise<Probed<true>>;
  lastUse(keyArn: KeyArn): Promise<Probed<LastUse | undefined>>;
  quotas(): Promise<Probed<Readonly<Partial<Record<QuotaGroup, number>>>>>;
  /** One page of uses, newest first. Paced: CloudTrail allows two a second. */
  trail(
    by: { readonly attribute: 'ResourceName' | 'EventId' | 'EventSource'; readonly value: string },
    window?: { readonly from: EpochSeconds; readonly to: EpochSeconds },
  ): Promise<Probed<readonly TrailUse[]>>;
}
