import { type Random, randomFrom } from '../../bench/detection/world/random.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { binAt, binEnd, type EpochSeconds, HOUR_SECONDS } from '../../shared/domain/usage/time.ts';
import type { ChaosWorld, Runaway } from './world.ts';

/** What may go wrong, and for how many hours at a stretch at most. */
const KINDS = {
  /** Metrics answer with a fault instead of values. */
  unreadMetrics: 12,
  /** Datapoints come up to 25 minutes late, or in part at first. */
  lateDatapoints: 24,
  /** ListMetrics fails, or leaves some out. */
  listing: 8,
  /** ListMetrics has forgotten keys that were known before. */
  forgotten: 96,
  /** KMS and Service Quotas do not answer. */
  names: 24,
  /** Calls of the table fail, before or after they took effect. */
  table: 8,
  /** Stored items are of a newer version, cut off, or cannot be read. */
  unreadable: 8,
  /** The credentials have expired: AWS answers nothing. */
  credentials: 8,
  /** Conditional writes fail. */
  conflicts: 8,
  /** Runs die at any call. */
  crashes: 8,
  /** The schedule does not run. */
  missed: 16,
  /** Each run starts twice at once. */
  doubled: 12,
  /** Runs start up to fourteen minutes late. */
  delayed: 8,
  /** The clock of the function is up to 50 seconds wrong. */
  skew: 24,
  /** It is up to 40 minutes wrong: such runs are refused, or late. */
  clock: 6,
  /** One receiver fails: it refuses, or takes the message and says nothing. */
  slack: 18,
  sns: 18,
} as const;

export type FaultKind = keyof typeof KINDS;

/** One thing that goes wrong in [from, to), for this share of the calls or runs. */
interface Fault {
  readonly kind: FaultKind;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly rate: number;
}

/** A stored item that is gone from a moment on, until the detector makes it anew. */
export interface Loss {
  readonly item: 'baseline' | 'incident';
  readonly keyArn: KeyArn;
  readonly at: EpochSeconds;
}

/** Everything that goes wrong with a seed. */
export interface FaultPlan {
  readonly seed: number;
  readonly losses: readonly Loss[];
  /** Keys that ListMetrics forgets, when it does: none that appeared while the detector watched. */
  readonly forgets: ReadonlySet<KeyArn>;
  readonly faults: readonly Fault[];
  /** How often a fault of this kind strikes now, 0 to 1. */
  rate(kind: FaultKind, at: EpochSeconds): number;
}

/** Hours without faults at the end: what a receiver missed is tried again for a day. */
const QUIET_HOURS = 26;

/** When all faults are over. */
export const lastFaultAt = ({ end }: Pick<ChaosWorld, 'end'>): EpochSeconds =>
  end - QUIET_HOURS * HOUR_SECONDS;

/** Share of the faults that begin before the start of a runaway and last beyond it. */
const NEAR_SHARE = 0.7;

/** Hours that a receiver fails from when it is to be told of a runaway, at least. */
const OUTAGE_HOURS = 3;

/**
 * The faults of a seed: each receiver fails once at most and for less than the day after which the detector gives up.
 * One always fails while it is to be told something: at one of `tellings`, the times at which people are told without
 * faults.
 */
export function faultPlanOf(world: ChaosWorld, tellings: readonly EpochSeconds[], seed: number): FaultPlan {
  const random = randomFrom(seed, 2);
  const { start, runaways } = world;
  const last = lastFaultAt(world);
  const kinds = Object.keys(KINDS) as FaultKind[];
  const outage = random.pick(['slack', 'sns']);
  const met = tellings[random.whole(0, tellings.length - 1)];
  const faults = kinds.flatMap((kind): Fault[] => {
    if (kind === outage && met !== undefined) return [anOutage(kind, met, last, random)];
    if (random.chance(0.35)) return [];
    // Most faults are to meet a runaway: otherwise few would cost a message.
    const near = random.chance(NEAR_SHARE) ? runaways[random.whole(0, runaways.length - 1)] : undefined;
    return [aFault(kind, start + HOUR_SECONDS, last, near, random)];
  });
  const old = world.series.filter(({ startBin }) => startBin < binAt(start));
  const forgets = new Set(old.flatMap(({ metric }) => (random.chance(0.6) ? [metric.keyArn] : [])));
  const losses = (['baseline', 'incident'] as const).flatMap((item): Loss[] => {
    const one = runaways[random.whole(0, runaways.length - 1)];
    if (!one || random.chance(0.6)) return [];
    return [{ item, keyArn: one.keyArn, at: binEnd(one.fromBin) + random.between(0, 4 * HOUR_SECONDS) }];
  });
  return {
    seed,
    losses,
    forgets,
    faults,
    rate: (kind, at) => faults.find((one) => one.kind === kind && at >= one.from && at < one.to)?.rate ?? 0,
  };
}

function anOutage(kind: FaultKind, telling: EpochSeconds, last: EpochSeconds, random: Random): Fault {
  const seconds = random.logBetween(OUTAGE_HOURS, KINDS[kind]) * HOUR_SECONDS;
  const from = telling - random.between(0, HOUR_SECONDS / 2);
  return { kind, from, to: Math.min(last, from + seconds), rate: random.between(0.6, 1) };
}

function aFault(
  kind: FaultKind,
  first: EpochSeconds,
  last: EpochSeconds,
  met: Runaway | undefined,
  random: Random,
): Fault {
  const seconds = random.logBetween(HOUR_SECONDS / 2, KINDS[kind] * HOUR_SECONDS);
  const somewhere = random.between(first, Math.max(first, last - seconds));
  const from = met ? Math.min(last, binEnd(met.fromBin) - random.between(0, seconds)) : somewhere;
  const rate =
    kind === 'table' || kind === 'conflicts' ? random.logBetween(0.02, 0.5) : random.between(0.3, 1);
  return { kind, from: Math.max(first, from), to: Math.min(last, from + seconds), rate };
}

/** The plan in a few words, for a failure. */
export const tellPlan = ({ faults, losses }: FaultPlan): string[] => [
  ...faults.map(({ kind, from, to, rate }) => {
    return `${kind} ${time(from)} to ${time(to)}, ${Math.round(100 * rate)} %`;
  }),
  ...losses.map(({ item, keyArn, at }) => `${item} of ${keyArn.slice(-4)} lost at ${time(at)}`),
];

const time = (at: EpochSeconds): string => new Date(at * 1000).toISOString().slice(5, 16);
