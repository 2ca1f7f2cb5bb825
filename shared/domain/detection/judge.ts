import { isUnknown } from '../usage/series.ts';
import { BIN_SECONDS, BINS_PER_HOUR, type Bin, hourOfBin, learnedThroughFor } from '../usage/time.ts';
import { type Baseline, SCALAR, WINDOW_BINS } from './baseline.ts';
import { learnHour } from './learn.ts';
import { expectedInHour, offScale, onScale, referenceFor } from './reference.ts';
import { scoreOf } from './score.ts';

/** Hours of its own that a series needs before it can be judged by them. */
const YOUNG_HOURS = 24;

/** The floor of all detection: excess requests below which nothing is ever told. */
export const FLOOR_REQUESTS = 500;

/** Bins kept behind the newest one: two hours and a half wait to be learned at most, in whole hours. */
const RING_BINS = 48;

/** Judges the bins of one series in time order, and learns the hours that become due on the way. */
export interface Judge {
  readonly baseline: Baseline;
  /** Requests of the newest bins, a ring by bin. */
  readonly ring: Float64Array;
  /** Scratch for the hour that is being learned. */
  readonly hour: Float64Array;
  nextBin: Bin;
}

/** One bin, judged. A record that is filled anew for each bin, so that judging allocates nothing. */
export interface BinScore {
  bin: Bin;
  requests: number;
  previousRequests: number;
  /** Surprise against the higher of the old and the present level; 0 if the bin is unknown. */
  score: number;
  /** Surprise against the old level: keeps an incident open. */
  aboveScore: number;
  /** Requests usual in such a bin. */
  expected: number;
  lower: number;
  /** The window that decided. */
  windowSeconds: number;
  windowRequests: number;
  /** The most that is usual in the deciding window. */
  reference: number;
  hourSum: number;
  usualHour: number;
  aboveFloor: boolean;
  insufficient: 'unknown' | 'young' | undefined;
  quarantined: boolean;
  /** The level has lasted for two days. */
  standing: boolean;
}

/** An empty record to judge into. */
export const newBinScore = (): BinScore => ({
  bin: -1,
  requests: 0,
  previousRequests: 0,
  score: 0,
  aboveScore: 0,
  expected: 0,
  lower: 0,
  windowSeconds: BIN_SECONDS,
  windowRequests: 0,
  reference: 0,
  hourSum: 0,
  usualHour: 0,
  aboveFloor: false,
  insufficient: undefined,
  quarantined: false,
  standing: false,
});

/** Starts with the first bin that the baseline has not learned. The judge takes the baseline over and teaches it. */
export function startJudge(baseline: Baseline): Judge {
  const nextBin = baseline.learnedThrough * BINS_PER_HOUR;
  const ring = new Float64Array(RING_BINS);
  for (let i = 0; i < BINS_PER_HOUR; i++)
    ring[(nextBin - BINS_PER_HOUR + i) % RING_BINS] = baseline.lastBins[i] ?? 0;
  return { baseline, ring, hour: new Float64Array(BINS_PER_HOUR), nextBin };
}

/** Judges the next bin into `out`. Bins come without gaps; `requests` is NaN where they are not known. */
export function judgeBin(judge: Judge, bin: Bin, requests: number, out: BinScore): void {
  const { baseline, ring } = judge;
  learnDueHours(judge, bin);
  ring[bin % RING_BINS] = requests;
  judge.nextBin = bin + 1;
  const hour = hourOfBin(bin);
  let hourSum = 0;
  for (let i = 0; i < BINS_PER_HOUR; i++) {
    const one = ring[(bin - i) % RING_BINS] ?? 0;
    if (!isUnknown(one)) hourSum += one;
  }
  const previous = ring[(bin - 1) % RING_BINS] ?? 0;
  out.bin = bin;
  out.requests = requests;
  out.previousRequests = isUnknown(previous) ? 0 : previous;
  out.hourSum = hourSum;
  out.usualHour = baseline.scalars[SCALAR.usualHour] ?? 0;
  out.expected = expectedInHour(baseline, hour) / BINS_PER_HOUR;
  out.lower = 0;
  out.quarantined = (baseline.scalars[SCALAR.quarantined] ?? 0) > 0;
  out.aboveFloor =
    hourSum - out.usualHour >= FLOOR_REQUESTS || requests >= FLOOR_REQUESTS + out.usualHour / BINS_PER_HOUR;
  out.insufficient = isUnknown(requests) ? 'unknown' : undefined;
  out.score = 0;
  out.windowSeconds = BIN_SECONDS;
  out.windowRequests = isUnknown(requests) ? 0 : requests;
  if (!isUnknown(requests)) scoreWindows(baseline, bin, requests, hourSum, out);
  out.aboveScore = out.score;
}

/** Requests in the judged bin at which its score reaches the threshold in the shortest window: the upper edge of the band. */
export function upperFor({ baseline, nextBin }: Judge, threshold: number): number {
  const hour = hourOfBin(nextBin - 1);
  let low = 0;
  let high = 1e12;
  for (let i = 0; i < 60 && high - low > 0.5; i++) {
    const middle = offScale((onScale(low) + onScale(high)) / 2);
    if (scoreOf(baseline, hour, 0, middle) >= threshold) high = middle;
    else low = middle;
  }
  return high;
}

function scoreWindows(baseline: Baseline, bin: Bin, requests: number, hourSum: number, out: BinScore): void {
  const hour = hourOfBin(bin);
  const isYoung = (baseline.scalars[SCALAR.hoursLearned] ?? 0) < YOUNG_HOURS;
  if (isYoung) out.insufficient = 'young';
  const short = scoreOf(baseline, hour, 0, requests);
  // The hour counts only while its newest bin agrees that it is still going on.
  const long = requests * BINS_PER_HOUR > out.usualHour ? scoreOf(baseline, hour, 1, hourSum) : 0;
  const isLong = long > short;
  out.score = Math.max(short, long);
  out.windowSeconds = BIN_SECONDS * (WINDOW_BINS[isLong ? 1 : 0] ?? 1);
  out.windowRequests = isLong ? hourSum : requests;
  out.reference = offScale(referenceFor(baseline, hour, isLong ? BINS_PER_HOUR : 1));
}

function learnDueHours({ baseline, ring, hour }: Judge, bin: Bin): void {
  const through = learnedThroughFor(bin);
  while (baseline.learnedThrough < through) {
    const first = baseline.learnedThrough * BINS_PER_HOUR;
    for (let i = 0; i < BINS_PER_HOUR; i++) hour[i] = ring[(first + i) % RING_BINS] ?? 0;
    learnHour(baseline, hour);
  }
}
