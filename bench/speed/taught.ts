import type { RecordedSeries } from '../../shared/app/recording.ts';
import { type Baseline, newBaseline } from '../../shared/domain/detection/baseline.ts';
import { encodeBaseline } from '../../shared/domain/detection/codec.ts';
import { judgeBin, newBinScore, startJudge } from '../../shared/domain/detection/judge.ts';
import { BINS_PER_HOUR, type Bin, type Hour } from '../../shared/domain/usage/time.ts';
import { simulate } from '../detection/world/account.ts';
import { dollarAccount } from '../detection/world/plans.ts';

/** Series of every shape with twelve weeks of use, a third of them with a runaway. */
export const someSeries = (keys: number): readonly RecordedSeries[] =>
  simulate(dollarAccount(77, keys)).recording.series;

/** Judges all bins of a series, learning on the way. Returns the number of bins. */
export function judgeAll({ usage }: RecordedSeries, untilHour?: Hour): { baseline: Baseline; bins: number } {
  const baseline = newBaseline(usage.startBin);
  const judge = startJudge(baseline);
  const score = newBinScore();
  const from = baseline.learnedThrough * BINS_PER_HOUR;
  const to = usage.startBin + usage.requests.length;
  let bin: Bin = from;
  for (; bin < to; bin++) {
    if (untilHour !== undefined && baseline.learnedThrough >= untilHour) break;
    judgeBin(judge, bin, usage.requests[bin - usage.startBin] ?? Number.NaN, score);
  }
  return { baseline, bins: bin - from };
}

/** A stored baseline and the use that follows it. */
export interface Taught {
  readonly bytes: Uint8Array;
  /** Requests per bin from the first hour that is not learned on. */
  readonly next: Float64Array;
}

/** Baselines of series that are old enough, all learned up to the same hour, with `bins` of use after it. */
export function taughtSeries(series: readonly RecordedSeries[], throughHour: Hour, bins: number): Taught[] {
  return series.flatMap((one) => {
    const { baseline } = judgeAll(one, throughHour);
    if (baseline.learnedThrough !== throughHour) return [];
    const from = throughHour * BINS_PER_HOUR - one.usage.startBin;
    return [{ bytes: encodeBaseline(baseline), next: one.usage.requests.slice(from, from + bins) }];
  });
}
