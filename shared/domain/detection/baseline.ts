import { BINS_PER_HOUR, type Bin, type Hour, hourOfBin } from '../usage/time.ts';

const HOURS_PER_WEEK = 168;
const RECENT_HOURS = 168;
const DAYS = 28;

/** Windows that are judged, in bins. */
export const WINDOW_BINS = [1, BINS_PER_HOUR] as const;

/**
 * What is usual for one series: everything the judge needs and nothing else. All state is 32-bit floats, so that a
 * baseline in memory and one that was stored and read again are the same to the last bit.
 */
export interface Baseline {
  /** First hour that is not learned yet. */
  learnedThrough: Hour;
  /** First bin of the series; nothing is known of the time before. */
  readonly bornBin: Bin;
  /** All numbers in one array; the fields below are views of it. */
  readonly values: Float32Array;
  /** Mean requests per hour, by hour of the week. */
  readonly slotMean: Float32Array;
  /** Weeks of evidence behind a slot. */
  readonly slotWeeks: Float32Array;
  /** Largest and second largest hourly sum by hour of the week, ageing. */
  readonly slotTop: Float32Array;
  readonly slotSecond: Float32Array;
  /** Hourly sums of the last week, a ring by hour; quarantined hours included. */
  readonly hourSums: Float32Array;
  /** Bins of the last learned hour. */
  readonly lastBins: Float32Array;
  /** Largest hourly sum and bin of each of the last 28 days, a ring by day. */
  readonly dayHour: Float32Array;
  readonly dayBin: Float32Array;
  /** Per window: 95 % quantile of the distance above the reference, and the mean excess over it. */
  readonly tail: Float32Array;
  /** Named scalars, see `SCALAR`. */
  readonly scalars: Float32Array;
}

/** Positions in `Baseline.scalars`. */
export const SCALAR = { usualHour: 0, hoursLearned: 1, quarantined: 2, quietHours: 3, binSecond: 4 } as const;

const SIZES = [
  HOURS_PER_WEEK,
  HOURS_PER_WEEK,
  HOURS_PER_WEEK,
  HOURS_PER_WEEK,
  RECENT_HOURS,
  BINS_PER_HOUR,
  DAYS,
  DAYS,
  2 * WINDOW_BINS.length,
  8,
] as const;

/** Numbers in a baseline. */
export const BASELINE_LENGTH = SIZES.reduce((sum, size) => sum + size, 0);

/** Distance above the reference that 5 % of all bins reach in an untaught series, and how far beyond they go on average. */
const TAIL_PRIOR = [0.2, 0.15] as const;

/** A baseline that has learned nothing; it begins with the hour of the series' first bin. */
export function newBaseline(firstBin: Bin): Baseline {
  const baseline = baselineOf(hourOfBin(firstBin), firstBin, new Float32Array(BASELINE_LENGTH));
  for (let i = 0; i < baseline.tail.length; i++) baseline.tail[i] = TAIL_PRIOR[i % 2] ?? 0;
  return baseline;
}

/** A baseline over these numbers, which it keeps. */
export function baselineOf(learnedThrough: Hour, bornBin: Bin, values: Float32Array): Baseline {
  let offset = 0;
  const views = SIZES.map((size) => {
    offset += size;
    return values.subarray(offset - size, offset);
  });
  const view = (index: number) => views[index] ?? values.subarray(0, 0);
  return {
    learnedThrough,
    bornBin,
    values,
    slotMean: view(0),
    slotWeeks: view(1),
    slotTop: view(2),
    slotSecond: view(3),
    hourSums: view(4),
    lastBins: view(5),
    dayHour: view(6),
    dayBin: view(7),
    tail: view(8),
    scalars: view(9),
  };
}

/** A copy that can be taught without changing the original. */
export const cloneBaseline = ({ learnedThrough, bornBin, values }: Baseline): Baseline =>
  baselineOf(learnedThrough, bornBin, values.slice());

/** Requests in one of the last 168 learned hours. */
export const hourSumOf = ({ hourSums }: Baseline, hour: Hour): number => hourSums[hour % RECENT_HOURS] ?? 0;

/** Requests in a bin of the last learned hour. */
export const lastBinOf = ({ lastBins }: Baseline, bin: Bin): number => lastBins[bin % BINS_PER_HOUR] ?? 0;
