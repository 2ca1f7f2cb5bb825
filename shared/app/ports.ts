import type { KeyDirectory, KeyFacts } from '../domain/assess/key-facts.ts';
import type { QuotaGroup } from '../domain/assess/quota.ts';
import type { Callers } from '../domain/callers/callers.ts';
import type { Acceptance } from '../domain/detection/acceptance.ts';
import type { Baseline } from '../domain/detection/baseline.ts';
import type { BudgetUse } from '../domain/incident/alert-budget.ts';
import type { Incident } from '../domain/incident/incident.ts';
import type { Message } from '../domain/incident/message.ts';
import type { Mute } from '../domain/incident/mute.ts';
import type { IncidentRecord } from '../domain/incident/notification.ts';
import type { RegionPart } from '../domain/incident/region-part.ts';
import type { Notice } from '../domain/notice.ts';
import type { Severity } from '../domain/policy.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { MetricValues } from '../domain/usage/gaps.ts';
import type { KeyArn, Operation, Target } from '../domain/usage/key.ts';
import type { Metric } from '../domain/usage/metric.ts';
import type { MetricBatch } from '../domain/usage/query-plan.ts';
import type { Bin, EpochSeconds } from '../domain/usage/time.ts';

/** The wall clock. Windows and reminders use the run's `asOf` instead. */
export interface Clock {
  now(): EpochSeconds;
}

/** Hears which account and Region of several could not be asked; what the others answered counts. */
export type TargetFault = (target: Target, error: unknown) => void;

/** Which KMS metrics exist. */
export interface MetricDirectory {
  /**
   * Metrics with recent datapoints: of about the last three hours, or of the last two weeks, in every Region that is
   * watched. Throws if none of them could be asked.
   */
  listMetrics(span: 'recentlyActive' | 'all', onFault?: TargetFault): Promise<Metric[]>;
}

/** Why a metric could not be read. */
export type MetricFault = 'forbidden' | 'throttled' | 'internalError' | 'incomplete' | 'unreachable';

/** What became of one metric of a batch: its values (NaN where there is no datapoint), or why there are none. */
export type MetricOutcome =
  | { readonly kind: 'values'; readonly values: MetricValues }
  | { readonly kind: 'fault'; readonly fault: MetricFault; readonly detail: string };

/** Requests per metric and bin. */
export interface MetricSource {
  /** Metrics asked for so far, repeated requests included: each is billed. */
  readonly metricsRequested: number;
  /** One outcome per metric of the batch, in its order. Faults of single metrics are outcomes, never exceptions. */
  fetch(batch: MetricBatch): Promise<readonly MetricOutcome[]>;
}

/** What a question to CloudWatch as a whole came to. */
export type QueryOutcome<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** Not allowed, not possible, or more than an answer can hold. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What CloudWatch can say without being asked metric by metric. */
export interface UsageQuery {
  /** Metrics that questions were billed for so far. */
  readonly metricsRequested: number;
  /** Every metric with requests in [startBin, endBin), of about the last three hours: also those not listed yet. */
  requestsByMetric(startBin: Bin, endBin: Bin): Promise<QueryOutcome<readonly MetricUse[]>>;
  /** Calls that AWS counted against the quotas that keys share in [from, to), with a key or without one. */
  quotaCalls(window: CallWindow): Promise<QueryOutcome<ReadonlyMap<QuotaGroup, number>>>;
}

/** Whole periods from `from` to before `to`. CloudWatch keeps 5-minute sums for 63 days, hourly ones for 455. */
export interface CallWindow {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly periodSeconds: number;
}

/** A metric and its 5-minute sums; NaN where there is no datapoint. */
export interface MetricUse {
  readonly metric: Metric;
  readonly values: MetricValues;
}

/** What is stored of one operation of a key. */
export interface OperationBaseline {
  readonly baseline: Baseline;
  /** For ReEncrypt: the keys on the other side, which CloudWatch's list forgets after two weeks. */
  readonly counterparts: readonly KeyArn[];
  /** Linked accounts that CloudWatch listed the metrics under, own ones as ''. @default the detector's own alone */
  readonly accounts?: readonly string[];
}

/** All baselines of one key: one item, one conditional write. */
export interface KeyBaselines {
  readonly keyArn: KeyArn;
  /** Grows with each write; 0: never stored. */
  readonly version: number;
  readonly operations: ReadonlyMap<Operation, OperationBaseline>;
  /**
   * Operations whose stored bytes cannot be read, and why; `ALL_OPERATIONS` if it is the item itself. They are kept
   * as they are and never overwritten.
   */
  readonly unreadable: ReadonlyMap<Operation, string>;
}

