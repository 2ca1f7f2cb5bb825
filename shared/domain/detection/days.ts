import { type Baseline, DAYS, TESTS } from './baseline.ts';
import { NOTHING, pack, unpack } from './scale.ts';

/** A day, counted from 1970. */
export type Day = number;

/**
 * Forgets what a day of six weeks ago held: its place is needed. `keepsCalm` leaves its calm maxima: a level that has
 * stood for weeks must not become usual because all older days are forgotten.
 */
export function startDay({ calmDays, unusualDays }: Baseline, day: Day, keepsCalm: boolean): void {
  for (let test = 0; test < TESTS; test++) {
    if (!keepsCalm) calmDays[test * DAYS + (day % DAYS)] = NOTHING;
    unusualDays[test * DAYS + (day % DAYS)] = NOTHING;
  }
}

/** Keeps the day's maximum of one test; says whether it is the day's first. */
export function noteMaximum(days: Uint16Array, test: number, day: Day, value: number): boolean {
  const at = test * DAYS + (day % DAYS);
  const before = days[at] ?? NOTHING;
  days[at] = Math.max(before, pack(value));
  return before === NOTHING;
}

/** The day's maximum of one test, packed. */
export const maximumOn = (days: Uint16Array, test: number, day: Day): number =>
  days[test * DAYS + (day % DAYS)] ?? NOTHING;

/** Takes every unusual day as a normal one. */
export function acceptDays({ calmDays, unusualDays }: Baseline): void {
  for (let i = 0; i < calmDays.length; i++) {
    calmDays[i] = Math.max(calmDays[i] ?? NOTHING, unusualDays[i] ?? NOTHING);
    unusualDays[i] = NOTHING;
  }
}

/** Largest value of one test on all calm days; less than any position if there is none. */
export function calmMaximum({ calmDays }: Baseline, test: number): number {
  let largest = NOTHING;
  for (let i = 0; i < DAYS; i++) largest = Math.max(largest, calmDays[test * DAYS + i] ?? NOTHING);
  return unpack(largest);
}

/** Which daily maxima a tail is learned from. */
export interface Sample {
  readonly values: Float64Array;
  count: number;
  /** Largest unusual value of the days left out; `-Infinity` if none was. */
  leftOut: number;
}

export const newSample = (): Sample => ({ values: new Float64Array(DAYS), count: 0, leftOut: -Infinity });

/**
 * Calm days that are younger than this are not taken yet, so that slow creep meets what was usual a week ago. With 0,
 * recall on the small fleet falls from 0.84 to 0.79 at the tightest budget and creep is found days later.
 */
const LAG_DAYS = 7;

/** A young series cannot wait: at most this share of its days is left out for creep's sake. */
const LAG_SHARE = 0.25;

/**
 * Collects one test's daily maxima, newest day `today`. One run of unusual days, the one with the largest value, is
 * left out: an incident must not become usual. Any other unusual day counts: what happens twice in six weeks is how
 * this series is.
 */
export function collectDays(
  baseline: Baseline,
  test: number,
  today: Day,
  least: number,
  sample: Sample,
): void {
  const { calmDays, unusualDays } = baseline;
  const first = test * DAYS;
  let known = 0;
  let worst = NOTHING;
  let worstBack = -1;
  // Ring positions from today backwards: `at` jumps to the end of the ring once.
  for (let back = 0, at = first + (today % DAYS); back < DAYS; back++, at += at === first ? DAYS - 1 : -1) {
    const unusual = unusualDays[at] ?? NOTHING;
    if (unusual !== NOTHING || calmDays[at] !== NOTHING) known++;
    if (unusual > worst) {
      worst = unusual;
      worstBack = back;
    }
  }
  let from = worstBack;
  let to = worstBack;
  if (worstBack >= 0) {
    while (from > 0 && unusualDays[first + indexOf(today, from - 1)] !== NOTHING) from--;
    while (to < DAYS - 1 && unusualDays[first + indexOf(today, to + 1)] !== NOTHING) to++;
  }
  const lag = Math.min(LAG_DAYS, Math.floor(known * LAG_SHARE));
  sample.leftOut = worstBack >= 0 ? unpack(worst) : -Infinity;
  sample.count = 0;
  for (let back = 0, at = first + (today % DAYS); back < DAYS; back++, at += at === first ? DAYS - 1 : -1) {
    if (worstBack >= 0 && back >= from && back <= to) continue;
    add(sample, Math.max(unusualDays[at] ?? NOTHING, back < lag ? NOTHING : (calmDays[at] ?? NOTHING)));
  }
  if (sample.count >= least) return;
  sample.count = 0;
  for (let at = first; at < first + DAYS; at++) add(sample, calmDays[at] ?? NOTHING);
  if (sample.count >= least && to - from >= DAYS / 2) return;
  sample.count = 0;
  for (let at = first; at < first + DAYS; at++)
    add(sample, Math.max(unusualDays[at] ?? NOTHING, calmDays[at] ?? NOTHING));
}

function add(sample: Sample, stored: number): void {
  if (stored !== NOTHING) sample.values[sample.count++] = unpack(stored);
}

const indexOf = (today: Day, back: number): number => (today - back + DAYS) % DAYS;
