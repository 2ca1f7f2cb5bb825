import type { KeyFacts } from '../assess/key-facts.ts';
import { type Prices, type UnitPrice, unitPrice } from '../assess/price.ts';
import { type QuotaGroup, quotaGroup } from '../assess/quota.ts';
import type { RegionUse } from '../assess/region-use.ts';
import { newTrailingUse, type TrailingUse } from '../assess/trailing.ts';
import type { Baseline } from '../detection/baseline.ts';
import { type BinScore, type Judge, newBinScore, startJudge } from '../detection/judge.ts';
import { thresholdFor } from '../detection/sensitivity.ts';
import type { KeyPolicy } from '../policy.ts';
import type { KeyArn, Operation } from '../usage/key.ts';
import { UNKNOWN } from '../usage/series.ts';
import { BINS_PER_HOUR, type Bin, type Hour } from '../usage/time.ts';

/** Bins of the sparkline: three hours show what usual looks like before the rise. */
export const RECENT_BINS = 36;

/** One operation of a key while its bins are judged in time order. */
export interface OperationWatch {
  readonly operation: Operation;
  /** Earlier bins are not part of the series. */
  readonly firstBin: Bin;
  /** Undefined while the history of the series is not learned yet: only fixed limits hold. */
  readonly judge: Judge | undefined;
  readonly price: UnitPrice;
  readonly quotaGroup: QuotaGroup | undefined;
  readonly trailing: TrailingUse;
  readonly score: BinScore;
}

/** Fills in the newest bins that the stored baselines remember, for the sparkline: those of `[startBin, endBin)`. */
export function seedRecent(
  watch: KeyWatch,
  startBin: Bin,
  endBin: Bin,
  requestsIn: (bin: Bin) => number,
): void {
  for (let bin = startBin; bin < endBin; bin++) watch.recent[bin % RECENT_BINS] = requestsIn(bin);
}

/** One key while its bins are judged in time order. */
export interface KeyWatch {
  readonly keyArn: KeyArn;
  readonly operations: readonly OperationWatch[];
  readonly policy: KeyPolicy;
  /** Score from which a bin is unusual at the key's sensitivity. */
  readonly threshold: number;
  readonly region: RegionUse;
  /** Requests of the key in the newest bins, a ring by bin. */
  readonly recent: Float64Array;
}

/**
 * Starts to watch an operation where its baseline ends, which the watch takes over; from `bornBin` on if there is none.
 * `spec` is the key's, `accepted` are the hours after which its level was accepted.
 * @param prices @default AWS's list for us-east-1
 */
export function watchOperation(
  operation: Operation,
  baseline: Baseline | undefined,
  spec: KeyFacts['spec'],
  bornBin: Bin,
  prices?: Prices,
  accepted?: ReadonlySet<Hour>,
): OperationWatch {
  const firstBin = baseline ? baseline.learnedThrough * BINS_PER_HOUR : bornBin;
  return {
    operation,
    firstBin,
    judge: baseline && startJudge(baseline, accepted),
    price: unitPrice(operation, spec, prices),
    quotaGroup: quotaGroup(operation, spec),
    trailing: newTrailingUse(firstBin),
    score: newBinScore(),
  };
}

/** Starts to watch a key. */
export const watchKey = (
  keyArn: KeyArn,
  operations: readonly OperationWatch[],
  policy: KeyPolicy,
  region: RegionUse,
): KeyWatch => ({
  keyArn,
  operations,
  policy,
  threshold: thresholdFor(policy.sensitivity),
  region,
  recent: new Float64Array(RECENT_BINS).fill(UNKNOWN),
});
