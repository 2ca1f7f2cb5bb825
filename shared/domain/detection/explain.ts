import { FLOOR_REQUESTS } from './floor.ts';
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
  return {
    gates: [
      { name: 'surprise', passed: score.score >= threshold, value: score.score, needed: threshold },
      {
        name: 'floor',
        passed: score.aboveFloor,
        value: score.hourSum - score.usualHour,
        needed: FLOOR_REQUESTS,
      },
    ],
    sentence: `${windowText(score.windowSeconds)} hold ${requestsText(score.windowRequests)}; ${comparison(score)}`,
  };
}

function comparison({ basis, windowSeconds, reference, standing }: BinScore): string {
  const held = requestsText(reference);
  switch (basis) {
    case 'newborn':
      return 'the series is new, and few new ones begin like this';
    case 'hour':
      return windowSeconds > 3600
        ? `at this time of the week they usually hold ${held}`
        : `at this time of the week they held ${held} at most`;
    case 'record':
      return standing
        ? `before the level rose, no ${windowName(windowSeconds)} of the last six weeks held more than ${held}`
        : `no ${windowName(windowSeconds)} of the last six weeks held more than ${held}`;
    default:
      return basis satisfies never;
  }
}

const windowText = (seconds: number): string =>
  seconds === 3600 ? 'the last 60 minutes' : `the last ${windowName(seconds)}`;

function windowName(seconds: number): string {
  if (seconds < 3600) return `${seconds / 60} minutes`;
  const hours = seconds / 3600;
  return hours === 1 ? 'hour' : `${hours} hours`;
}

function requestsText(requests: number): string {
  const whole = Math.round(requests);
  return whole === 1 ? '1 request' : `${whole.toLocaleString('en-US')} requests`;
}
