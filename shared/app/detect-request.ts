import type { Quota, QuotaGroup } from '../domain/assess/quota.ts';
import type { MessageOrigin } from '../domain/incident/message.ts';
import type { Policy } from '../domain/policy.ts';
import type { EpochSeconds } from '../domain/usage/time.ts';
import type { JudgementObserver } from './judgement-observer.ts';
import type {
  BaselineStore,
  CallerSource,
  Clock,
  CommandStore,
  IncidentStore,
  KeyFactsStore,
  KeyLookup,
  Log,
  MetricDirectory,
  MetricSource,
  NoticeStore,
  QuotaLookup,
  Receiver,
  RunStore,
} from './ports.ts';
import type { Nameable } from './requested-names.ts';

/** The world as the pipeline sees it. */
export interface DetectPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metricDirectory: MetricDirectory;
  readonly metrics: MetricSource;
  readonly baselines: BaselineStore;
  readonly incidents: IncidentStore;
  readonly commands: CommandStore;
  readonly notices: NoticeStore;
  readonly runs: RunStore;
  readonly keyLookup: KeyLookup;
  readonly quotaLookup: QuotaLookup;
  readonly facts: KeyFactsStore;
  readonly callers: CallerSource;
  readonly receivers: readonly Receiver[];
}

/** What the detector's own bill is computed from and held under. */
export interface Spending {
  /** Dollars a month, of the whole bill. */
  readonly monthlyUsdCap: number;
  readonly scheduleMinutes: number;
  /** Metrics of its own that a run emits. */
  readonly customMetrics: number;
  /** Whether a secret is kept for a receiver. */
  readonly slack: boolean;
}

/** The Regions and accounts of a deployment. */
export interface Watched {
  readonly regions: readonly string[];
  /** Whether the accounts that are linked to this one in CloudWatch are watched, too. */
  readonly linkedAccounts: boolean;
  /** The read-only role that they keep for the detector; absent: none. */
  readonly enrichmentRole?: string;
}

/** What holds for every run of a deployment. */
export interface DetectSettings {
  readonly policy: Policy;
  readonly origin: MessageOrigin;
  readonly settleSeconds: number;
  /** What is watched; absent: whatever CloudWatch lists. */
  readonly watched?: Watched;
  /** Messages a receiver is sent in an hour; further ones are held and told together. Pages always go at once. */
  readonly maxMessagesPerHour: number;
  /** What the detector itself may cost, and what it is made of; absent: everything is read in every run. */
  readonly spending?: Spending;
  /** The documented default, for quotas that were never read. @param region `@default` the detector's own */
  readonly quota: (group: QuotaGroup, region?: string) => Quota;
  /** Series that one replay may read the history of. @default 500, what the Lambda's time allows */
  readonly maxReplayedSeries?: number;
  /** Hears what there is, so that whoever has named keys can be told which names mean nothing. */
  readonly onFound?: (there: Nameable) => void;
  /** Looks on while keys are judged. */
  readonly observer?: JudgementObserver;
  /** Metrics read before a run looks whether it has time for more. @default 2500, five requests at once */
  readonly metricsReadTogether?: number;
}

/** One check. */
export interface DetectRequest {
  readonly runId: string;
  /** The instant the check stands for. */
  readonly asOf: EpochSeconds;
  /** Wall-clock time at which the run has to be over. */
  readonly deadline: EpochSeconds;
  /** Key ARNs, ids, aliases with or without `alias/`, patterns of them; undefined: all keys. */
  readonly keys?: readonly string[];
  readonly operations?: readonly string[];
  /** Baselines are replayed from CloudWatch's history instead of read from the store; nothing is written. */
  readonly replay: boolean;
  /** Also judge the bins of this many seconds before the last settled one; only with `replay`. */
  readonly lookbackSeconds: number;
  /** Claim, send and save. Without it nothing is written at all. */
  readonly notify: boolean;
  /** Made by the schedule: only such a run plans digests, reports and the like. @default false */
  readonly scheduled?: boolean;
  /** What this run claims is told by another step: it has to find in the store whatever a message says. @default false */
  readonly toldLater?: boolean;
}

/** A request that only reads, from CloudWatch's history alone, about these keys at this moment. */
export const readOnlyRequest = (
  keys: readonly string[],
  { runId, asOf, deadline }: Pick<DetectRequest, 'runId' | 'asOf' | 'deadline'>,
): DetectRequest => ({
  runId,
  asOf,
  deadline,
  keys,
  replay: true,
  lookbackSeconds: 0,
  notify: false,
});
