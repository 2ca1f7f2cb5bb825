import { describe, expect, it } from 'vitest';
import { csvRow } from '../../../shared/render/csv.ts';
import { type Column, tableLines } from '../../../shared/render/table.ts';

const COLUMNS: readonly Column[] = [
  { head: 'key', least: 4 },
  { head: 'requests', align: 'right' },
  { head: 'use', leaveOut: 1 },
];
const ROWS = [
  ['lake-etl-of-2019', '12', '▁▂▃'],
  ['é', '1,200', ''],
];

describe('a table', () => {
  it('lines up words on the left and numbers on the right', () => {
    expect(tableLines(COLUMNS, ROWS, 80)).toEqual([
      'key               requests  use',
      'lake-etl-of-2019        12  ▁▂▃',
      'é                    1,200',
    ]);
  });

  it('cuts what may be cut before it leaves out what may be left out', () => {
    expect(tableLines(COLUMNS, ROWS, 22)).toEqual([
      'key      requests  use',
      'lake-e…        12  ▁▂▃',
      'é           1,200',
    ]);
    expect(tableLines(COLUMNS, ROWS, 15)).toEqual(['key    requests', 'lake…        12', 'é         1,200']);
  });
});

describe('a line of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\u202e=1'])('lets no %j become a formula', (text) => {
    expect(csvRow([text])).toMatch(/^'[=+\-@]/);
  });

  it('keeps a cell in its line and in its column', () => {
    expect(csvRow(['a\r\nb', 'say "hi", you', -1.25, 'plain', 1 / 3])).toBe(
      'a b,"say ""hi"", you",-1.25,plain,0.333333\r\n',
    );
  });
});
