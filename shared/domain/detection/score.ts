import { BINS_PER_HOUR } from '../usage/time.ts';
import { HOUR, HOURS_PER_DAY, RECORD, WINDOW_BINS, WINDOWS } from './baseline.ts';
import { type Outlook, surpriseOf } from './outlook.ts';
import { onScale } from './scale.ts';
import type { HourView } from './slots.ts';

/**
 * A longer window counts only while its newest part still carries at least this share of the window's pace: half.
 * Otherwise a day would go on alarming after its storm has ended. Between 0.35 and 0.7 nothing moves.
 */
const STILL_GOING_SHARE = 0.5;

/** And while the trailing hour itself is above what is usual at this time by a quarter. */
const STILL_UNUSUAL = 0.25;

/**
 * How much a comparison with the same hour of the week may say while the series stays within its own record: 2 at the
 * record, nothing at less than half of it, 2.5 more for each e-fold above. A job that runs at another time is rarely a
 * runaway. Without this bound, recall on the small fleet falls from 0.84 to 0.74 at the tightest budget.
 */
const AT_RECORD = 2;
const BELOW_RECORD = 0.8;
const ABOVE_RECORD = 2.5;

/**
 * No series is taken to be so wild that it goes beyond its own record by more than twice on average: without a bound,
 * no number of requests would surprise where the first days were wild. It lifts recall on the fleets of
 * `bench/detection` from 0.81 to 0.84 at the default sensitivity, their false alerts from 0.020 to 0.023 a series and
 * week, and no false notice comes of it on the accounts.
 */
const WILDEST_EXCESS = 0.7;

/**
 * How much each e-fold above its own hours says of a series' early use. With 3, recall on the fleets rises from 0.58 to
 * 0.60 at the tightest budget with the first seed; nothing else moves.
 */
const EARLY_WEIGHT = 2;

/** Decimal logarithm of how many of the eight tests look independently. */
const INDEPENDENT_TESTS = Math.log10(1.5);

/**
 * A series of less than three days is compared with other new series, not with itself: an hour of 8,000 requests is
 * nothing, one of 80,000 scores 2, and only what is e times its own calm hours, or what it has
 * done at this time of day before, counts.
 */
const NEWBORN_HOURS = 3 * HOURS_PER_DAY;
const NEWBORN_USUAL = 8000;
const NEWBORN_WEIGHT = 2;
const NEWBORN_RATIO = 1;

/** Hours of its own that a series needs before it can be compared with itself at all. */
export const YOUNG_HOURS = 12;

/** What decided a score. */
export interface Finding {
  window: number;
  basis: 'hour' | 'record' | 'newborn';
  /** On the scale: what the window was compared with. */
  reference: number;
}

/** A finding to be filled. */
export const newFinding = (): Finding => ({ window: 0, basis: 'record', reference: 0 });

/**
 * Surprise of the windows that end with a bin, in minus decimal logarithms of false alerts per series and week. `sums`
 * holds their requests, shortest first; `standing` compares with the level that has lasted, too. More requests never
 * lower it.
 */
export function scoreWindows(
  outlook: Outlook,
  view: HourView,
  sums: Float64Array,
  ageHours: number,
  standing: boolean,
  finding: Finding,
): number {
  let best = 0;
  if (ageHours >= YOUNG_HOURS) {
    for (let window = 0; window < WINDOWS; window++) {
      if (!isGoingOn(view, sums, window)) continue;
      best = Math.max(best, scoreWindow(outlook, view, window, sums[window] ?? 0, standing, best, finding));
    }
    best = Math.max(0, Math.min(best - INDEPENDENT_TESTS, earlyBound(outlook, view, sums[1] ?? 0)));
  }
  return ageHours < NEWBORN_HOURS ? scoreNewborn(outlook, view, sums[1] ?? 0, best, finding) : best;
}

/** Surprise of one window, if it is more than `best`; else no more than that. Fills the finding if it is more. */
export function scoreWindow(
  outlook: Outlook,
  { usual }: HourView,
  window: number,
  requests: number,
  standing: boolean,
  best: number,
  finding: Finding,
): number {
  const position = onScale(requests);
  const byRecord = 2 * window + RECORD;
  const byHour = 2 * window + HOUR;
  const record = besideStanding(outlook, byRecord, position, standing);
  const aboveRecord = record - (outlook.most[byRecord] ?? 0);
  const recordScore = Math.max(
    surpriseOf(outlook, byRecord, record),
    leastSurprise(outlook, byRecord, aboveRecord),
  );
  const distance = besideStanding(outlook, byHour, position - (usual[window] ?? 0), standing);
  const hourScore = Math.min(hourBound(aboveRecord), surpriseOf(outlook, byHour, distance));
  const score = Math.max(recordScore, hourScore);
  if (score <= best) return best;
  finding.window = window;
  finding.basis = recordScore >= hourScore ? 'record' : 'hour';
  finding.reference = finding.basis === 'record' ? (outlook.most[byRecord] ?? 0) : (usual[window] ?? 0);
  return score;
}

/** The distance, or what is left of it above a level that stands: that level counts as the beginning of the tail. */
function besideStanding(
  { leftOut, level }: Outlook,
  test: number,
  distance: number,
  standing: boolean,
): number {
  const lasted = leftOut[test] ?? Number.NEGATIVE_INFINITY;
  if (!standing || lasted === Number.NEGATIVE_INFINITY) return distance;
  return Math.min(distance, distance - lasted + (level[test] ?? 0));
}

/** Surprise of going beyond the record for the wildest of series. */
const leastSurprise = ({ quietWeeks }: Outlook, test: number, aboveRecord: number): number =>
  aboveRecord > 0 ? (quietWeeks[test] ?? 0) + (Math.LOG10E * aboveRecord) / WILDEST_EXCESS : 0;

const earlyBound = ({ earlyHour }: Outlook, { known }: HourView, hour: number): number =>
  earlyHour === Number.NEGATIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : EARLY_WEIGHT * (onScale(hour) - Math.max(known, earlyHour));

const hourBound = (aboveRecord: number): number =>
  aboveRecord >= 0
    ? AT_RECORD + ABOVE_RECORD * aboveRecord
    : Math.max(0, AT_RECORD * (1 + aboveRecord / BELOW_RECORD));

/** Whether the newest part of a window agrees that it is still going on. */
export function isGoingOn({ expected, usual }: HourView, sums: Float64Array, window: number): boolean {
  if (window === 0) return true;
  const hour = sums[1] ?? 0;
  const pace = ((sums[window] ?? 0) * BINS_PER_HOUR) / (WINDOW_BINS[window] ?? 1);
  const newest = (sums[0] ?? 0) * BINS_PER_HOUR;
  // Above the usual, not in all: a busy key that is back to its usual would still carry half of a storm's day.
  if (newest - expected < STILL_GOING_SHARE * (hour - expected)) return false;
  if (window === 1) return true;
  return hour - expected >= STILL_GOING_SHARE * pace && onScale(hour) - (usual[1] ?? 0) >= STILL_UNUSUAL;
}

function scoreNewborn(
  { calmHour }: Outlook,
  { known }: HourView,
  hour: number,
  best: number,
  finding: Finding,
): number {
  const usual = Math.max(known, calmHour);
  if (onScale(hour) <= usual + NEWBORN_RATIO) return best;
  const score = NEWBORN_WEIGHT * Math.log10(Math.max(1, hour) / NEWBORN_USUAL);
  if (score <= best) return best;
  finding.window = 1;
  finding.basis = 'newborn';
  finding.reference = Math.max(0, usual);
  return score;
}
