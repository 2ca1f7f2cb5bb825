import { factsOf } from '../domain/assess/key-facts.ts';
import { unitPrice } from '../domain/assess/price.ts';
import { SURGE_BINS, SURGE_USD_PER_HOUR, surgeUsdPerHour } from '../domain/assess/surge.ts';
import { type Baseline, HOURS_PER_WEEK, hourSumOf } from '../domain/detection/baseline.ts';
import { CALL_COUNTS, monthlyCost, OWN_PRICES, runsPerMonth } from '../domain/own-cost.ts';
import { type PollCandidate, type PollPlan, planPolls } from '../domain/poll-plan.ts';
import type { OwnCost } from '../domain/run-report.ts';
import { valuesIn } from '../domain/usage/gaps.ts';
import type { KeyArn, Target } from '../domain/usage/key.ts';
import { distinctTargets } from '../domain/usage/metric.ts';
import { UNKNOWN } from '../domain/usage/series.ts';
import {
  BIN_SECONDS,
  BINS_PER_HOUR,
  type Bin,
  binAt,
  type EpochSeconds,
  hourOfBin,
  isoTime,
} from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest, DetectSettings, Spending } from './detect-request.ts';
import type { Discovered } from './discover.ts';
import { callCountsOf, type FetchedSeries, type SeriesWindow } from './fetch-usage.ts';
import type { Known } from './load.ts';
import { windowsByKey } from './plan-windows.ts';
import type { Versioned } from './ports.ts';

/** Hours back in which a baseline has to know of use for its key to count as in use. */
const ACTIVE_HOURS = 3;

/** AWS's own counts of each target are read for its quota, and, while keys are left for later, for a surge. */
const COUNTS_PER_TARGET = 2 * CALL_COUNTS;

const MINUTE_SECONDS = 60;

/** What a run reads, and what it leaves for a later one to keep the detector's own bill under its cap. */
export interface Polls {
  readonly windows: readonly SeriesWindow[];
  readonly left: readonly SeriesWindow[];
  /** Due and not read, because the run's time was too short; absent: none. */
  readonly outOfTime?: readonly SeriesWindow[];
  /** The key that the next run begins with; absent: nothing was left for lack of time. */
  readonly resumeAt?: KeyArn;
  /** Undefined where no cap holds. */
  readonly cost: OwnCost | undefined;
}

/**
 * Stage 3, second half: which of the windows are read now. When AWS's own count of all calls jumps by more than a
 * storm's worth, everything is: the count can bring a look forward and never put one off.
 */
export async function choosePolls(
  ports: Pick<DetectPorts, 'metrics'>,
  known: Known,
  found: Discovered,
  windows: readonly SeriesWindow[],
  { spending, origin }: DetectSettings,
  request: DetectRequest,
): Promise<Polls> {
  if (!spending || request.replay) return { windows, left: [], cost: undefined };
  if (request.keys || request.operations) return { windows, left: [], cost: known.lastReport?.ownCost };
  const candidates = candidatesOf(known, found, windows);
  const targets = distinctTargets(found.targets.values());
  const counts = COUNTS_PER_TARGET * Math.max(1, targets.length);
  const plan = planWithin(candidates, spending, counts, request, known.lastReport?.ownCost);
  const isDue = ({ source }: SeriesWindow): boolean => !request.scheduled || plan.due.has(source.id.keyArn);
  const left = windows.filter((window) => !isDue(window));
  const [first] = windows;
  const surge = left.length > 0 && first ? await surgeOf(ports, targets, origin.region, first.endBin) : 0;
  const broughtForward = surge >= SURGE_USD_PER_HOUR;
  return {
    windows: broughtForward ? windows : windows.filter(isDue),
    left: broughtForward ? [] : left,
    cost: {
      ...costOf(plan, spending, candidates, counts, request, known.lastReport?.ownCost),
      ...(broughtForward ? { broughtForwardUsdPerHour: inCents(surge) } : {}),
    },
  };
}

/** The cap less everything that does not depend on how often metrics are read; never more than what the month has left. */
function planWithin(
  candidates: readonly PollCandidate[],
  spending: Spending,
  counts: number,
  { asOf }: DetectRequest,
  previous: OwnCost | undefined,
): PollPlan {
  const { monthlyUsdCap, scheduleMinutes } = spending;
  const affordable =
    (monthlyUsdCap - monthlyUsd(spending, candidates, 0)) / OWN_PRICES.getMetricDataPerMetric;
  const runsLeft = Math.max(1, (monthEnd(asOf) - asOf) / (scheduleMinutes * MINUTE_SECONDS));
  const leftOfMonth = (affordable - spentThisMonth(asOf, previous)) / runsLeft;
  const perRun = Math.min(affordable / runsPerMonth(scheduleMinutes), leftOfMonth) - counts;
  const previousBin = previous && binAt(Date.parse(previous.sweptAt) / 1000);
  return planPolls(candidates, perRun, { bin: binAt(asOf), previous: previousBin, scheduleMinutes });
}

function monthlyUsd(
  { customMetrics, ...spending }: Spending,
  candidates: readonly PollCandidate[],
  metricsPerRun: number,
): number {
  const series = candidates.reduce((sum, { metrics }) => sum + metrics, 0);
  return monthlyCost({ ...spending, keys: candidates.length, series, metricsPerRun }, customMetrics).total;
}

const monthOf = (asOf: EpochSeconds): string => isoTime(asOf).slice(0, 7);

