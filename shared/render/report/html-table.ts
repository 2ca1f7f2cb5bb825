import { escapeHtml } from './html.ts';

/** A cell: its text, what it is sorted by, and where it leads. */
export interface Cell {
  readonly text: string;
  readonly order: string | number;
  /** The id of something on the page. */
  readonly to?: string;
  /** Sorted as a number, but read as a text. */
  readonly isMoment?: true;
}

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

function cellHtml({ text, order, to }: Cell, side: string): string {
  const content = escapeHtml(text);
  const link = to === undefined ? content : `<a href="#${escapeHtml(to)}">${content}</a>`;
  return `<td${side} data-v="${escapeHtml(String(order))}">${link}</td>`;
}
