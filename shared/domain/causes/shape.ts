import { BINS_PER_DAY, BINS_PER_HOUR } from '../usage/time.ts';

/** Longest stretch of high use that is still one job and not a new level. */
const LONGEST_BURST_BINS = 6 * BINS_PER_HOUR;

/** A short stretch of high use between quiet ones. */
export interface Burst {
  readonly hours: number;
  readonly ended: boolean;
}

/**
 * The one burst in these bins, if that is their shape: everything above half of the peak lies within six hours, most
 * of that time is high, and what lies outside is at least as long and quiet (a quarter of all bins below a fifth).
 */
export function burstOf(recent: readonly number[]): Burst | undefined {
  const peak = Math.max(0, ...recent.filter(Number.isFinite));
  const high = recent.flatMap((value, index) => (value > peak / 2 ? [index] : []));
  const first = high.at(0) ?? 0;
  const last = high.at(-1) ?? 0;
  const span = last - first + 1;
  const outside = recent.filter((value, index) => Number.isFinite(value) && (index < first || index > last));
  const isOne = span <= LONGEST_BURST_BINS && high.length >= span / 2 && outside.length >= Math.max(span, 12);
  if (!isOne || quantile(recent, 0.25) > peak / 5) return undefined;
  return { hours: span / BINS_PER_HOUR, ended: last < recent.length - 2 };
}

/** Use that goes on at the same rate for long. */
export interface Steadiness {
  readonly hours: number;
  readonly perHour: number;
}

/**
 * How long use has been as even as a clock: nine of ten bins of the last day, or else of the last twelve hours, lie in
 * a band no wider than 30 % of the median, and the newest ones do, too. What people cause has a day and a night; below
 * 20 requests all is chance.
 */
export function steadinessOf(recent: readonly number[]): Steadiness | undefined {
  for (const bins of [BINS_PER_DAY, BINS_PER_DAY / 2]) {
    const last = recent.slice(-bins);
    const median = quantile(last, 0.5);
    const spread = quantile(last, 0.95) - quantile(last, 0.05);
    const enough = last.filter(Number.isFinite).length >= bins * 0.8;
    const isStill = Math.abs(quantile(last.slice(-3), 0.5) - median) <= median * 0.3;
    if (enough && isStill && median >= 20 && spread <= median * 0.3) {
      return { hours: bins / BINS_PER_HOUR, perHour: median * BINS_PER_HOUR };
    }
  }
  return undefined;
}

/** A jump to a new level that is still there. */
export interface Step {
  readonly factor: number;
  readonly hoursAgo: number;
}

/**
 * The sharpest jump of the last six hours: from the half hour before it to the median ever since at least eightfold,
 * half of that reached within two bins and still there. Deploys and retries begin so; people and growth do not.
 */
export function stepOf(recent: readonly number[]): Step | undefined {
  let sharpest: Step | undefined;
  for (let index = Math.max(6, recent.length - LONGEST_BURST_BINS); index <= recent.length - 3; index++) {
    const since = recent.slice(index);
    const after = quantile(since, 0.5);
    const factor = after / Math.max(1, quantile(recent.slice(index - 6, index), 0.5));
    const [first = 0, second = 0] = since;
    const isAtOnce = first >= after / 8 && Math.max(first, second) >= after / 2;
    const isStill = quantile(recent.slice(-3), 0.5) >= after / 2;
    const isSharpest = factor >= 8 && factor > (sharpest?.factor ?? 0);
    if (isSharpest && isAtOnce && isStill && after >= 100) {
      sharpest = { factor, hoursAgo: since.length / BINS_PER_HOUR };
    }
  }
  return sharpest;
}

/** The value below which this share of the known ones lies; NaN where nothing is known, which passes no comparison. */
function quantile(values: readonly number[], share: number): number {
  const known = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  return known[Math.floor(share * (known.length - 1))] ?? Number.NaN;
}
