import { plain } from './text.ts';

/** What makes a spreadsheet take a cell for a formula. */
const FORMULA = /^\s*[=+\-@]/;

const MAX_CELL = 2000;

/** A line of CSV (RFC 4180). Fractions have six significant digits. A text that begins like a formula gets an apostrophe, which spreadsheets take for text. */
export const csvRow = (cells: readonly (string | number)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: string | number): string {
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
      : '';
  const line = plain(value, MAX_CELL);
  const text = FORMULA.test(line) ? `'${line}` : line;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
