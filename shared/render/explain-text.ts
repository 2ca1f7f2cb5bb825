import type { Gate } from '../domain/detection/explain.ts';
import type { SeriesExplanation } from '../domain/detection/series-explanation.ts';
import { count } from './number.ts';

/** A condition of the decision as a row of a table. */
export interface GateText {
  readonly asks: string;
  readonly value: string;
  readonly needed: string;
}

/** What a condition asks, what it found and what it needs, each with its unit. */
export function gateText({ name, passed, value, needed }: Gate): GateText {
  switch (name) {
    case 'known':
      return { asks: 'CloudWatch has told the requests', value: passed ? 'yes' : 'no', needed: 'yes' };
    case 'history': {
      const isBeginning = passed && value < needed;
      return {
        asks: isBeginning ? 'history of its own, or a beginning as few have' : 'history of its own',
        value: `${count(Math.max(0, value))} h`,
        needed: `${count(needed)} h`,
      };
    }
    case 'floor':
      return {
        asks: 'requests above the usual',
        value: count(Math.max(0, Math.round(value))),
        needed: count(needed),
      };
    case 'surprise':
      return { asks: 'how unusual', value: figureText(value), needed: figureText(needed) };
    case 'onTop':
      return {
        asks: 'how unusual on top of a level that has lasted two days',
        value: figureText(value),
        needed: figureText(needed),
      };
    default:
      return name satisfies never;
  }
}

/** Differences that a figure of one decimal does not show. */
const UNSEEN = 0.05;

/** More than looking at four windows takes off: the rest is for a series of few days. */
const FOR_FOUR_WINDOWS = 0.25;

/** Why the decision counts less than the window that is most unusual. Undefined: both show the same number. */
export function unusualNote({
  gates,
  windows,
}: Pick<SeriesExplanation, 'gates' | 'windows'>): string | undefined {
  const counted = gates.find(({ name }) => name === 'surprise')?.value ?? 0;
  const highest = Math.max(0, ...windows.map(({ goingOn, score }) => (goingOn ? score : 0)));
  const less = highest - counted;
  if (counted <= 0 || !Number.isFinite(less) || less < UNSEEN) return undefined;
  const why =
    less < FOR_FOUR_WINDOWS
      ? 'with four windows to look at, one is high by chance sooner'
      : 'the first days of a series say little of what is usual for it';
  return `How unusual counts as ${figureText(counted)}: the highest of the windows that go on, ${figureText(highest)}, less ${figureText(less)}, as ${why}.`;
}

/** The weeks before a moment, newest first. */
export const WEEK_TEXTS = [
  'a week before',
  ...['two', 'three', 'four', 'five', 'six', 'seven', 'eight'].map((weeks) => `${weeks} weeks before`),
];

/** A number of a condition. JSON has no infinity: it comes as null. */
export const figureText = (value: number | null): string =>
  value === null || !Number.isFinite(value)
    ? '-'
    : value >= 100
      ? count(value)
      : String(Number(value.toFixed(1)));
