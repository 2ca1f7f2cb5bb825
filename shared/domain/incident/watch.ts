import { type BinUse, excessPerHour } from '../assess/excess.ts';
import type { UnitPrice } from '../assess/price.ts';
import type { QuotaGroup } from '../assess/quota.ts';
import { minutesToThrottling, type RegionUse, regionShare } from '../assess/region-use.ts';
import { severityOf } from '../assess/severity.ts';
import { newTrailingUse, pushRequests, type TrailingUse, trailingRequests } from '../assess/trailing.ts';
import { explain } from '../detection/explain.ts';
import { type BinScore, type Judge, judgeBin, newBinScore } from '../detection/judge.ts';
import { thresholdFor } from '../detection/sensitivity.ts';
import { type KeyPolicy, louder, type Severity, type Threshold } from '../policy.ts';
import type { KeyArn, Operation } from '../usage/key.ts';
import { isUnknown, UNKNOWN } from '../usage/series.ts';
import { BIN_SECONDS, type Bin } from '../usage/time.ts';
import type { IncidentFacts, OperationFacts, ThresholdFacts } from './incident.ts';
import type { Observation } from './observation.ts';

/** Bins of the sparkline: three hours show what usual looks like before the rise. */
const RECENT_BINS = 36;

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

/** Starts to watch an operation from `firstBin` on. */
export const watchOperation = (
  operation: Operation,
  judge: Judge | undefined,
  price: UnitPrice,
  quotaGroup: QuotaGroup | undefined,
  firstBin: Bin,
): OperationWatch => ({
  operation,
  firstBin,
  judge,
  price,
  quotaGroup,
  trailing: newTrailingUse(firstBin),
  score: newBinScore(),
});

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

/**
 * Judges one more bin of a key and assesses what it costs. Bins come in time order without gaps; `requestsOf` gives
 * NaN for what is not known, and an operation whose judge starts later is passed over until then.
 */
export function observe(watch: KeyWatch, bin: Bin, requestsOf: (index: number) => number): Observation {
  let breaching = false;
  let above = false;
  let unknown = false;
  let total = 0;
  const active: OperationWatch[] = [];
  for (const [index, operation] of watch.operations.entries()) {
    if (bin < operation.firstBin) continue;
    const requests = requestsOf(index);
    if (isUnknown(requests)) unknown = true;
    else total += requests;
    pushRequests(operation.trailing, bin, requests);
    const { judge, score } = operation;
    if (!judge) {
      unknown = true;
      continue;
    }
    judgeBin(judge, bin, requests, score);
    if (score.insufficient !== undefined) unknown = true;
    const isBreaching = score.score >= watch.threshold && score.aboveFloor;
    if (!isBreaching && score.aboveScore < watch.threshold) continue;
    breaching ||= isBreaching;
    above = true;
    active.push(operation);
  }
  watch.recent[bin % RECENT_BINS] = total;
  const limits = watch.policy.thresholds.length > 0 ? exceededThresholds(watch) : NONE;
  if (!above && limits.length === 0) return quiet(watch, bin, unknown);
  return troubled(watch, bin, active, limits, breaching || limits.length > 0);
}

const NONE: readonly ExceededThreshold[] = [];

interface ExceededThreshold {
  readonly rule: Threshold;
  readonly operations: readonly OperationWatch[];
  readonly facts: ThresholdFacts;
}

function exceededThresholds(watch: KeyWatch): ExceededThreshold[] {
  const exceeded: ExceededThreshold[] = [];
  for (const rule of watch.policy.thresholds) {
    const operations = watch.operations.filter(
      ({ operation }) => rule.operations.length === 0 || rule.operations.includes(operation),
    );
    let requests = 0;
    let usd = 0;
    for (const { trailing, price } of operations) {
      const sum = trailingRequests(trailing, rule.periodSeconds / BIN_SECONDS);
      requests += sum;
      usd += sum * price.low;
    }
    const isOver =
      (rule.above !== undefined && requests > rule.above) ||
      (rule.aboveUsd !== undefined && usd > rule.aboveUsd);
    if (!isOver) continue;
    exceeded.push({
      rule,
      operations,
      facts: {
        name: rule.name,
        periodSeconds: rule.periodSeconds,
        requests,
        usd,
        ...(rule.above === undefined ? {} : { above: rule.above }),
        ...(rule.aboveUsd === undefined ? {} : { aboveUsd: rule.aboveUsd }),
      },
    });
  }
  return exceeded;
}

const quiet = (watch: KeyWatch, bin: Bin, unknown: boolean): Observation => ({
  bin,
  state: unknown ? 'insufficientData' : 'normal',
  standing: false,
  severity: 'digest',
  operations: [],
  excessRequests: 0,
  excessUsd: 0,
  usdPerHour: 0,
  ratio: 0,
  facts: (totals) => factsOf(watch, bin, [], [], totals),
});

