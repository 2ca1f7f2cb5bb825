import type { TopReport } from '../../shared/app/top.ts';

/** Controls and what changes the direction of text, which JSON would let through to a terminal. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One object with a report for each Region; names are exact, with invisible characters escaped. */
export const asJson = (reports: readonly TopReport[]): string =>
  `${JSON.stringify({ reports }, rounded).replace(UNSEEN, escaped)}\n`;

/** Six significant digits: more would only pretend. Whole numbers stay as they are. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

const escaped = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
