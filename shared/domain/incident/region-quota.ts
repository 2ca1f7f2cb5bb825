import { isOldQuota, QUOTA_GROUPS, type QuotaGroup } from '../assess/quota.ts';
import {
  minutesAtSteadyPace,
  minutesToThrottling,
  type RegionUse,
  regionRequests,
  type UseSource,
  unreadShare,
} from '../assess/region-use.ts';
import { NOTICE_QUOTA_SHARE, PAGE_MINUTES_TO_THROTTLING } from '../assess/severity.ts';
import type { Severity } from '../policy.ts';
import { type KeyArn, regionSubject } from '../usage/key.ts';
import { isUnknown, UNKNOWN } from '../usage/series.ts';
import { BIN_SECONDS, type Bin, binEnd } from '../usage/time.ts';
import type { IncidentFacts } from './incident.ts';
import type { Observation } from './observation.ts';
import { RECENT_BINS } from './watch.ts';

/** Share of the quota from which all keys together are too near to it: a burst of seconds fills the rest. */
export const NEAR_QUOTA_SHARE = 0.8;

/** Share below which it counts as quiet again: not at the line itself, or a use that wavers about it opens every day. */
export const QUIET_QUOTA_SHARE = 0.7;

/** Share from which people are woken even where the Region is always that full. */
const FULL_QUOTA_SHARE = 0.95;

/** Share from which growth alone opens an incident while it is not known what is usual. */
const HALF_QUOTA_SHARE = 0.5;

/** Share of unread series from which the sum over keys cannot call a bin quiet. */
const MAX_UNREAD_SHARE = 0.1;

/** Served requests beyond the documented quota, from which the account's own must be higher. */
const BEYOND_DOCUMENTED = 1.05;

/** The quota that every account uses. */
const USED_BY_ALL: QuotaGroup = 'symmetric';

/** All keys of a Region together while their bins are judged. What the keys' own judges know is entered key by key. */
export interface RegionWatch {
  readonly subject: KeyArn;
  readonly use: RegionUse;
  /** Quotas of which anything is known; where nothing is, the one that every account uses. */
  readonly groups: readonly QuotaGroup[];
  /** Requests usual in each bin, summed over the keys; NaN where one of them is not learned yet. */
  readonly usual: ReadonlyMap<QuotaGroup, Float64Array>;
  /** In each bin the largest excess of a single key whose own incident pages: it tells of the quota already. */
  readonly paged: ReadonlyMap<QuotaGroup, Float64Array>;
}

/** Starts to watch a Region's quotas; those of another account if one is named. */
export function watchRegion(region: string, use: RegionUse, account?: string): RegionWatch {
  const zeros = () =>
    new Map([...use.requests].map(([group, { length }]) => [group, new Float64Array(length)] as const));
  const groups = QUOTA_GROUPS.filter((group) => group === USED_BY_ALL || isUsed(use, group));
  return { subject: regionSubject(region, account), use, groups, usual: zeros(), paged: zeros() };
}

const isUsed = ({ series, callCount }: RegionUse, group: QuotaGroup): boolean =>
  series.get(group)?.some((count) => count > 0) === true ||
  callCount.get(group)?.some((requests) => !isUnknown(requests)) === true;

/** Whether anything is known to have been requested of the Region's quotas in a bin. */
export const hasRegionUse = ({ use, groups }: RegionWatch, bin: Bin): boolean =>
  groups.some((group) => regionRequests(use, group, bin).requests > 0);

/** Enters what a series usually makes in a bin; NaN: nobody knows yet. */
export function enterUsual(watch: RegionWatch, group: QuotaGroup, bin: Bin, usual: number): void {
  const sums = watch.usual.get(group);
  const at = bin - watch.use.startBin;
  if (sums && at >= 0 && at < sums.length) sums[at] = (sums[at] ?? 0) + usual;
}

/** Enters the excess of a key whose own incident pages in this bin. */
export function enterPaged(watch: RegionWatch, group: QuotaGroup, bin: Bin, excess: number): void {
  const largest = watch.paged.get(group);
  const at = bin - watch.use.startBin;
  if (largest && at >= 0 && at < largest.length) largest[at] = Math.max(largest[at] ?? 0, excess);
}

/** How one quota stands in one bin. */
interface QuotaView {
  readonly group: QuotaGroup;
  readonly source: UseSource;
  readonly requests: number;
  /** NaN where it is not known. */
  readonly usual: number;
  readonly share: number;
  readonly state: Observation['state'];
  readonly severity: Severity;
}

/**
 * The Region's quotas in one more bin, of which the one in most trouble counts. `breaching` from 80 % on, or when it is
 * full within an hour because of an unusual rise. A key whose own incident pages and whose excess is at least half of
 * the rise has told already: then growth opens nothing, and what opens is only recorded (`digest`).
 */
