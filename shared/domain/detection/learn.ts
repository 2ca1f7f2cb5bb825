import { isUnknown } from '../usage/series.ts';
import { BINS_PER_HOUR, type Hour } from '../usage/time.ts';
import { acceptPresent } from './acceptance.ts';
import {
  ageHours,
  type Baseline,
  HOUR,
  HOURS_PER_DAY,
  HOURS_PER_WEEK,
  RECORD,
  SCALAR,
  WINDOWS,
} from './baseline.ts';
import { acceptDays, maximumOn, noteMaximum, startDay } from './days.ts';
import { isAboveFloor } from './floor.ts';
import { newOutlook, type Outlook, refreshOutlook, refreshTests } from './outlook.ts';
import {
  advanceQuarantine,
  closeQuarantine,
  FREE_HOURS,
  type HourKind,
  hasStoodForWeeks,
} from './quarantine.ts';
import { onScale } from './scale.ts';
import { type Finding, newFinding, scoreWindows } from './score.ts';
import { expectedInHour, type HourView, learnSlot, liftSlots, newHourView, viewHour } from './slots.ts';
import { newPast, type Past, readPast, sumWindows } from './windows.ts';

/** Hours after which a window is whole, and its daily maximum means something: a day, and a week for hours of the week. */
const WHOLE_HOURS = [HOURS_PER_WEEK + HOURS_PER_DAY, HOURS_PER_DAY] as const;

/** Days after which the lag of the daily maxima no longer moves with every day. */
const SETTLED_HOURS = 28 * HOURS_PER_DAY;

/** What learning works with; nothing in it outlives an hour but the outlook. */
export interface Workspace {
  /** Of the baseline as it stands. */
  readonly outlook: Outlook;
  readonly view: HourView;
  readonly past: Past;
  readonly sums: Float64Array;
  readonly maxima: Float64Array;
  readonly finding: Finding;
  /** Tests whose daily maximum rose in this hour, a bit for each. */
  risen: number;
}

export const newWorkspace = (): Workspace => ({
  outlook: newOutlook(),
  view: newHourView(),
  past: newPast(),
  sums: new Float64Array(WINDOWS),
  maxima: new Float64Array(2 * WINDOWS),
  finding: newFinding(),
  risen: 0,
});

/**
 * Learns hour after hour up to `through`, which is not learned. `binsOf` gives the twelve bins of an hour; where it
 * gives none, learning stops. `accepted` are the hours after which somebody took the level as usual.
 */
export function learnThrough(
  baseline: Baseline,
  through: Hour,
  binsOf: (hour: Hour) => ArrayLike<number> | undefined,
  accepted: ReadonlySet<Hour> = NEVER,
): void {
  refreshOutlook(shared.outlook, baseline);
  while (baseline.learnedThrough < through) {
    const bins = binsOf(baseline.learnedThrough);
    if (!bins) return;
    learnNext(baseline, bins, shared, accepted);
  }
}

/** Nothing was accepted. */
export const NEVER: ReadonlySet<Hour> = new Set();

/** Takes a level that has lasted for eight weeks as usual from now on. */
export function acceptLevel(baseline: Baseline): void {
  acceptDays(baseline);
  liftSlots(baseline);
  closeQuarantine(baseline);
}

/**
 * Learns the next hour from its twelve final bins, in place, for whoever keeps the outlook: it must be the baseline's,
 * and is refreshed afterwards if the hour changed what it is made of. An hour with an unknown bin teaches no level.
 */
export function learnNext(
  baseline: Baseline,
  bins: ArrayLike<number>,
  work: Workspace,
  accepted: ReadonlySet<Hour> = NEVER,
): void {
  const hour = baseline.learnedThrough;
  const isNewDay = hour % HOURS_PER_DAY === 0;
  if (isNewDay) beginDay(baseline, hour);
  const isWhole = isKnownHour(bins);
  let changed = isNewDay;
  work.risen = 0;
  if (isWhole) {
    const loudness = scoreHour(baseline, bins, work);
    const kind = advanceQuarantine(baseline, loudness.all, loudness.told, loudness.isMature);
    changed = learnWhole(baseline, hour, bins, kind, work) || changed;
  } else keepSums(baseline, hour, bins, false);
  const { scalars } = baseline;
  scalars[SCALAR.hoursLearned] = (scalars[SCALAR.hoursLearned] ?? 0) + 1;
  baseline.learnedThrough = hour + 1;
  if (accepted.has(hour)) {
    acceptPresent(baseline);
    changed = true;
  }
  const hoursLearned = scalars[SCALAR.hoursLearned] ?? 0;
  if (changed || hoursLearned === 1) refreshOutlook(work.outlook, baseline);
  else if (hoursLearned <= SETTLED_HOURS) refreshTests(work.outlook, baseline, work.risen);
}

function beginDay(baseline: Baseline, hour: Hour): void {
  startDay(baseline, hour / HOURS_PER_DAY, hasStoodForWeeks(baseline));
  baseline.scalars[SCALAR.usualHour] = medianOf(baseline.hourSums);
}

