import { escapeHtml } from './html.ts';

/** A cell: its text, what it is sorted by, and where it leads. */
export interface Cell {
  readonly text: string;
  readonly order: string | number;
  /** The id of something on the page. */
  readonly to?: string;
  /** Sorted as a number, but read as a text: a moment, a length of time. */
  readonly isMoment?: true;
  /** Drawn in place of the text, which a neighbour says. */
  readonly bar?: Bar;
}

/** A bar from the left; shares of the cell's width, 0..1. */
export interface Bar {
  readonly share: number;
  /** Between which shares the truth lies. */
  readonly range?: readonly [low: number, high: number];
  /** A line across. */
  readonly mark?: number;
  readonly isRed?: boolean;
}

/** Sorted by a number, but read as a text. */
export const textCell = (text: string, order: number): Cell => ({ text, order, isMoment: true });

/** A cell without a text of its own. */
export const barCell = (bar: Bar): Cell => ({ ...textCell('', bar.share), bar });

export const cell = (text: string, order: string | number = text): Cell => ({ text, order });

/** A table whose columns the reader sorts; columns of numbers stand to the right. */
export function htmlTable(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const isNumeric = heads.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i]?.order === 'number' && !row[i]?.isMoment),
  );
  const side = (i: number) => (isNumeric[i] ? ' class="number"' : '');
  const head = heads
    .map((one, i) => `<th scope="col"${side(i)}><button type="button">${escapeHtml(one)}</button></th>`)
    .join('');
  const body = rows
    .map((row) => `<tr>${row.map((one, i) => cellHtml(one, side(i))).join('')}</tr>`)
    .join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function cellHtml({ text, order, to, bar }: Cell, side: string): string {
  const content = bar ? barSvg(bar) : escapeHtml(text);
  const link = to === undefined ? content : `<a href="#${escapeHtml(to)}">${content}</a>`;
  return `<td${side} data-v="${escapeHtml(String(order))}">${link}</td>`;
}

function barSvg({ share, range, mark, isRed = false }: Bar): string {
  const at = (part: number) => `${(100 * Math.min(1, Math.max(0, part))).toFixed(1)}%`;
  const line = (name: string, from: number, to: number, top: number, bottom: number) =>
    `<line class="${name}" x1="${at(from)}" x2="${at(to)}" y1="${top}" y2="${bottom}"/>`;
  const [low, high] = range ?? [0, 0];
  const error = range
    ? line('error', low, high, 8, 8) + line('error', low, low, 3, 13) + line('error', high, high, 3, 13)
    : '';
  return `<svg class="bar" aria-hidden="true" width="100%" height="16"><rect${isRed ? ' class="red"' : ''} y="3" width="${at(share)}" height="10"/>${error}${mark === undefined ? '' : line('mark', mark, mark, 0, 16)}</svg>`;
}
