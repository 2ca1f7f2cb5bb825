import { type BinUse, excessPerHour } from '../assess/excess.ts';
import { isOldQuota, type QuotaGroup } from '../assess/quota.ts';
import { minutesToThrottling, regionShare } from '../assess/region-use.ts';
import { PAGE_MINUTES_TO_THROTTLING } from '../assess/severity.ts';
import { findingSentence } from '../detection/explain.ts';
import type { BinScore } from '../detection/judge.ts';
import { UNKNOWN } from '../usage/series.ts';
import { BIN_SECONDS, type Bin, binEnd } from '../usage/time.ts';
import type { ExceededThreshold } from './exceeded-thresholds.ts';
import type { IncidentFacts, OperationFacts } from './incident.ts';
import { type KeyWatch, type OperationWatch, RECENT_BINS } from './watch.ts';

/** Share of the Region's quota from which a message names who else would suffer. */
const NEARLY_FULL_SHARE = 0.5;

/** Everything a message tells of a key in its newest bin. `totals` are the incident's sums so far. */
export function factsOf(
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
    ...(watch.operations.some(({ price }) => price.source === 'otherRegion') ? ['price'] : []),
    ...(watch.operations.some(({ price }) => price.source === 'policy') ? ['ownPrice'] : []),
    ...(watch.operations.some(({ price }) => price.assumed) ? ['spec'] : []),
    ...(quota.assumed ? ['quota'] : []),
    ...(isOldQuota(quota, binEnd(bin)) ? ['quotaOld'] : []),
  ];
  const regionQuotaShare = regionShare(watch.region, group, bin);
  const isNear =
    regionQuotaShare >= NEARLY_FULL_SHARE ||
    (stakes.minutesToThrottling ?? Infinity) <= PAGE_MINUTES_TO_THROTTLING;
  return {
    bin,
    operations: active.map(({ operation, score }): OperationFacts => {
      return {
        operation,
        windowSeconds: score.windowSeconds,
        requests: score.windowRequests,
        expected: score.expected * windowBins(score),
        reason: findingSentence(score),
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
    regionQuotaShare,
    ...(stakes.minutesToThrottling === undefined ? {} : { minutesToThrottling: stakes.minutesToThrottling }),
    quotaPerSecond: quota.perSecond,
    ...(isNear ? { busiestKeys: watch.region.busiest(group, bin).keys } : {}),
    assumed,
    recent: Array.from(
      { length: RECENT_BINS },
      (_, i) => watch.recent[(bin + 1 + i) % RECENT_BINS] ?? UNKNOWN,
    ),
  };
}

/** A fixed limit never stands: it is a line, not a habit. */
export const isStanding = (
  active: readonly OperationWatch[],
  limits: readonly ExceededThreshold[],
): boolean => active.length > 0 && limits.length === 0 && active.every(({ score }) => score.standing);

/** Requests of the newest bin above the usual. */
export const surplusOf = (score: BinScore): number => Math.max(0, score.requests - score.expected);

/** An operation's newest bins, as money sees them. */
export const binUse = ({ score, price }: OperationWatch): BinUse => ({
  requests: score.requests,
  previousRequests: score.previousRequests,
  hourSum: score.hourSum,
  expected: score.expected,
  usd: price.low,
});

/** Share of its quota that the excess of the busiest group takes, and when all keys together reach it. */
export function quotaStakes(watch: KeyWatch, bin: Bin, active: readonly OperationWatch[]) {
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
export function ratioOf(active: readonly OperationWatch[]): number {
  const ratios = active.map(({ score }) => {
    const usual = score.expected * windowBins(score);
    return usual >= 1 ? score.windowRequests / usual : 0;
  });
  return Math.max(0, ...ratios);
}
