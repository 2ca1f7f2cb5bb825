import type { Hour } from '../usage/time.ts';
import { ageHours, type Baseline, HOURS_PER_DAY, RECORD, TESTS } from './baseline.ts';
import { calmMaximum, collectDays, newSample, type Sample } from './days.ts';
import { EARLY_HOURS } from './early.ts';
import { isBoutOver } from './quarantine.ts';
import { onScale } from './scale.ts';

/** The tail is the largest daily maxima: at most this many, and at most this share of the days. */
const TAIL_DAYS = 8;
const TAIL_SHARE = 0.34;

/**
 * A weekly job is five of the days that count. If the tail began among the other days, it would look wild by that
 * difference alone, and three times the largest job would surprise nobody. So the record's tail is the four largest
 * days where these are less than a quarter as wild as the eight. Waste on the fleets of `bench/detection` falls from 15
 * and 10 % to 6 and 8 % at 0.02, and two clients that stopped caching are told. With half instead of a quarter, recall
 * on the bursty recordings falls from 0.76 to 0.71 there.
 */
const WEEKLY_TAIL_DAYS = 4;
const WEEKLY_TAMER = 4;

/**
 * What is believed of a tail before anything is seen: as if four excesses of 0.3 on average had been seen (a third
 * more than before). It keeps a series that never strayed from being called sure: with half of it, recall on the
 * small fleet falls from 0.84 to 0.63 at the tightest budget, because pollers that catch up are told.
 */
const PRIOR_EXCESSES = 4;
const PRIOR_SUM = 0.9;

/** Days needed before a comparison is used. An hour of the week needs two weeks of days that had a usual. */
const LEAST_DAYS = [14, 1] as const;

const DAYS_PER_WEEK = 7;

/** Requests in an hour up to which early use says nothing: $0.006. With 500, recall stays as it is. */
const EARLY_USE = 2000;

/** The test that says what a series has done in an hour. */
const HOUR_RECORD = 2 + RECORD;

/**
 * The tails of a baseline's tests, learned from the daily maxima: a view that is computed when a day begins or an
 * unusual hour is learned, so that judging a bin needs a handful of multiplications.
 *
 * Daily maxima, not bins, because they are nearly independent: their tail is the rate of false alerts. The excesses of
 * the largest few over the next largest are taken as exponential with a gamma prior on the rate, so what is
 * predicted is a Lomax tail: as heavy as the evidence is thin, per series, shrunk to the fleet's.
 */
export interface Outlook {
  /** Distance from which the tail begins; `Infinity` while a test cannot be used. */
  readonly level: Float64Array;
  readonly spread: Float64Array;
  readonly shape: Float64Array;
  /** Decimal logarithm of the days a week that reach the level. */
  readonly reach: Float64Array;
  /** Largest daily maximum learned from. */
  readonly most: Float64Array;
  /** Decimal logarithm of the weeks for which nothing has gone beyond the largest daily maximum. */
  readonly quietWeeks: Float64Array;
  /** Largest daily maximum of the unusual days left out; `-Infinity` if none was. */
  readonly leftOut: Float64Array;
  readonly sample: Sample;
  /** Largest hour that early use is measured by, on the scale; `-Infinity` once it is not early. */
  earlyHour: number;
  /** Largest calm hour on record, on the scale. */
  calmHour: number;
}

/** An outlook that knows nothing yet. */
export const newOutlook = (): Outlook => ({
  level: new Float64Array(TESTS),
  spread: new Float64Array(TESTS),
  shape: new Float64Array(TESTS),
  reach: new Float64Array(TESTS),
  most: new Float64Array(TESTS),
  quietWeeks: new Float64Array(TESTS),
  leftOut: new Float64Array(TESTS),
  sample: newSample(),
  earlyHour: Number.NEGATIVE_INFINITY,
  calmHour: Number.NEGATIVE_INFINITY,
});

/** Computes the outlook of a baseline from its state alone. */
export const refreshOutlook = (outlook: Outlook, baseline: Baseline): void =>
  refreshTests(outlook, baseline, ALL_TESTS);

const ALL_TESTS = 2 ** TESTS - 1;

/**
 * The same for an outlook that is the baseline's but for daily maxima that rose today: those of `tests`, a bit for
 * each. With all of them in every hour, most of the time of a back-fill goes into tails that are as before.
 */
export function refreshTests(outlook: Outlook, baseline: Baseline, tests: number): void {
  const lastHour: Hour = Math.max(0, baseline.learnedThrough - 1);
  const today = Math.floor(lastHour / HOURS_PER_DAY);
  for (let test = 0; test < TESTS; test++) {
    if ((tests & (1 << test)) === 0) continue;
    const least = LEAST_DAYS[test % 2] ?? 1;
    collectDays(baseline, test, today, least, outlook.sample);
    learnTail(outlook, test, least);
  }
  outlook.calmHour = calmMaximum(baseline, HOUR_RECORD);
  outlook.earlyHour = earlyHour(outlook, baseline);
}

function earlyHour({ calmHour, leftOut }: Outlook, baseline: Baseline): number {
  if (ageHours(baseline, baseline.learnedThrough) >= EARLY_HOURS) return Number.NEGATIVE_INFINITY;
  const unusual = isBoutOver(baseline) ? (leftOut[HOUR_RECORD] ?? 0) : Number.NEGATIVE_INFINITY;
  return Math.max(calmHour, unusual, onScale(EARLY_USE));
}

/** Surprise of a distance: minus the decimal logarithm of how often a week days reach it; 0 below the tail. */
export function surpriseOf({ level, spread, shape, reach }: Outlook, test: number, distance: number): number {
  const beyond = distance - (level[test] ?? 0);
  if (!(beyond > 0)) return 0;
  return (shape[test] ?? 0) * Math.log10(1 + beyond / (spread[test] ?? 1)) - (reach[test] ?? 0);
}

function learnTail(outlook: Outlook, test: number, least: number): void {
  const { values, count, leftOut } = outlook.sample;
  outlook.leftOut[test] = leftOut;
  if (count < least) {
    outlook.level[test] = Number.POSITIVE_INFINITY;
    outlook.most[test] = Number.POSITIVE_INFINITY;
    return;
  }
  const days = values.subarray(0, count).sort();
  const all = Math.min(TAIL_DAYS, Math.ceil(count * TAIL_SHARE), count - 1);
  const weekly = Math.min(WEEKLY_TAIL_DAYS, all);
  const isWeekly = test % 2 === RECORD && WEEKLY_TAMER * meanExcess(days, weekly) < meanExcess(days, all);
  const tail = isWeekly ? weekly : all;
  outlook.level[test] = days[count - 1 - tail] ?? 0;
  outlook.spread[test] = excessSum(days, tail);
  outlook.shape[test] = PRIOR_EXCESSES + tail;
  outlook.reach[test] = Math.log10((DAYS_PER_WEEK * (tail + 0.5)) / (count + 1));
  outlook.most[test] = days[count - 1] ?? 0;
  outlook.quietWeeks[test] = Math.log10((count + 1) / DAYS_PER_WEEK);
}

/** Sum of the excesses of the largest days over the next largest, with those that are believed beforehand. */
function excessSum(days: Float64Array, tail: number): number {
  const level = days[days.length - 1 - tail] ?? 0;
  let sum = PRIOR_SUM;
  for (let i = days.length - tail; i < days.length; i++) sum += (days[i] ?? 0) - level;
  return sum;
}

const meanExcess = (days: Float64Array, tail: number): number =>
  excessSum(days, tail) / (PRIOR_EXCESSES + tail);
