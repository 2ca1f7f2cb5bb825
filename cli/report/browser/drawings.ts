import { columnOf } from '../../../shared/render/report/column.ts';
import type { Drawing } from '../../../shared/render/report/drawing.ts';

/** What the page was made with, by the charts' numbers. */
export const drawings: readonly Drawing[] = JSON.parse(
  document.getElementById('report-drawings')?.textContent ?? '[]',
);

/** The columns of a drawing as numbers; null is not known, or no edge. */
export interface Columns {
  readonly bins: readonly number[];
  readonly requests: readonly (number | null)[];
  readonly usual: readonly (number | null)[];
  readonly edge: readonly (number | null)[];
}

export function columnsOf({ steps, requests, usual, edge }: Drawing): Columns {
  let bin = 0;
  return {
    bins: columnOf(steps).map((step) => {
      bin += step ?? 0;
      return bin;
    }),
    requests: columnOf(requests),
    usual: columnOf(usual),
    edge: columnOf(edge),
  };
}

/** `2026-11-25 02:00`, in UTC. */
export const utc = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

export const BIN_SECONDS = 300;