export function observeRegion(watch: RegionWatch, bin: Bin): Observation {
  const [worst] = watch.groups
    .map((group) => viewOf(watch, group, bin))
    .toSorted((a, b) => RANK[b.state] - RANK[a.state] || b.share - a.share);
  const { state, severity, share, requests, usual } = worst ?? viewOf(watch, USED_BY_ALL, bin);
  const isTroubled = state === 'breaching' || state === 'above';
  return {
    bin,
    state,
    standing: false,
    severity: state === 'breaching' ? severity : 'digest',
    operations: [],
    excessRequests: isTroubled && !isUnknown(usual) ? Math.max(0, requests - usual) : 0,
    // Dollars are counted with the keys that spend them.
    excessUsd: 0,
    usdPerHour: 0,
    ratio: share,
    facts: (totals) => factsOf(watch, bin, worst ?? viewOf(watch, USED_BY_ALL, bin), totals),
  };
}

const RANK: Readonly<Record<Observation['state'], number>> = {
  normal: 0,
  insufficientData: 1,
  above: 2,
  breaching: 3,
};

function viewOf(watch: RegionWatch, group: QuotaGroup, bin: Bin): QuotaView {
  const { use } = watch;
  const { requests, source } = regionRequests(use, group, bin);
  const { perSecond, assumed } = use.quota(group);
  const share = requests / BIN_SECONDS / perSecond;
  const usual = watch.usual.get(group)?.[bin - use.startBin] ?? UNKNOWN;
  const rise = isUnknown(usual) ? requests : Math.max(0, requests - usual);
  const excess = watch.paged.get(group)?.[bin - use.startBin] ?? 0;
  const isTold = excess > 0 && excess * 2 >= rise;
  const unusual = isUnknown(usual) ? undefined : rise / BIN_SECONDS / perSecond;
  const view = { group, source, requests, usual, share };
  const isSum = source === 'keys';
  if (isSum && assumed && share > BEYOND_DOCUMENTED) return { ...view, state: 'normal', severity: 'digest' };
  const isNear = share >= NEAR_QUOTA_SHARE;
  if (isNear || (isFilling(use, group, bin, share, unusual) && !isTold)) {
    return { ...view, state: 'breaching', severity: isTold ? 'digest' : loudness(share, unusual) };
  }
  if (share >= QUIET_QUOTA_SHARE) return { ...view, state: 'above', severity: 'digest' };
  const isUnsure = isSum && unreadShare(use, group, bin) >= MAX_UNREAD_SHARE;
  return { ...view, state: isUnsure ? 'insufficientData' : 'normal', severity: 'digest' };
}

/** Whether it is full within the hour if it goes on, and not merely as every day at this time. */
function isFilling(
  use: RegionUse,
  group: QuotaGroup,
  bin: Bin,
  share: number,
  unusual: number | undefined,
): boolean {
  const isLarge = unusual === undefined ? share >= HALF_QUOTA_SHARE : unusual >= NOTICE_QUOTA_SHARE;
  if (!isLarge) return false;
  const minutes = minutesAtSteadyPace(use, group, bin);
  return minutes !== undefined && minutes <= PAGE_MINUTES_TO_THROTTLING;
}

/** A Region that is always nearly full needs a larger quota tomorrow, not somebody tonight. */
const loudness = (share: number, unusual: number | undefined): Severity =>
  unusual !== undefined && unusual < NOTICE_QUOTA_SHARE && share < FULL_QUOTA_SHARE ? 'notice' : 'page';

function factsOf(
  { use }: RegionWatch,
  bin: Bin,
  { group, source, requests, usual, share }: QuotaView,
  totals: { readonly excessUsd: number; readonly excessRequests: number },
): IncidentFacts {
  const quota = use.quota(group);
  const minutes = minutesToThrottling(use, group, bin);
  const { keys, others } = use.busiest(group, bin);
  return {
    bin,
    operations: [],
    thresholds: [],
    standing: false,
    ratio: share,
    usdPerHour: 0,
    usdPerHourHigh: 0,
    excessUsd: totals.excessUsd,
    excessRequests: totals.excessRequests,
    quotaShare: 0,
    regionQuotaShare: share,
    ...(minutes === undefined ? {} : { minutesToThrottling: minutes }),
    quotaPerSecond: quota.perSecond,
    busiestKeys: keys,
    region: {
      group,
      requestsPerSecond: requests / BIN_SECONDS,
      ...(isUnknown(usual) ? {} : { usualPerSecond: usual / BIN_SECONDS }),
      source,
      otherKeys: others,
    },
    assumed: [...(quota.assumed ? ['quota'] : []), ...(isOldQuota(quota, binEnd(bin)) ? ['quotaOld'] : [])],
    recent: Array.from({ length: RECENT_BINS }, (_, i) => {
      const at = bin + 1 - RECENT_BINS + i;
      return at < use.startBin ? UNKNOWN : regionRequests(use, group, at).requests;
    }),
  };
}