/** Scores the hour's bins as a judge would, by the baseline as it stands, and notes the maxima of all tests. */
function scoreHour(baseline: Baseline, bins: ArrayLike<number>, work: Workspace) {
  const { outlook, view, past, sums, maxima, finding } = work;
  const hour = baseline.learnedThrough;
  const age = ageHours(baseline, hour);
  const usualHour = baseline.scalars[SCALAR.usualHour] ?? 0;
  viewHour(baseline, hour, view);
  readPast(baseline, hour, past);
  maxima.fill(Number.NEGATIVE_INFINITY);
  let all = 0;
  let told = 0;
  let isMature = age >= FREE_HOURS;
  let soFar = 0;
  for (let i = 0; i < BINS_PER_HOUR; i++) {
    const requests = bins[i] ?? 0;
    soFar += requests;
    let trailing = soFar;
    for (let j = i + 1; j < BINS_PER_HOUR; j++) trailing += baseline.lastBins[j] ?? 0;
    sumWindows(past, i, requests, trailing, soFar, sums);
    for (let window = 0; window < WINDOWS; window++) {
      const position = onScale(sums[window] ?? 0);
      maxima[2 * window + RECORD] = Math.max(maxima[2 * window + RECORD] ?? 0, position);
      maxima[2 * window + HOUR] = Math.max(
        maxima[2 * window + HOUR] ?? 0,
        position - (view.usual[window] ?? 0),
      );
    }
    const score = scoreWindows(outlook, view, sums, age, false, finding);
    all = Math.max(all, score);
    if (!isAboveFloor(trailing, requests, usualHour)) continue;
    told = Math.max(told, score);
    isMature ||= score > 0 && finding.basis === 'newborn';
  }
  return { all, told, isMature };
}

/** Takes an hour in; says whether the outlook changed by it. */
function learnWhole(
  baseline: Baseline,
  hour: Hour,
  bins: ArrayLike<number>,
  kind: HourKind,
  work: Workspace,
): boolean {
  const { maxima } = work;
  const isUnusual = kind === 'unusual';
  const day = Math.floor(hour / HOURS_PER_DAY);
  const days = isUnusual ? baseline.unusualDays : baseline.calmDays;
  const age = ageHours(baseline, hour);
  let changed = kind !== 'calm';
  for (let test = 0; test < maxima.length; test++) {
    const isShort = test % 2 === RECORD && test < 4;
    if (!isShort && age < (WHOLE_HOURS[test % 2] ?? 0)) continue;
    const before = maximumOn(days, test, day);
    changed = noteMaximum(days, test, day, maxima[test] ?? 0) || changed;
    if (maximumOn(days, test, day) !== before) work.risen |= 1 << test;
  }
  if (!isUnusual) {
    let sum = 0;
    let peak = 0;
    for (let i = 0; i < BINS_PER_HOUR; i++) {
      sum += bins[i] ?? 0;
      peak = Math.max(peak, bins[i] ?? 0);
    }
    learnSlot(baseline, hour, sum, peak);
  }
  keepSums(baseline, hour, bins, isUnusual);
  if (kind === 'accepted') acceptLevel(baseline);
  return changed;
}

/** Keeps the hour's sums and bins; once a bout is over, long windows see what is usual in its place. */
function keepSums(baseline: Baseline, hour: Hour, bins: ArrayLike<number>, isUnusual: boolean): void {
  const { hourSums, calmSums, lastBins, scalars } = baseline;
  let sum = 0;
  for (let i = 0; i < BINS_PER_HOUR; i++) {
    const requests = bins[i] ?? Number.NaN;
    lastBins[i] = isUnknown(requests) ? 0 : requests;
    sum += lastBins[i] ?? 0;
  }
  hourSums[hour % HOURS_PER_WEEK] = sum;
  calmSums[hour % HOURS_PER_DAY] = sum;
  const bit = 1 << (hour % HOURS_PER_DAY);
  const marked = (scalars[SCALAR.unusualHours] ?? 0) & ~bit;
  if (isUnusual) {
    scalars[SCALAR.unusualHours] = marked | bit;
    return;
  }
  for (let back = 1; marked !== 0 && back < HOURS_PER_DAY; back++) {
    const at = (hour - back + HOURS_PER_DAY) % HOURS_PER_DAY;
    if ((marked & (1 << at)) !== 0)
      calmSums[at] = Math.min(calmSums[at] ?? 0, expectedInHour(baseline, hour - back));
  }
  scalars[SCALAR.unusualHours] = 0;
}

function isKnownHour(bins: ArrayLike<number>): boolean {
  for (let i = 0; i < BINS_PER_HOUR; i++) if (isUnknown(bins[i] ?? Number.NaN)) return false;
  return true;
}

const medianOf = (values: Float32Array): number => values.slice().sort()[values.length >> 1] ?? 0;

const shared = newWorkspace();
