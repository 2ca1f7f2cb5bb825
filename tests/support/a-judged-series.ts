import { newBaseline } from '../../shared/domain/detection/baseline.ts';
import {
  type BinScore,
  type Judge,
  judgeBin,
  newBinScore,
  startJudge,
} from '../../shared/domain/detection/judge.ts';
import { thresholdFor } from '../../shared/domain/detection/sensitivity.ts';
import { BINS_PER_DAY, BINS_PER_WEEK } from '../../shared/domain/usage/time.ts';

/** Midnight UTC, in bins. */
export const MIDNIGHT = 2480 * BINS_PER_WEEK;

/** The score from which people hear of it unless they say otherwise. */
export const THRESHOLD = thresholdFor(200);

/** Requests in the nth bin of a series. */
export type Use = (index: number) => number;

/** A client with a little noise: about 900 requests in five minutes. */
export const steady: Use = (i) => 900 + ((i * 7) % 13) * 10;

/** Busy by day, a tenth of it by night. */
export const daily: Use = (i) => {
  const hour = Math.floor((i % BINS_PER_DAY) / 12);
  return steady(i) * (hour >= 8 && hour < 20 ? 10 : 1);
};

/** `use` with another one in the bins [from, to). */
export const during =
  (from: number, to: number, other: Use, use: Use): Use =>
  (i) =>
    i >= from && i < to ? other(i) : use(i);

export const days = (count: number): number => count * BINS_PER_DAY;
export const weeks = (count: number): number => count * BINS_PER_WEEK;

/** A judge that has seen the first bins of a series that was born at midnight. */
export function judgeOf(use: Use, bins: number): Judge {
  const judge = startJudge(newBaseline(MIDNIGHT));
  goOn(judge, use, bins);
  return judge;
}

/** Judges the next bins of the same series; returns what was said of each. */
export function goOn(judge: Judge, use: Use, bins: number): BinScore[] {
  const from = judge.nextBin - MIDNIGHT;
  return Array.from({ length: bins }, (_, i) => {
    const score = newBinScore();
    judgeBin(judge, MIDNIGHT + from + i, use(from + i), score);
    return score;
  });
}

/** Whether a bin would open an incident. */
export const isTold = ({ score, aboveFloor }: BinScore, threshold = THRESHOLD): boolean =>
  score >= threshold && aboveFloor;
