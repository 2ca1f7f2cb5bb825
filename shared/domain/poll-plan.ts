import type { KeyArn } from './usage/key.ts';
import { spreadOf } from './usage/spread.ts';
import { BIN_SECONDS, BINS_PER_HOUR, type Bin } from './usage/time.ts';

/** Every 15 minutes is the least for a key in use, every hour for a silent one: what a run cannot spare. */
const ACTIVE_BINS = 3;
const SILENT_BINS = BINS_PER_HOUR;

/** One known key, as far as it matters when it is read next. */
export interface PollCandidate {
  readonly keyArn: KeyArn;
  /** Metrics that reading it asks for: each is paid. */
  readonly metrics: number;
  /** Read in every run whatever it costs: an incident that goes on, or a history that is still to be learned. */
  readonly needed: boolean;
  /** In use in about the last three hours. */
  readonly active: boolean;
  /** Listed as in use while its baseline still says that it is silent: something has begun. */
  readonly waking: boolean;
  /** Dollars that its busiest hour of the last week cost: what is at stake until it is read again grows with it. */
  readonly usdPerHour: number;
}

/** When a run is, among others. */
export interface PollTime {
  readonly bin: Bin;
  /** That of the last run that read all that was due; undefined: none is known, so everything is due. */
  readonly previous: Bin | undefined;
  readonly scheduleMinutes: number;
}

/** Which keys a run reads. */
export interface PollPlan {
  readonly due: ReadonlySet<KeyArn>;
  /** Keys by how often they are read: where runs are rarer than a key's pace, that is in every run. */
  readonly everyRun: number;
  readonly everyQuarterHour: number;
  readonly hourly: number;
  /** Metrics that a run asks for on average under this plan. */
  readonly metricsPerRun: number;
  /** The least there is already costs more than the budget. */
  readonly isOverBudget: boolean;
}

/**
 * Spends the metrics that a run may ask for where most is at stake. Every key is read at its least pace; what the
 * budget has left reads keys in every run: those that wake first, then active before silent, then the dearest. A missed
 * run is made good, because a key is due once its slot began since the last one.
 *
 * @param budget metrics a run may ask for on average
 */
export function planPolls(
  candidates: readonly PollCandidate[],
  budget: number,
  { bin, previous, scheduleMinutes }: PollTime,
): PollPlan {
  const strides = new Map(candidates.map((one) => [one.keyArn, leastStride(one)] as const));
  const share = (stride: number) => shareOfRuns(stride, scheduleMinutes);
  let metricsPerRun = candidates.reduce((sum, one) => sum + one.metrics * share(leastStride(one)), 0);
  const isOverBudget = metricsPerRun > budget;
  for (const { keyArn, metrics } of candidates.toSorted(byStake)) {
    const stride = strides.get(keyArn) ?? 1;
    const extra = metrics * (1 - share(stride));
    if (metricsPerRun + extra > budget) continue;
    metricsPerRun += extra;
    strides.set(keyArn, 1);
  }
  const due = new Set<KeyArn>();
  const paces = { everyRun: 0, everyQuarterHour: 0, hourly: 0 };
  for (const [keyArn, stride] of strides) {
    paces[share(stride) === 1 ? 'everyRun' : stride === ACTIVE_BINS ? 'everyQuarterHour' : 'hourly']++;
    if (isDue(keyArn, stride, bin, previous)) due.add(keyArn);
  }
  return { due, ...paces, metricsPerRun, isOverBudget };
}

function leastStride({ needed, active, waking }: PollCandidate): number {
  if (needed) return 1;
  return active || waking ? ACTIVE_BINS : SILENT_BINS;
}

/** Share of the runs that read a key, which is read once in so many bins, and in every run with a stride of 1. */
const shareOfRuns = (stride: number, scheduleMinutes: number): number =>
  stride === 1 ? 1 : Math.min(1, (scheduleMinutes * MINUTE_SECONDS) / (stride * BIN_SECONDS));

const MINUTE_SECONDS = 60;

const byStake = (a: PollCandidate, b: PollCandidate): number =>
  Number(b.waking) - Number(a.waking) || Number(b.active) - Number(a.active) || b.usdPerHour - a.usdPerHour;

/** Whether a slot of the key has begun since the last run. */
function isDue(keyArn: KeyArn, stride: number, bin: Bin, previous: Bin | undefined): boolean {
  if (stride === 1 || previous === undefined) return true;
  const phase = spreadOf(keyArn, stride);
  return Math.floor((bin + phase) / stride) > Math.floor((previous + phase) / stride);
}
