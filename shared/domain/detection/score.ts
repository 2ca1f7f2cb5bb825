import type { Hour } from '../usage/time.ts';
import { type Baseline, WINDOW_BINS } from './baseline.ts';
import { maximumOf, onScale, referenceFor } from './reference.ts';

/** Share of bins beyond the learned quantile. */
const TAIL_SHARE = 0.05;

/** Independent looks a week at each window. */
const LOOKS_PER_WEEK = [2016, 168] as const;

/** What "more than it has ever done" adds, for each tenfold over the own maximum: the best single sign of a runaway. */
const MAXIMUM_WEIGHT = 4;

/** Distance of a window above its reference, on the scale; negative below it. */
export const distanceOf = (baseline: Baseline, hour: Hour, window: number, requests: number): number =>
  onScale(requests) - referenceFor(baseline, hour, WINDOW_BINS[window] ?? 1);

/** Surprise of a window: minus the decimal logarithm of the false alerts a week that such a distance would make. */
export function scoreOf(baseline: Baseline, hour: Hour, window: number, requests: number): number {
  const quantile = baseline.tail[2 * window] ?? 0;
  const beyond = baseline.tail[2 * window + 1] ?? 1;
  const distance = distanceOf(baseline, hour, window, requests);
  if (distance <= quantile) return 0;
  const chance = Math.log10(TAIL_SHARE) - ((distance - quantile) / beyond) * Math.LOG10E;
  const maximum = maximumOf(baseline, WINDOW_BINS[window] ?? 1);
  const record = (onScale(requests) - onScale(maximum)) * Math.LOG10E;
  return Math.max(
    0,
    -chance - Math.log10(LOOKS_PER_WEEK[window] ?? 1) + MAXIMUM_WEIGHT * Math.max(0, record),
  );
}
