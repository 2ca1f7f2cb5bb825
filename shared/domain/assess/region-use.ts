import type { KeyArn, SeriesId } from '../usage/key.ts';
import { isUnknown, requestsAt, UNKNOWN, type UsageSeries } from '../usage/series.ts';
import { BIN_SECONDS, type Bin } from '../usage/time.ts';
import { factsOf, type KeyDirectory, keyLabel } from './key-facts.ts';
import { QUOTA_GROUPS, type Quota, type QuotaGroup, quotaGroup } from './quota.ts';

/** Requests of all keys of an account and Region per bin, for each quota that they share. */
export interface RegionUse {
  readonly startBin: Bin;
  /** The sum over the known keys. */
  readonly requests: ReadonlyMap<QuotaGroup, Float64Array>;
  /**
   * What AWS itself counts against the quota, NaN where it has no datapoint. It knows requests that no key's metric
   * does: GenerateRandom, and foreign keys used from here.
   */
  readonly callCount: ReadonlyMap<QuotaGroup, Float64Array>;
  /** Series of each quota per bin, and those of them that could not be read. */
  readonly series: ReadonlyMap<QuotaGroup, Uint32Array>;
  readonly unread: ReadonlyMap<QuotaGroup, Uint32Array>;
  readonly quota: (group: QuotaGroup) => Quota;
  /** The keys that make most requests of a group in a bin, and how many others make any. */
  readonly busiest: (group: QuotaGroup, bin: Bin) => BusiestKeys;
}

/** One key's part of a quota. */
export interface KeyShare {
  readonly keyArn: KeyArn;
  /** The name people know it by; text from the account. */
  readonly name: string;
  /** Its requests a second over the quota. */
  readonly share: number;
}

/** The keys that use most of a quota. */
export interface BusiestKeys {
  /** Busiest first, at most five. */
  readonly keys: readonly KeyShare[];
  /** Other keys that use it at all. */
  readonly others: number;
}

/** Where the Region's total is from: AWS's own count, or the sum over the known keys. */
export type UseSource = 'callCount' | 'keys';

type MeasuredSeries = { readonly id: SeriesId; readonly usage: UsageSeries };

/** Bins over which the slope of the Region's use is taken: 15 minutes are past one noisy bin and still quick. */
const SLOPE_BINS = 3;

/** Keys named in a message: more are not read at night. Bounds the stored facts, too. */
const MAX_NAMED_KEYS = 5;

/** The totals of all series over [startBin, endBin). */
export function sumRegionUse(
  series: Iterable<MeasuredSeries>,
  { startBin, endBin }: { readonly startBin: Bin; readonly endBin: Bin },
  directory: KeyDirectory,
  quota: RegionUse['quota'],
  callCount: RegionUse['callCount'] = new Map(),
): RegionUse {
  const length = Math.max(0, endBin - startBin);
  const counted: { readonly one: MeasuredSeries; readonly group: QuotaGroup }[] = [];
  const counters = () => new Map(QUOTA_GROUPS.map((group) => [group, new Uint32Array(length)]));
  const use: RegionUse = {
    startBin,
    requests: new Map(QUOTA_GROUPS.map((group) => [group, new Float64Array(length)])),
    callCount,
    series: counters(),
    unread: counters(),
    quota,
    busiest: (group, bin) => busiestKeys(counted, directory, quota(group), group, bin),
  };
  for (const one of series) {
    const group = quotaGroup(one.id.operation, factsOf(directory, one.id.keyArn).spec);
    if (!group) continue;
    counted.push({ one, group });
    addUse(use, group, one.usage);
  }
  return use;
}

/** Adds one series to the totals; unknown bins add nothing. */
function addUse(use: RegionUse, group: QuotaGroup, series: UsageSeries): void {
  const totals = use.requests.get(group);
  const all = use.series.get(group);
  const unread = use.unread.get(group);
  if (!totals || !all || !unread) return;
  for (let i = 0; i < series.requests.length; i++) {
    const at = series.startBin + i - use.startBin;
    const requests = series.requests[i] ?? 0;
    if (at < 0 || at >= totals.length) continue;
    all[at] = (all[at] ?? 0) + 1;
    if (isUnknown(requests)) unread[at] = (unread[at] ?? 0) + 1;
    else totals[at] = (totals[at] ?? 0) + requests;
  }
}

