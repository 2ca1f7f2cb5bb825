import { BINS_PER_HOUR, type Hour } from '../usage/time.ts';
import { type Baseline, HOURS_PER_DAY } from './baseline.ts';

/**
 * What lies before an hour, as the long windows need it. They are made of whole hours and the newest bins, the oldest
 * hour taken in proportion, because whole hours are what a baseline keeps: so a sum does not depend on where a run
 * began.
 */
export interface Past {
  /** Requests of the 5 and of the 23 whole hours before. */
  five: number;
  twentyThree: number;
  /** Requests of the hours that leave the windows. */
  sixth: number;
  twentyFourth: number;
}

export const newPast = (): Past => ({ five: 0, twentyThree: 0, sixth: 0, twentyFourth: 0 });

/**
 * Reads the past of an hour. `unlearned` are the requests of the one hour before it that the baseline may not have
 * learned yet.
 */
export function readPast(baseline: Baseline, hour: Hour, past: Past, unlearned = 0): void {
  const isBehind = baseline.learnedThrough < hour;
  past.five = isBehind ? unlearned : 0;
  for (let back = isBehind ? 2 : 1; back <= 5; back++) past.five += calmSum(baseline, hour - back);
  past.sixth = calmSum(baseline, hour - 6);
  past.twentyThree = past.five + past.sixth;
  for (let back = 7; back <= 23; back++) past.twentyThree += calmSum(baseline, hour - back);
  past.twentyFourth = calmSum(baseline, hour - HOURS_PER_DAY);
}

/** Sums of the windows that end with bin `index` of the hour, shortest first. */
export function sumWindows(
  { five, sixth, twentyThree, twentyFourth }: Past,
  index: number,
  requests: number,
  trailingHour: number,
  hourSoFar: number,
  into: Float64Array,
): void {
  const left = 1 - (index + 1) / BINS_PER_HOUR;
  into[0] = requests;
  into[1] = trailingHour;
  into[2] = five + hourSoFar + left * sixth;
  into[3] = twentyThree + hourSoFar + left * twentyFourth;
}

const calmSum = ({ calmSums }: Baseline, hour: Hour): number => calmSums[hour % HOURS_PER_DAY] ?? 0;
