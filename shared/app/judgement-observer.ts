import type { KeyFacts } from '../domain/assess/key-facts.ts';
import { type BinScore, upperFor } from '../domain/detection/judge.ts';
import type { KeyWatch } from '../domain/incident/watch.ts';
import type { SeriesId } from '../domain/usage/key.ts';
import type { Bin } from '../domain/usage/time.ts';

/**
 * Sees one judged bin of one series. `upper` is dear to compute: requests from which the bin would open an incident.
 * The score is filled anew for the next bin.
 */
export type OnScore = (id: SeriesId, score: BinScore, breaching: boolean, upper: () => number) => void;

/** Looks on while keys are judged, for charts; changes nothing. */
export interface JudgementObserver {
  /** A key whose bins come next. */
  readonly onKey: (facts: KeyFacts) => void;
  /** Bins of its series in time order, also those that are only learned from. */
  readonly onScore: OnScore;
}

/** Tells what the newest bin of a key's series came to. */
export function reportScores(
  watch: KeyWatch,
  series: readonly { readonly id: SeriesId }[],
  bin: Bin,
  onScore: OnScore,
): void {
  for (const [index, { judge, score }] of watch.operations.entries()) {
    const id = series[index]?.id;
    if (!id || !judge || score.bin !== bin) continue;
    onScore(id, score, score.score >= watch.threshold && score.aboveFloor, () =>
      upperFor(judge, watch.threshold),
    );
  }
}
