import type { BinScore } from '../../domain/detection/judge.ts';
import { type SeriesId, seriesName } from '../../domain/usage/key.ts';
import { type Bin, hourOfBin } from '../../domain/usage/time.ts';

/** One judged bin, or the busiest of several: [first bin, requests, expected, upper]; null is unknown, or no edge. */
export type ChartPoint = readonly [Bin, number | null, number, number | null];

/** A series as it is drawn. */
export interface RecordedChart {
  readonly id: SeriesId;
  readonly points: readonly ChartPoint[];
  /** Bins that would have opened an incident. */
  readonly breaching: number;
}

/** Takes what a replay judges, bin by bin. */
export interface SeriesRecorder {
  readonly record: (id: SeriesId, score: BinScore, breaching: boolean, upper: () => number) => void;
  readonly charts: () => RecordedChart[];
}

/** More requests than any quota allows: such an edge is none. */
const NO_EDGE = 1e12;

interface Draft {
  readonly id: SeriesId;
  readonly points: ChartPoint[];
  breaching: number;
  hour: number;
  upper: number;
}

/**
 * Keeps an hour's busiest bin, and every bin that breaches. The upper edge is dear to compute: it is asked for once an
 * hour and wherever an older answer would contradict the verdict.
 */
export function seriesRecorder(): SeriesRecorder {
  const drafts = new Map<string, Draft>();
  return {
    record(id, score, breaching, upper) {
      const name = seriesName(id);
      const draft = drafts.get(name) ?? { id, points: [], breaching: 0, hour: -1, upper: 0 };
      drafts.set(name, draft);
      const hour = hourOfBin(score.bin);
      const isNewHour = hour !== draft.hour;
      if (isNewHour || breaching || score.requests >= draft.upper) draft.upper = upper();
      const known = Number.isNaN(score.requests) ? null : Math.round(score.requests);
      const edge = draft.upper >= NO_EDGE ? null : draft.upper;
      const point: ChartPoint = [score.bin, known, Number(score.expected.toPrecision(3)), edge];
      const last = draft.points.at(-1);
      const isLarger = last !== undefined && (known ?? -1) > (last[1] ?? -1);
      if (isNewHour || breaching) draft.points.push(point);
      else if (isLarger) draft.points[draft.points.length - 1] = point;
      if (breaching) draft.breaching++;
      draft.hour = hour;
    },
    charts: () => [...drafts.values()].map(({ id, points, breaching }) => ({ id, points, breaching })),
  };
}
