import { type Baseline, newBaseline } from '../../shared/domain/detection/baseline.ts';
import { learnNext, newWorkspace, type Workspace } from '../../shared/domain/detection/learn.ts';
import { seriesName } from '../../shared/domain/usage/key.ts';
import { BINS_PER_HOUR, type Bin, type Hour } from '../../shared/domain/usage/time.ts';
import type { TrueSeries } from './world.ts';

/** What one pass over the true requests of a series teaches, after each hour. */
interface Lesson {
  readonly baseline: Baseline;
  readonly work: Workspace;
  readonly states: Map<Hour, Buffer>;
}

/** What is really used of a world's keys, and what it teaches. The same for every play of it, so it is learned once. */
export class Truth {
  readonly #series: ReadonlyMap<string, TrueSeries>;
  readonly #firstKept: Hour;
  readonly #lessons = new Map<string, Lesson>();

  /** Nobody saves what was learned long before `firstKept`. */
  constructor(series: readonly TrueSeries[], firstKept: Hour) {
    this.#series = new Map(series.map((one) => [seriesName(one.metric), one]));
    this.#firstKept = firstKept;
  }

  /** Whether this is what the requests up to its hour teach once. */
  isTaught(name: string, { bornBin, learnedThrough, state }: Baseline): boolean {
    const series = this.#series.get(name);
    if (!series) return true;
    const { baseline, work, states } = this.#lessonFrom(`${name} ${bornBin}`, bornBin);
    while (baseline.learnedThrough < learnedThrough) {
      learnNext(baseline, binsOf(series, baseline.learnedThrough * BINS_PER_HOUR, bornBin), work);
      if (baseline.learnedThrough >= this.#firstKept)
        states.set(baseline.learnedThrough, Buffer.from(baseline.state));
    }
    return states.get(learnedThrough)?.equals(state) === true;
  }

  #lessonFrom(name: string, bornBin: Bin): Lesson {
    const known = this.#lessons.get(name);
    if (known) return known;
    const baseline = newBaseline(bornBin);
    const states = new Map([[baseline.learnedThrough, Buffer.from(baseline.state)]]);
    const lesson = { baseline, work: newWorkspace(), states };
    this.#lessons.set(name, lesson);
    return lesson;
  }
}

/** The twelve bins of an hour: nothing is known before the birth, and no datapoint means no request after it. */
function binsOf({ startBin, requests }: TrueSeries, firstBin: Bin, bornBin: Bin): Float64Array {
  return Float64Array.from({ length: BINS_PER_HOUR }, (_, i) => {
    if (firstBin + i < bornBin) return Number.NaN;
    const value = requests[firstBin + i - startBin] ?? 0;
    return Number.isNaN(value) ? 0 : value;
  });
}
