import type { TopReport } from '../../shared/app/top.ts';
import { printableJson } from '../printable-json.ts';

/** One object with a report for each Region; names are exact, with invisible characters escaped. */
export const asJson = (reports: readonly TopReport[]): string =>
  printableJson(JSON.parse(JSON.stringify({ reports }, rounded)));

/** Six significant digits: more would only pretend. Whole numbers stay as they are. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