/** Stands for every operation of a key in `KeyBaselines.unreadable`. */
export const ALL_OPERATIONS: Operation = '*';

/** Whether a conditional write took effect. */
export type WriteOutcome = 'written' | 'conflict';

/** The rolling baselines, which are the directory of known keys, too. */
export interface BaselineStore {
  /** Every key's, or those of one shard (`shardOf`). */
  loadAll(shard?: number): Promise<KeyBaselines[]>;
  /** Writes the operations given and leaves others alone, if the stored version is still `key.version`. */
  save(key: KeyBaselines, expiresAt: EpochSeconds): Promise<WriteOutcome>;
}

/** An incident record and the version it was read at; 0: not stored yet. */
export interface Versioned {
  readonly record: IncidentRecord;
  readonly version: number;
}

/** A stored item that cannot be read, by its sort key, and why. */
export interface UnreadableItem {
  readonly item: string;
  readonly reason: string;
}

/** The open incidents, and the items that may hide others. */
export interface OpenIncidents {
  readonly open: readonly Versioned[];
  readonly unreadable: readonly UnreadableItem[];
}

/** Open incidents with their pending deliveries, and the closed ones. */
export interface IncidentStore {
  loadOpen(): Promise<OpenIncidents>;
  /** The conditional write that claims a transition together with its deliveries. */
  put(record: IncidentRecord, expectedVersion: number): Promise<WriteOutcome>;
  /** Keeps a closed incident for 400 days; repeating it changes nothing. */
  archive(incident: Incident): Promise<void>;
  /** Removes the open item, if its version is still this; that it is gone already is fine. */
  remove(keyArn: KeyArn, expectedVersion: number): Promise<WriteOutcome>;
  /** Closed incidents of a key, newest first. */
  closed(keyArn: KeyArn, limit: number): Promise<Incident[]>;
}

/** What people have told the detector, and the items that may hide more. */
export interface Commands {
  /** Mutes that nobody has ended and whose time has not come yet. */
  readonly mutes: readonly Mute[];
  /** Every acceptance there ever was. */
  readonly acceptances: readonly Acceptance[];
  readonly unreadable: readonly UnreadableItem[];
}

/** Mutes and acceptances. */
export interface CommandStore {
  /** What holds at this instant or later. */
  load(asOf: EpochSeconds): Promise<Commands>;
  /** Writes a new mute; putting the same again changes nothing, another one under its id is a conflict. */
  putMute(mute: Mute): Promise<WriteOutcome>;
  /** Ends a mute early and keeps who did; a conflict if it is not there or has been ended already. */
  endMute(id: string, by: string, at: EpochSeconds): Promise<WriteOutcome>;
  /** Writes a new acceptance, which is never deleted; the same rules as for a mute. */
  putAcceptance(acceptance: Acceptance): Promise<WriteOutcome>;
}

/** A notice and the version it was read at; 0: not stored yet. */
export interface VersionedNotice {
  readonly notice: Notice;
  readonly version: number;
}

/** Messages without an incident. */
export interface NoticeStore {
  /** All that are kept. One that cannot be read is left out and logged; `put` still refuses to make it anew. */
  load(): Promise<VersionedNotice[]>;
  /** Version 0 makes a notice, unless there is one with its id. Without `expiresAt` it is kept for ever. */
  put(notice: Notice, expectedVersion: number, expiresAt?: EpochSeconds): Promise<WriteOutcome>;
}

/** Whether the lease was taken, or which run holds it. */
export type LeaseOutcome = { readonly held: true } | { readonly held: false; readonly by: string };

/** What was listed for one shard, and when. */
export interface ShardListing {
  readonly at: EpochSeconds;
  /** Of every key of the shard; a ReEncrypt pair is listed for the shards of both keys. */
  readonly metrics: readonly Metric[];
}

/** What the check of one shard came to. */
export interface ShardPart {
  readonly report: RunReport;
  /** One for each account and Region of its keys. */
  readonly regions: readonly RegionPart[];
}

/** What the steps of a check that is divided hand on to each other. */
export interface ShardStore {
  saveListing(shard: number, listing: ShardListing): Promise<void>;
  loadListing(shard: number): Promise<ShardListing | undefined>;
  /** Kept under the moment that its check stands for, so checks that overlap overwrite only their own parts. */
  savePart(shard: number, part: ShardPart): Promise<void>;
  /** What the check of that moment came to in the shard; undefined: nothing is known. */
  loadPart(shard: number, asOf: EpochSeconds): Promise<ShardPart | undefined>;
  /** What the newest check of the shard came to, within the days that parts are kept; undefined: none is known. */
  loadLastPart(shard: number): Promise<ShardPart | undefined>;
}

