import { cut } from './text.ts';

/** A column of a printed table. */
export interface Column {
  readonly head: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
  /** May be cut down to this many characters where the table is too wide. */
  readonly least?: number;
  /** May be left out where cutting is not enough; the highest goes first. @default never */
  readonly leaveOut?: number;
  /** Makes the text of a row's cell stand out without changing the room it takes. @default it stays as it is */
  readonly paint?: (text: string, row: number) => string;
}

const GAP = '  ';

/** A table as lines of at most `width` characters where its columns allow it. Cells are one line of plain text each. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const all = columns.map((column, i) => {
    const cells = [column.head, ...rows.map((row) => row[i] ?? '')];
    return { ...column, cells, width: Math.max(...cells.map(lengthOf)) };
  });
  const shown = fitting(all, width);
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    shown
      .map((column) => padded(column.cells[line] ?? '', column, line - 1))
      .join(GAP)
      .trimEnd(),
  );
}

interface Sized extends Column {
  readonly cells: readonly string[];
  readonly width: number;
}

function fitting(columns: readonly Sized[], width: number): readonly Sized[] {
  let over = columns.reduce((sum, column) => sum + column.width + GAP.length, -GAP.length) - width;
  const cutDown = columns.map((column) => {
    const spare = Math.min(Math.max(0, over), Math.max(0, column.width - (column.least ?? column.width)));
    over -= spare;
    return { ...column, width: column.width - spare };
  });
  const last = columns.reduce((most, { leaveOut = 0 }) => Math.max(most, leaveOut), 0);
  return over <= 0 || last === 0
    ? cutDown
    : fitting(
        columns.filter(({ leaveOut }) => leaveOut !== last),
        width,
      );
}

/** The head is row -1. */
function padded(cell: string, { align = 'left', width, paint }: Sized, row: number): string {
  const text = cut(cell, width);
  const blank = ' '.repeat(Math.max(0, width - lengthOf(text)));
  const painted = row < 0 || paint === undefined ? text : paint(text, row);
  return align === 'right' ? blank + painted : painted + blank;
}

const lengthOf = (text: string): number => Array.from(text).length;
