import { BINS_PER_DAY } from '../../../shared/domain/usage/time.ts';
import { type Calendar, dayStarts } from './calendar.ts';
import type { Random } from './random.ts';
import type { Work } from './shapes.ts';

/** A stretch of bins with a name, [from, to) as indices. */
export interface Stretch {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** The dependency of the whole account was down, and its work was made up for afterwards. */
export interface Outage {
  readonly from: number;
  readonly to: number;
  /** Share of the missed work that is done later. */
  readonly deferred: number;
  /** Bins in which it is done. */
  readonly catchUpBins: number;
}

/** Judged stretches of four weeks: trouble that happens once in such a stretch happens this often. */
const judgedMonths = ({ bins, judgeFrom }: Calendar): number =>
  Math.max(1, Math.round((bins - judgeFrom) / (28 * BINS_PER_DAY)));

/** One or two shared outages while training and one in four judged weeks: a catch-up is not new to most keys. */
export function outagesOf(calendar: Calendar, random: Random): Outage[] {
  const outage = (first: number, last: number): Outage => {
    const from = random.whole(first, last);
    const to = from + random.whole(3, 15);
    const deferred = random.between(0.4, 0.9);
    // What was missed is made up for at the pace that the callers' capacity allows: not much above the usual one.
    const pace = random.between(0.2, 0.7);
    return { from, to, deferred, catchUpBins: Math.ceil(((to - from) * deferred) / pace) };
  };
  const training = Array.from({ length: random.whole(1, 2) }, () =>
    outage(BINS_PER_DAY, calendar.judgeFrom - BINS_PER_DAY),
  );
  const judged = Array.from({ length: judgedMonths(calendar) }, () =>
    outage(calendar.judgeFrom + BINS_PER_DAY, calendar.bins - BINS_PER_DAY),
  );
  return [...training, ...judged];
}

/** Days after a large step in which it may be told: after them it has to have settled by itself. */
const SETTLES_AFTER_DAYS = 9;

/**
 * Benign trouble, added to the work in place. Returns what an alert may be about without being wrong: month-end jobs,
 * reruns at odd hours, a lasting large step. Catch-ups, small steps and one-off jobs no bigger than what has been
 * there before are in no list: an alert about them is a false one.
 */
export function addTrouble(
  work: Work,
  calendar: Calendar,
  outages: readonly Outage[],
  random: Random,
): Stretch[] {
  const tolerated: Stretch[] = [];
  if (random.chance(0.6)) for (const outage of outages) interrupt(work.units, outage);
  if (random.chance(0.1)) addMonthEnd(work, calendar, random, tolerated);
  if (work.jobs.length > 0 && random.chance(0.5)) addReruns(work, calendar, random, tolerated);
  for (let month = judgedMonths(calendar); month > 0; month--) {
    if (random.chance(0.15)) addOneOff(work.units, calendar, random);
    if (random.chance(0.12)) addStep(work.units, calendar, random, [1.3, 1.8]);
    else if (random.chance(0.03)) {
      const from = addStep(work.units, calendar, random, [2.5, 6]);
      const to = Math.min(work.units.length, from + SETTLES_AFTER_DAYS * BINS_PER_DAY);
      tolerated.push({ kind: 'big-step', from, to });
    }
  }
  return tolerated;
}

function interrupt(units: Float64Array, { from, to, deferred, catchUpBins }: Outage): void {
  let missed = 0;
  for (let i = from; i < to; i++) {
    missed += units[i] ?? 0;
    units[i] = 0.03 * (units[i] ?? 0);
  }
  for (let i = to; i < to + catchUpBins; i++) units[i] = (units[i] ?? 0) + (missed * deferred) / catchUpBins;
}

function addMonthEnd(work: Work, calendar: Calendar, random: Random, tolerated: Stretch[]): void {
  const { units } = work;
  const level = busyLevel(units, calendar.judgeFrom) * random.between(0.7, 2.5);
  const hours = random.between(2.5, 7);
  for (const dayStart of dayStarts(calendar)) {
    if (calendar.dayOfMonth[dayStart] !== 1) continue;
    const from = dayStart + Math.round(random.between(1.8, 2.6) * 12);
    const to = Math.min(units.length, from + Math.round(12 * hours * random.between(0.8, 1.2)));
    for (let i = from; i < to; i++) units[i] = (units[i] ?? 0) + level * random.factor(0.15);
    if (from >= calendar.judgeFrom) tolerated.push({ kind: 'month-end', from, to });
  }
}

/** A job that ran again later in the day: as big as usual, at an hour where it never was. */
function addReruns({ units, jobs }: Work, calendar: Calendar, random: Random, tolerated: Stretch[]): void {
  for (const [start, end] of jobs) {
    if (!random.chance(0.03)) continue;
    const later = random.whole(end - start + 6, 12 * 14);
    const to = Math.min(units.length, end + later);
    for (let i = start + later; i < to; i++)
      units[i] = (units[i] ?? 0) + (units[i - later] ?? 0) * random.between(0.6, 1);
    if (start + later >= calendar.judgeFrom) tolerated.push({ kind: 'rerun', from: start + later, to });
  }
}

/** A job at another hour, below what the key has done before in five minutes and in an hour. */
function addOneOff(units: Float64Array, calendar: Calendar, random: Random): void {
  const at = random.whole(calendar.judgeFrom + BINS_PER_DAY, units.length - BINS_PER_DAY);
  const earlier = units.subarray(Math.max(0, at - 28 * BINS_PER_DAY), at);
  let bin = 0;
  let hour = 0;
  let sum = 0;
  for (let i = 0; i < earlier.length; i++) {
    sum += (earlier[i] ?? 0) - (i >= 12 ? (earlier[i - 12] ?? 0) : 0);
    hour = Math.max(hour, sum);
    bin = Math.max(bin, earlier[i] ?? 0);
  }
  const size = random.between(0.4, 0.85);
  const level = size * Math.min(bin, hour / 12);
  const to = Math.min(units.length, at + random.whole(3, 24));
  for (let i = at; i < to; i++) units[i] = Math.max(units[i] ?? 0, level * random.factor(0.08));
}

function addStep(
  units: Float64Array,
  calendar: Calendar,
  random: Random,
  [low, high]: readonly [number, number],
): number {
  const from = random.whole(calendar.judgeFrom + BINS_PER_DAY, units.length - 3 * BINS_PER_DAY);
  const factor = random.between(low, high);
  for (let i = from; i < units.length; i++) units[i] = (units[i] ?? 0) * factor;
  return from;
}

/** What a busy bin holds: the value that 95 % of the active bins stay below. */
export function busyLevel(values: Float64Array, until: number): number {
  const active = values.subarray(0, until).filter((value) => value > 0);
  active.sort();
  return active[Math.floor(0.95 * active.length)] ?? 0;
}