/** State of the runs themselves. */
export interface RunStore {
  /** Takes the lease unless another run holds it; returns the holder's run id in that case. */
  acquireLease(runId: string, now: EpochSeconds, seconds: number): Promise<LeaseOutcome>;
  releaseLease(runId: string): Promise<void>;
  lastReport(): Promise<RunReport | undefined>;
  saveReport(report: RunReport): Promise<void>;
  /** When all metrics were listed last; undefined: never. */
  lastDiscovery(): Promise<EpochSeconds | undefined>;
  saveDiscovery(at: EpochSeconds): Promise<void>;
  /** Messages sent in the hour that was last saved; undefined: never. */
  budgetUse(): Promise<BudgetUse | undefined>;
  saveBudgetUse(use: BudgetUse): Promise<void>;
}

/** KMS: names and specs of keys. */
export interface KeyLookup {
  /**
   * All aliases that point to a key, by key ARN: those of the detector's own account in every Region that is watched,
   * and of the targets in other accounts, where it may look. Throws if nowhere could be asked.
   */
  listAliases(
    targets?: readonly Target[],
    onFault?: TargetFault,
  ): Promise<ReadonlyMap<KeyArn, readonly string[]>>;
  /**
   * Spec, manager and description; undefined if the key is gone or not ours to see. `account`: the linked account that
   * owns the key.
   */
  describeKey(keyArn: KeyArn, account?: string): Promise<Omit<KeyFacts, 'keyArn' | 'aliases'> | undefined>;
}

/** Service Quotas: what KMS admits of an account and Region. */
export interface QuotaLookup {
  /**
   * Requests per second of each shared quota that is listed, adjusted or not; undefined in an account where the detector
   * may not look.
   * @param target `@default` the account and Region of the detector
   */
  readQuotas(target?: Target): Promise<Readonly<Partial<Record<QuotaGroup, number>>> | undefined>;
}

/** Key facts as last read, so that a KMS outage costs no name. */
export interface KeyFactsStore {
  load(): Promise<KeyDirectory>;
  save(directory: KeyDirectory): Promise<void>;
}

/** CloudTrail: who calls a key. */
export interface CallerSource {
  /**
   * A sample of the key's calls in [from, to). Never throws: a refused, throttled or failed look and a key without
   * events are `unknown`, with the reason in plain words. Stops at `deadline` with what it has read by then.
   */
  callersOf(question: CallerQuestion): Promise<Callers>;
}

/** Whose callers are asked for, and how long the answer may take. */
export interface CallerQuestion {
  readonly keyArn: KeyArn;
  /** The linked account in which the key is used. @default the detector's own */
  readonly account?: string;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** By the clock of the run, such as `DetectRequest.deadline`. */
  readonly deadline: EpochSeconds;
}

/** What a receiver said to one message. */
export type SendOutcome =
  | {
      readonly kind: 'sent';
      readonly proof: string;
      /** Where the message is, in the receiver's own words: later messages of the incident are sent with it. */
      readonly reference?: string;
    }
  | { readonly kind: 'noAudience'; readonly reason: string; readonly proof: string }
  /** Worth another try; not before `afterSeconds`, if the receiver said so. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterSeconds?: number }
  /** The same message would be refused again: a revoked webhook, a deleted topic. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How many people a topic reaches. */
export interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}

/** Somewhere people hear of incidents: renders the message in its own form and sends it. Never throws. */
export interface Receiver {
  readonly name: 'sns' | 'slack' | 'pagerduty' | 'event';
  /** What it hears unless the policy says otherwise. */
  readonly severities: readonly Severity[];
  /** Whether several openings may be told in one message. */
  readonly groups: boolean;
  /** Whether it keeps an alert that stops to ring when somebody has it. @default false */
  readonly acknowledges?: boolean;
  /** `earlier`: the reference this receiver gave for an earlier message of the same incident. */
  send(message: Message, earlier?: string): Promise<SendOutcome>;
  /** Who has subscribed, where there is such a thing; a sentence if it cannot be told. Never throws. */
  subscriptions?(): Promise<Subscriptions | string>;
  /** Why its credential cannot be used, without sending; undefined: it can be read and is well formed. Never throws. */
  credentialTrouble?(): Promise<string | undefined>;
}

/** The least a use case needs to say what it does. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
