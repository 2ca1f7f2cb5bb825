import { isUnknown } from '../usage/series.ts';
import {
  BIN_SECONDS,
  BINS_PER_HOUR,
  type Bin,
  type Hour,
  hourOfBin,
  learnedThroughFor,
} from '../usage/time.ts';
import { ageHours, type Baseline, RECORD, SCALAR, WINDOW_BINS } from './baseline.ts';
import { isAboveFloor } from './floor.ts';
import { learnNext, NEVER, newWorkspace, type Workspace } from './learn.ts';
import { refreshOutlook } from './outlook.ts';
import { isQuarantined, isStanding } from './quarantine.ts';
import { offScale } from './scale.ts';
import { type Finding, scoreWindows, YOUNG_HOURS } from './score.ts';
import { viewHour } from './slots.ts';
import { readPast, sumWindows } from './windows.ts';

/** Bins kept behind the newest one: an hour and a half waits to be learned at most, in whole hours. */
const RING_BINS = 48;

/** Judges the bins of one series in time order, and learns the hours that become due on the way. */
export interface Judge {
  readonly baseline: Baseline;
  /** Requests of the newest bins in stored precision, a ring by bin. */
  readonly ring: Float32Array;
  /** Scratch for the hour that is being learned. */
  readonly hourBins: Float32Array;
  readonly work: Workspace;
  /** Hours after which somebody took the level as usual. */
  readonly accepted: ReadonlySet<Hour>;
  nextBin: Bin;
  /** The hour that view and past are of. */
  viewedHour: Hour;
  /** Of the newest bin: requests of the trailing hour and of the hour so far without it. */
  trailingBefore: number;
  soFarBefore: number;
}

/** One bin, judged. A record that is filled anew for each bin, so that judging allocates nothing. */
export interface BinScore {
  bin: Bin;
  requests: number;
  previousRequests: number;
  /** Surprise against the higher of the old level and the one that stands; 0 if the bin is unknown. */
  score: number;
  /** Surprise against the old level: keeps an incident open. */
  aboveScore: number;
  /** Requests usual in such a bin. */
  expected: number;
  /** The window that decided. */
  windowSeconds: number;
  windowRequests: number;
  /** What it was compared with, in requests, and of what kind that is. */
  reference: number;
  basis: Finding['basis'];
  /** Requests of the window over the most that the series ever held in such a window, of the last six weeks. */
  ratio: number;
  hourSum: number;
  usualHour: number;
  aboveFloor: boolean;
  /** Hours of the series' own before this one. */
  ageHours: number;
  insufficient: 'unknown' | 'young' | undefined;
  /** The series was unusual within the last day. */
  quarantined: boolean;
  /** The unusual level has lasted two days and is judged beside the old one. */
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
  windowSeconds: BIN_SECONDS,
  windowRequests: 0,
  reference: 0,
  basis: 'record',
  ratio: 0,
  hourSum: 0,
  usualHour: 0,
  aboveFloor: false,
  ageHours: 0,
  insufficient: undefined,
  quarantined: false,
  standing: false,
});

/** Starts with the first bin that the baseline has not learned. The judge takes the baseline over and teaches it. */
export function startJudge(baseline: Baseline, accepted: ReadonlySet<Hour> = NEVER): Judge {
  const nextBin = baseline.learnedThrough * BINS_PER_HOUR;
  const ring = new Float32Array(RING_BINS);
  for (let i = 0; i < BINS_PER_HOUR; i++)
    ring[(nextBin - BINS_PER_HOUR + i) % RING_BINS] = baseline.lastBins[i] ?? 0;
  const work = newWorkspace();
  refreshOutlook(work.outlook, baseline);
  return {
    baseline,
    ring,
    hourBins: new Float32Array(BINS_PER_HOUR),
    work,
    accepted,
    nextBin,
    viewedHour: -1,
    trailingBefore: 0,
    soFarBefore: 0,
  };
}