function troubled(
  watch: KeyWatch,
  bin: Bin,
  active: readonly OperationWatch[],
  limits: readonly ExceededThreshold[],
  breaching: boolean,
): Observation {
  const limited = limits.flatMap(({ operations }) => operations);
  const involved = [...new Set([...active, ...limited])];
  const excess = excessPerHour(active.map(binUse));
  const stakes = { excess, ...quotaStakes(watch, bin, active) };
  const fixed = limits.map(({ rule }) => rule.severity);
  const severity = fixed.reduce<Severity>(
    louder,
    active.length > 0 ? severityOf(stakes, watch.policy) : 'digest',
  );
  const surplus = active.map(({ score, price }) => ({
    requests: surplusOf(score),
    usd: surplusOf(score) * price.low,
  }));
  return {
    bin,
    state: breaching ? 'breaching' : 'above',
    standing: isStanding(active, limits),
    severity,
    operations: involved.map(({ operation }) => operation),
    excessRequests: surplus.reduce((sum, { requests }) => sum + requests, 0),
    excessUsd: surplus.reduce((sum, { usd }) => sum + usd, 0),
    usdPerHour: excess.trailing,
    ratio: ratioOf(active),
    facts: (totals) => factsOf(watch, bin, active, limits, totals),
  };
}

/** A fixed limit never stands: it is a line, not a habit. */
const isStanding = (active: readonly OperationWatch[], limits: readonly ExceededThreshold[]): boolean =>
  active.length > 0 && limits.length === 0 && active.every(({ score }) => score.standing);

const surplusOf = (score: BinScore): number => Math.max(0, score.requests - score.expected);

const binUse = ({ score, price }: OperationWatch): BinUse => ({
  requests: score.requests,
  previousRequests: score.previousRequests,
  hourSum: score.hourSum,
  expected: score.expected,
  usd: price.low,
});

/** Share of its quota that the excess of the busiest group takes, and when all keys together reach it. */
function quotaStakes(watch: KeyWatch, bin: Bin, active: readonly OperationWatch[]) {
  let quotaShare = 0;
  let group: QuotaGroup | undefined;
  for (const candidate of new Set(active.map((operation) => operation.quotaGroup))) {
    if (!candidate) continue;
    const surplus = active
      .filter((operation) => operation.quotaGroup === candidate)
      .reduce((sum, { score }) => sum + surplusOf(score), 0);
    const share = surplus / BIN_SECONDS / watch.region.quota(candidate).perSecond;
    if (group && share <= quotaShare) continue;
    quotaShare = share;
    group = candidate;
  }
  return { quotaShare, group, minutesToThrottling: group && minutesToThrottling(watch.region, group, bin) };
}

const windowBins = (score: BinScore): number => score.windowSeconds / BIN_SECONDS;

/** Observed over usual in the deciding window of the operation that is furthest off; 0 where nothing is usual. */
function ratioOf(active: readonly OperationWatch[]): number {
  const ratios = active.map(({ score }) => {
    const usual = score.expected * windowBins(score);
    return usual >= 1 ? score.windowRequests / usual : 0;
  });
  return Math.max(0, ...ratios);
}

function factsOf(
  watch: KeyWatch,
  bin: Bin,
  active: readonly OperationWatch[],
  limits: readonly ExceededThreshold[],
  totals: { readonly excessUsd: number; readonly excessRequests: number },
): IncidentFacts {
  const excess = excessPerHour(active.map(binUse));
  const high = excessPerHour(
    active.map((operation) => ({ ...binUse(operation), usd: operation.price.high })),
  );
  const stakes = quotaStakes(watch, bin, active);
  const group = stakes.group ?? 'symmetric';
  const quota = watch.region.quota(group);
  const assumed = [
    ...(watch.operations.some(({ price }) => price.assumed) ? ['spec'] : []),
    ...(quota.assumed ? ['quota'] : []),
  ];
  return {
    bin,
    operations: active.map(({ operation, score }): OperationFacts => {
      return {
        operation,
        windowSeconds: score.windowSeconds,
        requests: score.windowRequests,
        expected: score.expected * windowBins(score),
        reason: explain(score, watch.threshold).sentence,
      };
    }),
    thresholds: limits.map(({ facts }) => facts),
    standing: isStanding(active, limits),
    ratio: ratioOf(active),
    usdPerHour: excess.quick,
    usdPerHourHigh: high.quick,
    excessUsd: totals.excessUsd,
    excessRequests: totals.excessRequests,
    quotaShare: stakes.quotaShare,
    regionQuotaShare: regionShare(watch.region, group, bin),
    ...(stakes.minutesToThrottling === undefined ? {} : { minutesToThrottling: stakes.minutesToThrottling }),
    quotaPerSecond: quota.perSecond,
    assumed,
    recent: Array.from(
      { length: RECENT_BINS },
      (_, i) => watch.recent[(bin + 1 + i) % RECENT_BINS] ?? UNKNOWN,
    ),
  };
}
