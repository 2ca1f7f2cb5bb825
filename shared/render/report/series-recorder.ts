import { type BinScore, MOST_REQUESTS } from '../../domain/detection/judge.ts';
import { type SeriesId, seriesName } from '../../domain/usage/key.ts';
import { type Bin, hourOfBin } from '../../domain/usage/time.ts';
import { addBin, type Stretch } from './stretch.ts';

/** One judged bin: [bin, requests, usual, upper edge]; null: not known, or no number of requests opens an incident. */
export type ChartPoint = readonly [Bin, number | null, number, number | null];

/** A series as it is drawn. */
export interface RecordedChart {
  readonly id: SeriesId;
  /** In time order: the busiest bin of an hour, every bin beyond the band, and the bins beside those. */
  readonly points: readonly ChartPoint[];
  /** Where it would have opened an incident. */
  readonly beyond: readonly Stretch[];
  /** Where an unusual level has stood for two days: beyond the band is what comes on top of it. */
  readonly standing: readonly Stretch[];
}

/** Takes what a replay judges, bin by bin. */
export interface SeriesRecorder {
  readonly record: (id: SeriesId, score: BinScore, breaching: boolean, upper: () => number) => void;
  readonly charts: () => RecordedChart[];
}

interface Draft {
  readonly id: SeriesId;
  readonly points: ChartPoint[];
  readonly beyond: Stretch[];
  readonly standing: Stretch[];
  hour: number;
  upper: number;
  /** The bin before, and the busiest of this hour that are within the band. */
  newest: ChartPoint | undefined;
  busiest: ChartPoint | undefined;
}

/**
 * The upper edge is dear to compute: it is asked for once an hour and wherever an older answer would contradict the
 * verdict. From `wholeFrom` on every bin is kept.
 */
export function seriesRecorder(wholeFrom: Bin = Number.POSITIVE_INFINITY): SeriesRecorder {
  const drafts = new Map<string, Draft>();
  return {
    record(id, score, breaching, upper) {
      const draft = draftOf(drafts, id);
      const { bin, requests, standing } = score;
      const isNewHour = hourOfBin(bin) !== draft.hour;
      if (isNewHour) keep(draft, draft.busiest);
      if (isNewHour) draft.busiest = undefined;
      draft.hour = hourOfBin(bin);
      if (isNewHour || breaching || requests >= draft.upper) draft.upper = upper();
      const point = pointOf(score, draft.upper);
      const isAfter = draft.beyond.at(-1)?.[1] === bin;
      if (breaching) {
        keep(draft, draft.busiest);
        keep(draft, draft.newest);
        draft.busiest = undefined;
        addBin(draft.beyond, bin);
      }
      if (standing) addBin(draft.standing, bin);
      if (breaching || isAfter || bin >= wholeFrom) keep(draft, point);
      else if (!draft.busiest || (point[1] ?? -1) > (draft.busiest[1] ?? -1)) draft.busiest = point;
      draft.newest = point;
    },
    charts() {
      for (const draft of drafts.values()) keep(draft, draft.busiest);
      return [...drafts.values()].map(({ id, points, beyond, standing }) => ({
        id,
        points,
        beyond,
        standing,
      }));
    },
  };
}

function draftOf(drafts: Map<string, Draft>, id: SeriesId): Draft {
  const name = seriesName(id);
  const known = drafts.get(name);
  if (known) return known;
  const draft: Draft = {
    id,
    points: [],
    beyond: [],
    standing: [],
    hour: -1,
    upper: 0,
    newest: undefined,
    busiest: undefined,
  };
  drafts.set(name, draft);
  return draft;
}

const pointOf = ({ bin, requests, expected }: BinScore, upper: number): ChartPoint => [
  bin,
  Number.isNaN(requests) ? null : Math.round(requests),
  Number(expected.toPrecision(3)),
  upper > MOST_REQUESTS ? null : upper,
];

/** Adds a point unless it is there, or older than what is. */
function keep({ points }: Draft, point: ChartPoint | undefined): void {
  const last = points.at(-1);
  if (point && (!last || point[0] > last[0])) points.push(point);
}
