import type { Gate } from '../domain/detection/explain.ts';
import { count } from './number.ts';

/** What each condition of the decision asks. */
export const GATE_TEXTS: Readonly<Record<Gate['name'], string>> = {
  known: 'CloudWatch has told the requests',
  history: 'hours of history of its own, or a beginning as few have',
  floor: 'requests above the usual hour',
  surprise: 'surprise, against the sensitivity',
  onTop: 'surprise on top of a level that has lasted two days',
};

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
