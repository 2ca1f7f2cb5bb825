import type { BinScore } from './judge.ts';

/** One condition of the decision, and whether the bin met it. */
export interface Gate {
  readonly name: 'surprise' | 'floor';
  readonly passed: boolean;
  readonly value: number;
  readonly needed: number;
}

/** Why a bin was told, or was not. */
export interface Explanation {
  readonly gates: readonly Gate[];
  /** The same in one plain sentence. */
  readonly sentence: string;
}

/** The gates of a judged bin with their numbers. */
export function explain(score: BinScore, threshold: number): Explanation {
  const minutes = score.windowSeconds / 60;
  const window = minutes < 60 ? `the last ${minutes} minutes` : 'the last hour';
  return {
    gates: [
      { name: 'surprise', passed: score.score >= threshold, value: score.score, needed: threshold },
      { name: 'floor', passed: score.aboveFloor, value: score.hourSum - score.usualHour, needed: 500 },
    ],
    sentence: `${window} hold ${whole(score.windowRequests)} requests; at this hour of the week they held ${whole(score.reference)} at most`,
  };
}

const whole = (requests: number): string => Math.round(requests).toLocaleString('en-US');
