import type { Hour } from '../usage/time.ts';
import { type Baseline, HOURS_PER_WEEK, SCALAR, WINDOWS } from './baseline.ts';
import { knownEarlyUse } from './early.ts';
import { offScale, onScale, pack, unpack } from './scale.ts';

/** What a slot's maxima lose each week, on the scale: old records fade by 3 % a week. Any value up to 5 % does. */
const FADE = 0.03;

/** Weight of a new hour in a slot's mean: five weeks of memory follow growth and do not follow one odd day. */
const MEAN_WEIGHT = 0.2;

/**
 * Hours around a window of an hour or a bin whose slots count as the same time: jobs drift by half an hour, and clocks
 * change by a whole one. With 1, a nightly job after the change pages twice in four accounts of `bench/detection`, the
 * false notices are 2.2 instead of 1.6 a week, and recall on the small fleet is 0.84 instead of 0.86 at the tightest
 * budget.
 */
const NEAR_HOURS = 2;

/** What is usual in one hour, computed once for its bins. */
export interface HourView {
  /** Requests usual in the hour. */
  expected: number;
  /** Per window: the most that is usual at this time of the week, on the scale. */
  readonly usual: Float64Array;
  /** What a young series has done at about this time of day before, on the scale; 0 if nothing. */
  known: number;
}

/** An empty view. */
export const newHourView = (): HourView => ({
  expected: 0,
  usual: new Float64Array(WINDOWS),
  known: 0,
});

/**
 * Looks an hour up. Up to an hour, the usual is the second largest value of the slot and its neighbours: the second,
 * because one old incident must not raise it. Longer windows add up the means of their slots. How far windows stray
 * from it is the tail's business, so it need not be exact.
 */
export function viewHour(baseline: Baseline, hour: Hour, view: HourView): void {
  const { binSecond, slotSecond } = baseline;
  const { usual } = view;
  view.expected = expectedInHour(baseline, hour);
  let bin = 0;
  let whole = 0;
  for (let near = -NEAR_HOURS; near <= NEAR_HOURS; near++) {
    const slot = (hour + near) % HOURS_PER_WEEK;
    bin = Math.max(bin, binSecond[slot] ?? 0);
    whole = Math.max(whole, slotSecond[slot] ?? 0);
  }
  usual[0] = Math.max(0, unpack(bin));
  usual[1] = Math.max(0, unpack(whole));
  usual[2] = onScale(meanSum(baseline, hour, 6));
  usual[3] = onScale(meanSum(baseline, hour, 24));
  view.known = knownEarlyUse(baseline, hour);
}

/** Requests usual in an hour: the mean of its slot, or the usual hour while the slot has no history. */
export function expectedInHour({ slotWeeks, slotMean, scalars }: Baseline, hour: Hour): number {
  const slot = hour % HOURS_PER_WEEK;
  if ((slotWeeks[slot] ?? 0) === 0) return scalars[SCALAR.usualHour] ?? 0;
  return meanOf(slotMean[slot]);
}

/** Learns the sum and the largest bin of a calm hour. */
export function learnSlot(baseline: Baseline, hour: Hour, sum: number, peak: number): void {
  const slot = hour % HOURS_PER_WEEK;
  const { slotMean, slotWeeks, slotTop, slotSecond, binTop, binSecond } = baseline;
  const weeks = Math.min(255, (slotWeeks[slot] ?? 0) + 1);
  const mean = weeks === 1 ? 0 : meanOf(slotMean[slot]);
  slotWeeks[slot] = weeks;
  slotMean[slot] = pack(onScale(mean + (sum - mean) * Math.max(MEAN_WEIGHT, 1 / weeks)));
  learnTopTwo(slotTop, slotSecond, slot, onScale(sum));
  learnTopTwo(binTop, binSecond, slot, onScale(peak));
}

/**
 * Lifts every slot to what the last week held: a level that was unusual is accepted. Single bins are lifted by as
 * much as their hour.
 */
export function liftSlots({ hourSums, slotMean, slotTop, slotSecond, binTop, binSecond }: Baseline): void {
  for (let slot = 0; slot < HOURS_PER_WEEK; slot++) {
    const sum = onScale(hourSums[slot] ?? 0);
    const lift = sum - Math.max(0, unpack(slotMean[slot] ?? 0));
    if (lift <= 0) continue;
    slotMean[slot] = pack(sum);
    for (const hours of [slotTop, slotSecond]) hours[slot] = Math.max(hours[slot] ?? 0, pack(sum));
    for (const bins of [binTop, binSecond])
      bins[slot] = pack(Math.min(sum, Math.max(0, unpack(bins[slot] ?? 0)) + lift));
  }
}

function learnTopTwo(top: Uint16Array, second: Uint16Array, slot: number, value: number): void {
  const largest = unpack(top[slot] ?? 0) - FADE;
  const next = unpack(second[slot] ?? 0) - FADE;
  top[slot] = pack(Math.max(0, largest, value));
  second[slot] = pack(Math.max(0, value >= largest ? Math.max(largest, next) : Math.max(next, value)));
}

/** Mean requests in the `hours` that end with this one, from one slot more than that: a window straddles hours. */
function meanSum({ slotMean }: Baseline, hour: Hour, hours: number): number {
  let sum = 0;
  for (let back = -1; back < hours; back++)
    sum += meanOf(slotMean[(hour - back + HOURS_PER_WEEK) % HOURS_PER_WEEK]);
  return (sum * hours) / (hours + 1);
}

const meanOf = (stored = 0): number => (stored === 0 ? 0 : Math.max(0, offScale(unpack(stored))));
