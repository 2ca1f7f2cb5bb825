import type { QuotaGroup } from '../assess/quota.ts';
import type { KeyShare, UseSource } from '../assess/region-use.ts';
import type { Severity } from '../policy.ts';
import type { KeyArn, Operation } from '../usage/key.ts';
import { type Bin, binStart, isoTime } from '../usage/time.ts';

/** What one operation does at the moment of a transition, in numbers a message can say. */
export interface OperationFacts {
  readonly operation: Operation;
  /** Length of the window that decided, in seconds: 300 to 86,400. */
  readonly windowSeconds: number;
  /** Requests in that window. */
  readonly requests: number;
  /** Requests usual in such a window. */
  readonly expected: number;
  /** Why, in one plain sentence. */
  readonly reason: string;
}

/** A fixed limit of the policy that is exceeded. */
export interface ThresholdFacts {
  readonly name: string;
  readonly periodSeconds: number;
  readonly requests: number;
  readonly usd: number;
  /** The limit itself, in requests or dollars in the period. */
  readonly above?: number;
  readonly aboveUsd?: number;
}

/** A request quota that all keys of a Region are about to fill: what the Region's own incident is about. */
export interface RegionFacts {
  readonly group: QuotaGroup;
  /** All keys together, in the newest bin. */
  readonly requestsPerSecond: number;
  /** What they usually make together at this time; undefined while a key in use is not learned yet. */
  readonly usualPerSecond?: number;
  readonly source: UseSource;
  /** Keys that use the quota besides those in `busiestKeys`. */
  readonly otherKeys: number;
}

/** The state of a key, or of a Region's quota, at the moment of a transition: what a message tells, kept with it until it is delivered. */
export interface IncidentFacts {
  readonly bin: Bin;
  readonly operations: readonly OperationFacts[];
  readonly thresholds: readonly ThresholdFacts[];
  /** It is told again because it came back after an hour or more of usual use. */
  readonly isBack?: true;
  /** Whether all of it is a level that stands: reminders are weekly, and only more on top is told at once. */
  readonly standing: boolean;
  /** Observed over expected in the deciding window of the busiest operation; 0 when nothing was expected. */
  readonly ratio: number;
  /** Dollars an hour above the usual, at the present pace. */
  readonly usdPerHour: number;
  /** Upper end of the same where the price is a range (GenerateDataKeyPair). */
  readonly usdPerHourHigh: number;
  /** Excess so far. */
  readonly excessUsd: number;
  readonly excessRequests: number;
  /** Share of the Region's request quota that the key's excess takes, 0..1. */
  readonly quotaShare: number;
  /** Requests a second of all keys over the quota they share, 0..1. */
  readonly regionQuotaShare: number;
  /** Minutes until the quota is reached at the present slope. */
  readonly minutesToThrottling?: number;
  readonly quotaPerSecond: number;
  /** The keys that use most of that quota, busiest first, at most five; only where it is nearly full. */
  readonly busiestKeys?: readonly KeyShare[];
  /** Only where it is the Region's quota itself that is in trouble. Nothing is said of single operations then. */
  readonly region?: RegionFacts;
  /**
   * What was taken as documented because it is not known: `price`, `quota`, `spec`; `quotaOld`: an old copy;
   * `ownPrice`: prices are the policy's, not AWS's list.
   */
  readonly assumed: readonly string[];
  /** Requests of the key per bin, oldest first, up to `bin`, NaN where they are not known: the sparkline. */
  readonly recent: readonly number[];
}

/** Sums over an incident, exact through `throughBin`, which is final; later bins are recounted each run. */
export interface Tally {
  readonly throughBin: Bin;
  readonly lastAboveBin: Bin;
  /** Last bin that was unusual even for the level that stands: more on top is told once, not bin by bin. */
  readonly lastBreachingBin: Bin;
  /** Known bins that were normal since `lastAboveBin`. */
  readonly quietBins: number;
  /** First unusual bin after the last hour or more of usual use; absent: there was none since it opened. */
  readonly resumedBin?: Bin;
  /** Since when it has gone on without a pause of more than half an hour; absent: since its opening. */
  readonly unbrokenSinceBin?: Bin;
  readonly excessRequests: number;
  readonly excessUsd: number;
  readonly peakRatio: number;
  readonly peakUsdPerHour: number;
}

/** One runaway of one key, from its first breaching bin until it has been quiet. */
export interface Incident {
  readonly id: string;
  readonly keyArn: KeyArn;
  readonly status: 'open' | 'resolved';
  readonly severity: Severity;
  readonly operations: readonly Operation[];
  readonly openedBin: Bin;
  /** No transition at or before this bin is repeated, whatever late datapoints say. */
  readonly lastTransitionBin: Bin;
  /** Since when the new level stands: it has lasted for two days and nobody has accepted it. */
  readonly standingBin?: Bin;
  /** Number of the last transition; 1 is the opening. */
  readonly sequence: number;
  /** First bin after the trouble; only when resolved. */
  readonly endedBin?: Bin;
  /**
   * How often it was told to have come back, soon after its end or while it was open; absent: never. From then on it
   * needs a longer quiet to end.
   */
  readonly reopenings?: number;
  /** Who has it: stops reminders, not escalation. */
  readonly ackedBy?: string;
  readonly tally: Tally;
}

/** What happened to an incident, in the order it happened. */
export type IncidentEvent =
  | { readonly type: 'opened'; readonly bin: Bin; readonly severity: Severity; readonly facts: IncidentFacts }
  | {
      readonly type: 'reopened';
      readonly bin: Bin;
      readonly severity: Severity;
      readonly facts: IncidentFacts;
    }
  | {
      readonly type: 'escalated';
      readonly bin: Bin;
      readonly severity: Severity;
      readonly facts: IncidentFacts;
    }
  | {
      readonly type: 'standing';
      readonly bin: Bin;
      readonly severity: Severity;
      readonly facts: IncidentFacts;
    }
  | { readonly type: 'resolved'; readonly bin: Bin; readonly endedBin: Bin; readonly facts: IncidentFacts };

/** A short, stable id: the same key opening at the same bin is the same incident, in every run and every replay. */
export function incidentId(keyArn: KeyArn, openedBin: Bin): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of keyArn) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  const day = isoTime(binStart(openedBin)).slice(0, 16).replace(/[-:]/g, '');
  return `kms-${day}-${hash.toString(36).slice(0, 8)}`;
}