function monthEnd(asOf: EpochSeconds): EpochSeconds {
  const now = new Date(asOf * 1000);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) / 1000;
}

const spentThisMonth = (asOf: EpochSeconds, previous: OwnCost | undefined): number =>
  previous?.month === monthOf(asOf) ? previous.metricsThisMonth : 0;

const inCents = (usd: number): number => Math.round(usd * 100) / 100;

function candidatesOf(known: Known, found: Discovered, windows: readonly SeriesWindow[]): PollCandidate[] {
  const candidates = [...windowsByKey(windows)].map(([keyArn, ofKey]): PollCandidate => {
    const { spec } = factsOf(found.directory, keyArn);
    const stored = known.baselines.get(keyArn);
    let usdPerHour = 0;
    let wasActive = false;
    for (const [operation, { baseline }] of stored?.operations ?? []) {
      const busiest = baseline.hourSums.reduce((most, sum) => Math.max(most, sum), 0);
      usdPerHour += busiest * unitPrice(operation, spec).low;
      for (let back = 1; back <= ACTIVE_HOURS; back++)
        wasActive ||= hourSumOf(baseline, baseline.learnedThrough - back) > 0;
    }
    const isListed = found.recentlyActive?.has(keyArn) ?? false;
    return {
      keyArn,
      metrics: ofKey.reduce((sum, { source }) => sum + source.metrics.length, 0),
      needed: ofKey.some(({ isKnown }) => !isKnown) || isUnsettled(known.incidents.get(keyArn)),
      active: wasActive || isListed,
      waking: isListed && !wasActive,
      usdPerHour,
    };
  });
  return listingTellsApart(candidates) ? candidates : candidates.map(asBaselinesSay);
}

/** Whether an incident goes on that may still get worse, or end: a level that stands does so slowly. */
const isUnsettled = (stored: Versioned | undefined): boolean =>
  stored?.record.incident.status === 'open' && stored.record.incident.standingBin === undefined;

/** Keys that may wake at once before the list is taken to say nothing. */
const MANY_AT_ONCE = 3;

/**
 * Whether CloudWatch's list of what is in use says anything. It is not documented whether a key that is idle has zeros
 * or no datapoints; with zeros, every key would be listed as in use for ever.
 */
function listingTellsApart(candidates: readonly PollCandidate[]): boolean {
  const silent = candidates.filter(({ active, waking }) => waking || !active);
  const waking = silent.filter((one) => one.waking).length;
  return waking <= Math.max(MANY_AT_ONCE, silent.length / 2);
}

const asBaselinesSay = (one: PollCandidate): PollCandidate => ({
  ...one,
  active: one.active && !one.waking,
  waking: false,
});

/** How much the account's calls have jumped, in dollars an hour; 0 where CloudWatch does not say. */
async function surgeOf(
  { metrics: source }: Pick<DetectPorts, 'metrics'>,
  targets: readonly Target[],
  homeRegion: string,
  endBin: number,
): Promise<number> {
  const startBin = endBin - SURGE_BINS;
  const counts = targets.flatMap((target) => callCountsOf(target, homeRegion));
  const metrics = counts.map(({ metric }) => metric);
  const outcomes = await source.fetch({ metrics, startBin, endBin, periodSeconds: BIN_SECONDS });
  return counts.reduce((sum, { group }, i) => {
    const outcome = outcomes[i];
    if (outcome?.kind !== 'values') return sum;
    return sum + surgeUsdPerHour(group, valuesIn([outcome.values], startBin, endBin), startBin, endBin);
  }, 0);
}

/**
 * Requests of each bin that series which this run leaves out are taken to make, for the Region's sum: as in the bin's own
 * hour where that is learned, else as in the last hour that is. Unknown where nothing is learned.
 *
 * @param firstBin the Region's first judged bin: what is learned already is assumed from there on, too
 */
export function assumedUse(known: Known, leftOut: readonly SeriesWindow[], firstBin: Bin): FetchedSeries[] {
  return leftOut.map(({ source: { id }, startBin, endBin }) => {
    const baseline = known.baselines.get(id.keyArn)?.operations.get(id.operation)?.baseline;
    const from = baseline ? Math.min(startBin, firstBin) : startBin;
    const requests = Float64Array.from({ length: endBin - from }, (_, i) =>
      baseline ? assumedAt(baseline, from + i) : UNKNOWN,
    );
    return { id, usage: { startBin: from, requests } };
  });
}

function assumedAt(baseline: Baseline, bin: Bin): number {
  const { learnedThrough } = baseline;
  const hour = Math.min(Math.max(hourOfBin(bin), learnedThrough - HOURS_PER_WEEK), learnedThrough - 1);
  return hourSumOf(baseline, hour) / BINS_PER_HOUR;
}

function costOf(
  { due: _due, metricsPerRun, isOverBudget, ...paces }: PollPlan,
  spending: Spending,
  candidates: readonly PollCandidate[],
  counts: number,
  { asOf }: DetectRequest,
  previous: OwnCost | undefined,
): OwnCost {
  return {
    month: monthOf(asOf),
    sweptAt: isoTime(asOf),
    metricsThisMonth: spentThisMonth(asOf, previous),
    usdAMonth: inCents(monthlyUsd(spending, candidates, metricsPerRun + counts)),
    monthlyUsdCap: spending.monthlyUsdCap,
    isOverCap: isOverBudget,
    ...paces,
  };
}
