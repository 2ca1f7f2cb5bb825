import { BIN_SECONDS, BINS_PER_HOUR, hourOfBin } from '../usage/time.ts';
import { ageHours, RECORD, WINDOW_BINS, WINDOWS } from './baseline.ts';
import { FLOOR_REQUESTS } from './floor.ts';
import { type BinScore, type Judge, sumsOf } from './judge.ts';
import { offScale } from './scale.ts';
import { isGoingOn, newFinding, scoreWindow, YOUNG_HOURS } from './score.ts';

/** One condition of the decision, and whether the bin met it. */
export interface Gate {
  /**
   * `known`: CloudWatch has told the bin's requests. `history`: hours of its own that the series can be compared with.
   * `floor`: requests above the usual hour. `surprise`: the score against the sensitivity. `onTop`: the same against a
   * level that has lasted two days; only while there is one.
   */
  readonly name: 'known' | 'history' | 'floor' | 'surprise' | 'onTop';
  readonly passed: boolean;
  readonly value: number;
  readonly needed: number;
}

/** Why a bin was told, or was not. */
export interface Explanation {
  /** In the order in which they are asked. A new series passes without history if it begins as few do. */
  readonly gates: readonly Gate[];
  /** The first gate that kept the bin quiet; undefined: it is told. */
  readonly stoppedBy?: Gate['name'];
  /** The same in one plain sentence. */
  readonly sentence: string;
}

/** The gates of a judged bin with their numbers. */
export function explain(score: BinScore, threshold: number): Explanation {
  const known = score.insufficient !== 'unknown';
  const gates: Gate[] = [
    { name: 'known', passed: known, value: Number(known), needed: 1 },
    {
      name: 'history',
      passed: score.ageHours >= YOUNG_HOURS || score.basis === 'newborn',
      value: score.ageHours,
      needed: YOUNG_HOURS,
    },
    {
      name: 'floor',
      passed: score.aboveFloor,
      value: Math.max(score.hourSum - score.usualHour, score.requests - score.usualHour / BINS_PER_HOUR),
      needed: FLOOR_REQUESTS,
    },
    {
      name: 'surprise',
      passed: score.aboveScore >= threshold,
      value: score.aboveScore,
      needed: threshold,
    },
    ...(score.standing
      ? [{ name: 'onTop', passed: score.score >= threshold, value: score.score, needed: threshold } as const]
      : []),
  ];
  const stoppedBy = gates.find(({ passed }) => !passed)?.name;
  const sentence = stoppedBy ? quietSentence(stoppedBy, score) : findingSentence(score);
  return { gates, ...(stoppedBy === undefined ? {} : { stoppedBy }), sentence };
}

/** One of the four windows that end with a judged bin, and what it was compared with. */
export interface WindowTest {
  /** 300, 3,600, 21,600 or 86,400. */
  readonly windowSeconds: number;
  readonly requests: number;
  /** The most that is usual at this time of the week. */
  readonly usual: number;
  /** The most that any such window of the last six weeks held; undefined while there is no whole day. */
  readonly record?: number;
  /** Whether the newest part agrees that it still goes on: a window whose storm is over does not count. */
  readonly goingOn: boolean;
  /** Surprise of this window alone. */
  readonly score: number;
}

/** Looks at the newest judged bin again, window by window: for people who ask why. Allocates; not for every bin. */
export function examineWindows(judge: Judge): WindowTest[] {
  const bin = judge.nextBin - 1;
  const { outlook, view } = judge.work;
  const sums = sumsOf(judge);
  const hasHistory = ageHours(judge.baseline, hourOfBin(bin)) >= YOUNG_HOURS;
  return Array.from({ length: WINDOWS }, (_, window): WindowTest => {
    const requests = sums[window] ?? 0;
    const most = outlook.most[2 * window + RECORD] ?? Number.POSITIVE_INFINITY;
    return {
      windowSeconds: BIN_SECONDS * (WINDOW_BINS[window] ?? 1),
      requests,
      usual: offScale(view.usual[window] ?? 0),
      ...(Number.isFinite(most) ? { record: offScale(most) } : {}),
      goingOn: isGoingOn(view, sums, window),
      score: hasHistory ? scoreWindow(outlook, view, window, requests, false, 0, newFinding()) : 0,
    };
  });
}

/** What a window held and what it was compared with, whether or not it is told. */
export function findingSentence(score: BinScore): string {
  return `${windowText(score.windowSeconds)} hold ${requestsText(score.windowRequests)}; ${comparison(score)}`;
}

function quietSentence(stoppedBy: Gate['name'], score: BinScore): string {
  switch (stoppedBy) {
    case 'known':
      return 'CloudWatch has told nothing of these five minutes';
    case 'history':
      return `the series is ${Math.max(0, score.ageHours)} hours old; it is compared with itself after ${YOUNG_HOURS}`;
    case 'floor':
      return `fewer than ${requestsText(FLOOR_REQUESTS)} above the usual ${requestsText(score.usualHour)} an hour: too little to tell of`;
    case 'surprise':
      return `the last 60 minutes hold ${requestsText(score.hourSum)}: no more than this series does now and then`;
    case 'onTop':
      return `${findingSentence(score)}; no more than the level that has lasted for two days`;
    default:
      return stoppedBy satisfies never;
  }
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
