import { BINS_PER_HOUR, type Hour } from '../usage/time.ts';
import { type Baseline, SCALAR } from './baseline.ts';

/** Requests at which the scale turns from linear to logarithmic: below, a count is mostly chance. */
const LINEAR_REQUESTS = 8;

/** Distance by which the busiest recent day counts less than the same hour of the week: the price of quiet hours. */
const DAY_MARGIN = 0.4;

/** Counts on a scale on which one distance means the same for 10 and for 10 million requests. */
export const onScale = (requests: number): number => Math.asinh(requests / LINEAR_REQUESTS);

/** The inverse of `onScale`. */
export const offScale = (distance: number): number => LINEAR_REQUESTS * Math.sinh(distance);

/** Mean requests per hour usual in an hour of the week; of all hours while the slot has no history. */
export function expectedInHour(baseline: Baseline, hour: Hour): number {
  const slot = hour % 168;
  const weeks = baseline.slotWeeks[slot] ?? 0;
  if (weeks >= 1) return baseline.slotMean[slot] ?? 0;
  return baseline.scalars[SCALAR.usualHour] ?? 0;
}

/**
 * The most that is usual in a window of this hour, on the scale: the second largest value of the same hour of the
 * week and its neighbours, and no less than the second largest recent day less a margin. The second largest, because
 * one old incident must not raise it.
 */
export function referenceFor(baseline: Baseline, hour: Hour, bins: number): number {
  const { slotSecond, dayHour, dayBin } = baseline;
  let envelope = 0;
  for (let near = -1; near <= 1; near++)
    envelope = Math.max(envelope, slotSecond[(hour + near + 168) % 168] ?? 0);
  const isHour = bins >= BINS_PER_HOUR;
  const day = secondLargest(isHour ? dayHour : dayBin);
  const seasonal = onScale(isHour ? envelope : envelope * peakShare(baseline));
  return Math.max(seasonal, onScale(day) - DAY_MARGIN);
}

/** Largest sum of the window in the last 28 days. */
export const maximumOf = ({ dayHour, dayBin }: Baseline, bins: number): number =>
  largest(bins >= BINS_PER_HOUR ? dayHour : dayBin);

/** Share of a busy hour that its busiest bin holds: a twelfth for steady use, all of it for a short job. */
function peakShare(baseline: Baseline): number {
  const hour = secondLargest(baseline.dayHour);
  return hour > 0 ? Math.min(1, secondLargest(baseline.dayBin) / hour) : 1 / BINS_PER_HOUR;
}

function largest(values: Float32Array): number {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i] ?? 0);
  return top;
}

function secondLargest(values: Float32Array): number {
  let top = 0;
  let second = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value > top) {
      second = top;
      top = value;
    } else if (value > second) second = value;
  }
  return second;
}
