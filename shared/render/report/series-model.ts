import { BIN_SECONDS } from '../../domain/usage/time.ts';
import { columnOf } from './column.ts';
import type { Drawing } from './drawing.ts';

type Column = readonly (number | null)[];

/** The columns of a drawing as numbers, equally long; null is not known, or no edge. Read in the browser and for SVG. */
export interface SeriesModel {
  /** Start of each bin, seconds since 1970. */
  readonly seconds: readonly number[];
  readonly requests: Column;
  readonly usual: Column;
  readonly edge: Column;
  /** The requests where they are beyond the band, else null. */
  readonly red: Column;
}

/** What a chart is made of, whoever draws it. */
export function seriesModel({ steps, red, ...drawing }: Drawing): SeriesModel {
  let bin = 0;
  const bins = columnOf(steps).map((step) => {
    bin += step ?? 0;
    return bin;
  });
  const requests = columnOf(drawing.requests);
  const isRed = (at: number) => red.some(([from, to]) => at >= from && at < to);
  return {
    seconds: bins.map((at) => at * BIN_SECONDS),
    requests,
    usual: columnOf(drawing.usual),
    edge: columnOf(drawing.edge),
    red: bins.map((at, i) => (isRed(at) ? (requests[i] ?? null) : null)),
  };
}

/** The top of a chart in which these numbers are to be seen. */
export const topOf = (highest: number): number => Math.max(1, highest * 1.05);