/** Judges the next bin into `out`. Bins come without gaps; `requests` is NaN where they are not known. */
export function judgeBin(judge: Judge, bin: Bin, requests: number, out: BinScore): void {
  const { baseline, ring, work } = judge;
  learnDueHours(judge, bin);
  const hour = hourOfBin(bin);
  if (judge.viewedHour !== hour) lookAtHour(judge, hour);
  sumBefore(judge, bin);
  ring[bin % RING_BINS] = requests;
  judge.nextBin = bin + 1;
  const known = isUnknown(requests) ? 0 : (ring[bin % RING_BINS] ?? 0);
  const previous = ring[(bin - 1) % RING_BINS] ?? 0;
  const usualHour = baseline.scalars[SCALAR.usualHour] ?? 0;
  const hourSum = judge.trailingBefore + known;
  const age = ageHours(baseline, hour);
  out.bin = bin;
  out.requests = requests;
  out.previousRequests = isUnknown(previous) ? 0 : previous;
  out.hourSum = hourSum;
  out.usualHour = usualHour;
  out.expected = work.view.expected / BINS_PER_HOUR;
  out.quarantined = isQuarantined(baseline);
  out.standing = isStanding(baseline);
  out.aboveFloor = isAboveFloor(hourSum, known, usualHour);
  out.ageHours = age;
  out.insufficient = isUnknown(requests) ? 'unknown' : age < YOUNG_HOURS ? 'young' : undefined;
  work.finding.window = 0;
  work.finding.basis = 'record';
  work.finding.reference = 0;
  out.aboveScore = 0;
  out.score = 0;
  if (!isUnknown(requests) && hourSum > 0) {
    out.aboveScore = scoreWith(judge, bin, known, false);
    out.score = out.standing ? scoreWith(judge, bin, known, true) : out.aboveScore;
  }
  const { window, basis, reference } = work.finding;
  out.windowSeconds = BIN_SECONDS * (WINDOW_BINS[window] ?? 1);
  out.windowRequests = work.sums[window] ?? 0;
  out.basis = basis;
  out.reference = offScale(reference);
  out.ratio = ratioToRecord(judge, window, out.windowRequests);
}

/**
 * Requests in the judged bin from which it would open an incident at this threshold: the upper edge of the band. The
 * decision itself, inverted, floor and long windows included; over `MOST_REQUESTS` if no number of them would.
 */
export function upperFor(judge: Judge, threshold: number): number {
  const bin = judge.nextBin - 1;
  const standing = isStanding(judge.baseline);
  const usualHour = judge.baseline.scalars[SCALAR.usualHour] ?? 0;
  const opens = (requests: number) =>
    isAboveFloor(judge.trailingBefore + requests, requests, usualHour) &&
    scoreWith(judge, bin, requests, standing) >= threshold;
  let high = 1024;
  while (!opens(high)) {
    if (high > MOST_REQUESTS) return high;
    high *= 4;
  }
  let low = -1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (opens(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** More requests than any quota allows in five minutes: where the search for an upper edge ends. */
export const MOST_REQUESTS = 1e12;

/** Requests of the windows that end with the newest judged bin, shortest first. Valid until the next call. */
export function sumsOf(judge: Judge): Float64Array {
  const bin = judge.nextBin - 1;
  return sumsWith(judge, bin, known(judge.ring, bin));
}

function sumsWith({ work, trailingBefore, soFarBefore }: Judge, bin: Bin, requests: number): Float64Array {
  const index = bin % BINS_PER_HOUR;
  sumWindows(work.past, index, requests, trailingBefore + requests, soFarBefore + requests, work.sums);
  return work.sums;
}

function scoreWith(judge: Judge, bin: Bin, requests: number, standing: boolean): number {
  const { outlook, view, finding } = judge.work;
  const sums = sumsWith(judge, bin, requests);
  return scoreWindows(outlook, view, sums, ageHours(judge.baseline, hourOfBin(bin)), standing, finding);
}

function ratioToRecord({ work }: Judge, window: number, requests: number): number {
  const most = work.outlook.most[2 * window + RECORD] ?? 0;
  return Number.isFinite(most) ? requests / Math.max(1, offScale(most)) : 0;
}

function learnDueHours(judge: Judge, bin: Bin): void {
  const { baseline, ring, hourBins, work, accepted } = judge;
  const through = learnedThroughFor(bin);
  while (baseline.learnedThrough < through) {
    const first = baseline.learnedThrough * BINS_PER_HOUR;
    for (let i = 0; i < BINS_PER_HOUR; i++) hourBins[i] = ring[(first + i) % RING_BINS] ?? 0;
    learnNext(baseline, hourBins, work, accepted);
    judge.viewedHour = -1;
  }
}

function lookAtHour(judge: Judge, hour: Hour): void {
  const { baseline, ring, work } = judge;
  let unlearned = 0;
  for (let i = 1; i <= BINS_PER_HOUR; i++) unlearned += known(ring, hour * BINS_PER_HOUR - i);
  viewHour(baseline, hour, work.view);
  readPast(baseline, hour, work.past, unlearned);
  judge.viewedHour = hour;
}

function sumBefore(judge: Judge, bin: Bin): void {
  const { ring } = judge;
  const index = bin % BINS_PER_HOUR;
  let soFar = 0;
  for (let i = 1; i <= index; i++) soFar += known(ring, bin - i);
  let trailing = soFar;
  for (let i = index + 1; i < BINS_PER_HOUR; i++) trailing += known(ring, bin - i);
  judge.soFarBefore = soFar;
  judge.trailingBefore = trailing;
}

function known(ring: Float32Array, bin: Bin): number {
  const requests = ring[bin % RING_BINS] ?? 0;
  return isUnknown(requests) ? 0 : requests;
}
