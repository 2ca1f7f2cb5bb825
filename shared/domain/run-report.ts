import type { Mute } from './incident/mute.ts';
import type { NotifyReason } from './incident/notification.ts';
import type { Severity } from './policy.ts';
import type { KeyArn, Operation } from './usage/key.ts';
import { isoTime } from './usage/time.ts';

/** Examples listed for each reason at most; the count is always whole. */
export const MAX_EXAMPLES = 50;

/** How many, and which: at most 50 by name. */
export interface Counted {
  readonly count: number;
  readonly examples: readonly string[];
}

/** An incident as a run report names it. */
export interface ReportedIncident {
  readonly id: string;
  readonly keyArn: KeyArn;
  readonly alias?: string;
  readonly operations: readonly Operation[];
  readonly status: 'open' | 'resolved';
  readonly severity: Severity;
  /** ISO 8601 UTC. */
  readonly openedAt: string;
  readonly resolvedAt?: string;
  readonly usdPerHour: number;
  readonly excessUsd: number;
  readonly ratio: number;
  /** Who has it; absent while nobody has said so. */
  readonly ackedBy?: string;
  /** What happened to it in this run; absent if nothing did. */
  readonly event?: Exclude<NotifyReason, 'reminder' | 'acknowledged'>;
  readonly reason: string;
}

/** What became of the messages of a run. */
export type DeliveryReport =
  | {
      readonly sent: number;
      readonly pending: number;
      readonly noAudience: number;
      readonly gaveUp: number;
      /** Held back by the alert budget until the next hour. */
      readonly held?: number;
      /** Digest-severity incidents, which are recorded and not sent at once. */
      readonly digestOnly: number;
      /** Kept from people by a mute. */
      readonly muted?: number;
      readonly failures: readonly { readonly receiver: string; readonly reason: string }[];
    }
  /** Nothing was claimed or sent; why. */
  | { readonly left: string; readonly run?: string };

/** A mute as reports and answers name it. */
export interface ReportedMute extends Pick<Mute, 'id' | 'keys' | 'by' | 'reason'> {
  /** ISO 8601 UTC. */
  readonly until: string;
}

/** What the detector itself costs, and how often it reads keys to stay under its cap. */
export interface OwnCost {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  /** ISO 8601 UTC: the last run that read every key that was due. */
  readonly sweptAt: string;
  /** Metrics asked of GetMetricData this month, at $0.01 per 1,000; by checks that told people. */
  readonly metricsThisMonth: number;
  /** The whole bill of a month at the present pace, by list price. */
  readonly usdAMonth: number;
  readonly monthlyUsdCap: number;
  /** The least pace already costs more than the cap. */
  readonly isOverCap: boolean;
  /** Keys read in every run, at least every 15 minutes, and at least every hour. */
  readonly everyRun: number;
  readonly everyQuarterHour: number;
  readonly hourly: number;
  /** Dollars an hour by which the account's calls had jumped, so that everything was read at once; absent: not so. */
  readonly broughtForwardUsdPerHour?: number;
}

/**
 * What one run did. Its counts of keys add up: `keys` = normal + breaching + insufficientData + notChecked +
 * excluded + notDue.
 */
export interface RunReport {
  readonly runId: string;
  /** ISO 8601 UTC: the instant the run stands for. */
  readonly asOf: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly keys: number;
  readonly series: number;
  readonly normal: number;
  readonly breaching: number;
  readonly insufficientData: Readonly<Record<string, Counted>>;
  /** Could not be checked, by reason. */
  readonly notChecked: Readonly<Record<string, Counted>>;
  readonly excluded: number;
  /** Left for a later run, to keep the detector's own bill under its cap; absent: none. */
  readonly notDue?: number;
  readonly incidents: readonly ReportedIncident[];
  readonly delivery: DeliveryReport;
  /** Policy patterns that name no known key. */
  readonly unresolved: readonly string[];
  /** Mutes that hold; absent if there are none. */
  readonly mutes?: readonly ReportedMute[];
  /** Mutes and acceptances that cannot be read, and why; absent if there are none. */
  readonly unreadableCommands?: readonly { readonly item: string; readonly reason: string }[];
  readonly backfill: { readonly done: number; readonly remaining: number };
  /** Facts the run could not refresh and used as last read. */
  readonly stale: readonly string[];
  /** Seconds between now and the newest datapoint seen; undefined if there was none. */
  readonly newestDatapointAgeSeconds?: number;
  /** Metrics requested from GetMetricData, each at $0.01 per 1,000. */
  readonly metricsRequested: number;
  /** Absent where no cap holds. */
  readonly ownCost?: OwnCost;
  /** The key that the next run begins with, where this one's time was too short for all; absent: it was not. */
  readonly resumeAt?: KeyArn;
}

/** A mute as reports name it. */
export const reportMute = ({ id, keys, until, by, reason }: Mute): ReportedMute => {
  return { id, keys, until: isoTime(until), by, reason };
};

/** The counted list with one more member. */
export function countIn(
  counts: Record<string, { count: number; examples: string[] }>,
  reason: string,
  example: string,
): void {
  const entry = counts[reason] ?? { count: 0, examples: [] };
  counts[reason] = entry;
  entry.count++;
  if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(example);
}
