import { BINS_PER_HOUR, type Bin, type Hour, hourOfBin } from '../usage/time.ts';

export const HOURS_PER_DAY = 24;
export const HOURS_PER_WEEK = 168;

/** Lengths of the windows that are judged, in bins: five minutes, an hour, six hours, a day. */
export const WINDOW_BINS = [1, BINS_PER_HOUR, 6 * BINS_PER_HOUR, HOURS_PER_DAY * BINS_PER_HOUR] as const;
export const WINDOWS = WINDOW_BINS.length;

/**
 * Each window is compared in two ways: with the same hour of the week (`HOUR`), and with the whole record of the
 * series (`RECORD`). A test is a window and a comparison: `2 * window + comparison`.
 */
export const HOUR = 0;
export const RECORD = 1;
export const TESTS = 2 * WINDOWS;

/**
 * Days whose maxima are kept. Six weeks hold enough of them to learn a tail from and forget an old incident within
 * the eight weeks of a back-fill. With 28 days the false notices of `bench/detection` rise fivefold, with 49
 * nothing improves.
 */
export const DAYS = 42;

/** Positions in `Baseline.scalars`. */
export const SCALAR = {
  /** Median of the hourly sums of the last seven days, refreshed at 00:00 UTC. */
  usualHour: 0,
  hoursLearned: 1,
  /** Hours since the quarantine opened; 0: none. */
  quarantineHours: 2,
  /** Hours since the last unusual one in this quarantine. */
  calmHours: 3,
  /** Distinct bouts of unusual use in this quarantine; a day of unbroken use counts as one more. */
  bouts: 4,
  /** Unusual hours since the last bout was counted. */
  boutHours: 5,
  /** Which of the last 24 hours were unusual: bit `hour % 24`. */
  unusualHours: 6,
} as const;

const FLOATS = { hourSums: HOURS_PER_WEEK, lastBins: BINS_PER_HOUR, calmSums: HOURS_PER_DAY, scalars: 12 };
const SLOT_ARRAYS = 5;
const RING = TESTS * DAYS;
const FLOAT_COUNT = Object.values(FLOATS).reduce((sum, length) => sum + length, 0);

/** Bytes of a baseline's state, in memory and stored alike. */
export const STATE_BYTES = 4 * FLOAT_COUNT + 2 * (SLOT_ARRAYS * HOURS_PER_WEEK + 2 * RING) + HOURS_PER_WEEK;

/**
 * What is usual for one series: everything the judge needs and nothing else. The arrays are views of one buffer in
 * stored precision, so a baseline in memory and one that was stored and read again are the same to the last bit.
 * Slots are hours of the week (`hour % 168`), their values packed positions on the scale.
 */
export interface Baseline {
  /** First hour that is not learned yet. */
  learnedThrough: Hour;
  /** First bin of the series; nothing is known of the time before. */
  readonly bornBin: Bin;
  readonly state: Uint8Array;
  /** All 32-bit numbers in one array; the four fields below are views of it. */
  readonly values: Float32Array;
  /** Raw hourly sums of the last week, a ring by hour; unusual hours included. */
  readonly hourSums: Float32Array;
  /** Bins of the last learned hour. */
  readonly lastBins: Float32Array;
  /** Hourly sums of the last day, in which a bout that is over is replaced by what is usual. */
  readonly calmSums: Float32Array;
  readonly scalars: Float32Array;
  /** Mean hourly sum. */
  readonly slotMean: Uint16Array;
  /** Largest and second largest hourly sum, ageing. */
  readonly slotTop: Uint16Array;
  readonly slotSecond: Uint16Array;
  /** The same of single bins. */
  readonly binTop: Uint16Array;
  readonly binSecond: Uint16Array;
  /** Daily maxima of every test, a ring by day for each; of calm hours, and of unusual ones. */
  readonly calmDays: Uint16Array;
  readonly unusualDays: Uint16Array;
  /** Weeks learned of a slot, up to 255. */
  readonly slotWeeks: Uint8Array;
}

/** A baseline that has learned nothing; it begins with the hour of the series' first bin. */
export const newBaseline = (firstBin: Bin): Baseline =>
  baselineOf(hourOfBin(firstBin), firstBin, new Uint8Array(STATE_BYTES));

/** A baseline over this state, which it keeps. */
export function baselineOf(learnedThrough: Hour, bornBin: Bin, state: Uint8Array): Baseline {
  const { buffer } = state;
  let offset = state.byteOffset;
  const floats = (length: number) => {
    offset += 4 * length;
    return new Float32Array(buffer, offset - 4 * length, length);
  };
  const words = (length: number) => {
    offset += 2 * length;
    return new Uint16Array(buffer, offset - 2 * length, length);
  };
  return {
    learnedThrough,
    bornBin,
    state,
    values: new Float32Array(buffer, offset, FLOAT_COUNT),
    hourSums: floats(FLOATS.hourSums),
    lastBins: floats(FLOATS.lastBins),
    calmSums: floats(FLOATS.calmSums),
    scalars: floats(FLOATS.scalars),
    slotMean: words(HOURS_PER_WEEK),
    slotTop: words(HOURS_PER_WEEK),
    slotSecond: words(HOURS_PER_WEEK),
    binTop: words(HOURS_PER_WEEK),
    binSecond: words(HOURS_PER_WEEK),
    calmDays: words(RING),
    unusualDays: words(RING),
    slotWeeks: new Uint8Array(buffer, offset, HOURS_PER_WEEK),
  };
}

/** A copy that can be taught without changing the original. */
export const cloneBaseline = ({ learnedThrough, bornBin, state }: Baseline): Baseline =>
  baselineOf(learnedThrough, bornBin, state.slice());

/** Hours since the series was born. */
export const ageHours = ({ bornBin }: Baseline, hour: Hour): number => hour - hourOfBin(bornBin);

/** Requests in one of the last 168 learned hours. */
export const hourSumOf = ({ hourSums }: Baseline, hour: Hour): number => hourSums[hour % HOURS_PER_WEEK] ?? 0;

/** Requests in a bin of the last learned hour. */
export const lastBinOf = ({ lastBins }: Baseline, bin: Bin): number => lastBins[bin % BINS_PER_HOUR] ?? 0;