function busiestKeys(
  series: readonly { readonly one: MeasuredSeries; readonly group: QuotaGroup }[],
  directory: KeyDirectory,
  { perSecond }: Quota,
  wanted: QuotaGroup,
  bin: Bin,
): BusiestKeys {
  const byKey = new Map<KeyArn, number>();
  for (const { one, group } of series) {
    const requests = group === wanted ? requestsAt(one.usage, bin) : 0;
    if (requests > 0) byKey.set(one.id.keyArn, (byKey.get(one.id.keyArn) ?? 0) + requests);
  }
  const keys = [...byKey]
    .toSorted(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .slice(0, MAX_NAMED_KEYS)
    .map(([keyArn, requests]) => ({
      keyArn,
      name: keyLabel(factsOf(directory, keyArn)),
      share: requests / BIN_SECONDS / perSecond,
    }));
  return { keys, others: byKey.size - keys.length };
}

/** Requests of all keys together in a bin, by AWS's own count where it has one. */
export function regionRequests(
  use: RegionUse,
  group: QuotaGroup,
  bin: Bin,
): { readonly requests: number; readonly source: UseSource } {
  const counted = use.callCount.get(group)?.[bin - use.startBin] ?? UNKNOWN;
  return isUnknown(counted)
    ? { requests: use.requests.get(group)?.[bin - use.startBin] ?? 0, source: 'keys' }
    : { requests: counted, source: 'callCount' };
}

/** Requests a second of all keys over the quota they share, in a bin: 0..1, more where the quota assumed is too small. */
export function regionShare(use: RegionUse, group: QuotaGroup, bin: Bin): number {
  return regionRequests(use, group, bin).requests / BIN_SECONDS / use.quota(group).perSecond;
}

/** Minutes until the quota is reached if the Region's use keeps growing as in the last 15 minutes; undefined: it is not growing. */
export function minutesToThrottling(use: RegionUse, group: QuotaGroup, bin: Bin): number | undefined {
  return minutesAtPace(use, group, bin, SLOPE_BINS);
}

/**
 * The same at the slowest pace of the last three bins. A step, such as a batch that begins, is no trend: it is over
 * before anything is full.
 */
export function minutesAtSteadyPace(use: RegionUse, group: QuotaGroup, bin: Bin): number | undefined {
  let longest = 0;
  for (let back = 0; back < SLOPE_BINS; back++) {
    const minutes = minutesAtPace(use, group, bin, 1, bin - back);
    if (minutes === undefined) return undefined;
    longest = Math.max(longest, minutes);
  }
  return longest;
}

/** At the pace of the `bins` bins that end with `paceBin`. Two sources are never compared: that is no growth. */
function minutesAtPace(
  use: RegionUse,
  group: QuotaGroup,
  bin: Bin,
  bins: number,
  paceBin: Bin = bin,
): number | undefined {
  const now = regionShare(use, group, bin);
  if (now >= 1) return 0;
  const before = paceBin - bins;
  if (before < use.startBin) return undefined;
  if (regionRequests(use, group, before).source !== regionRequests(use, group, paceBin).source)
    return undefined;
  const grown = regionShare(use, group, paceBin) - regionShare(use, group, before);
  const perMinute = grown / ((bins * BIN_SECONDS) / 60);
  return perMinute > 0 ? (1 - now) / perMinute : undefined;
}

/** Share of a quota's series that could not be read in a bin, 0..1: what they used is missing in the sum. */
export function unreadShare({ series, unread, startBin }: RegionUse, group: QuotaGroup, bin: Bin): number {
  const all = series.get(group)?.[bin - startBin] ?? 0;
  return all === 0 ? 0 : (unread.get(group)?.[bin - startBin] ?? 0) / all;
}
