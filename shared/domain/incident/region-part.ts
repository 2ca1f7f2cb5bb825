import { QUOTA_GROUPS, type QuotaGroup } from '../assess/quota.ts';
import type { BusiestKeys, KeyShare, RegionUse } from '../assess/region-use.ts';
import type { KeyArn, Target } from '../usage/key.ts';
import type { Bin } from '../usage/time.ts';
import { type RegionWatch, watchRegion } from './region-quota.ts';

/**
 * What some of the keys contribute to the quotas of an account and Region: sums can be added, so the parts make up the
 * whole.
 */
export interface RegionPart {
  readonly target: Target;
  /** Series that were read. */
  readonly seriesRead: number;
  readonly startBin: Bin;
  readonly endBin: Bin;
  /** First bin from which all known keys of the part are in view; undefined: none is known. */
  readonly inViewFrom?: Bin;
  /** Not one key of the part could be read. */
  readonly isUnread: boolean;
  readonly groups: readonly GroupPart[];
}

/** One quota's part: a number for each bin of [startBin, endBin). */
interface GroupPart {
  readonly group: QuotaGroup;
  readonly requests: readonly number[];
  readonly series: readonly number[];
  readonly unread: readonly number[];
  /** NaN where it is not known. */
  readonly usual: readonly number[];
  readonly paged: readonly number[];
  /** From `inViewFrom` on: what a message may name. */
  readonly busiest: readonly BusiestKeys[];
}

/** The part of the keys that this watch has seen. Quotas that none of them uses are left out. */
export function partOf(
  target: Target,
  watch: RegionWatch,
  view: {
    readonly seriesRead: number;
    readonly endBin: Bin;
    readonly inViewFrom: Bin | undefined;
    readonly isUnread: boolean;
  },
): RegionPart {
  const { use, usual, paged } = watch;
  const { startBin } = use;
  const { endBin, inViewFrom, isUnread, seriesRead } = view;
  const named = Math.max(0, endBin - (inViewFrom ?? startBin));
  const groups = QUOTA_GROUPS.flatMap((group): GroupPart[] => {
    const series = [...(use.series.get(group) ?? [])];
    if (series.every((count) => count === 0)) return [];
    return [
      {
        group,
        series,
        requests: [...(use.requests.get(group) ?? [])],
        unread: [...(use.unread.get(group) ?? [])],
        usual: [...(usual.get(group) ?? [])],
        paged: [...(paged.get(group) ?? [])],
        busiest: Array.from({ length: named }, (_, i) => use.busiest(group, endBin - named + i)),
      },
    ];
  });
  return {
    target,
    seriesRead,
    startBin,
    endBin,
    isUnread,
    groups,
    ...(inViewFrom === undefined ? {} : { inViewFrom }),
  };
}

/** The Region as all parts together have seen it, as if one run had read every key. */
export function watchParts(
  { region, account }: Target,
  parts: readonly RegionPart[],
  quota: RegionUse['quota'],
  callCount: RegionUse['callCount'],
  /** Series of parts that nobody checked: unread in every bin, so their use is missing in the sums. */
  uncheckedSeries: number,
): RegionWatch {
  const startBin = parts.reduce((first, part) => Math.min(first, part.startBin), Number.POSITIVE_INFINITY);
  const endBin = parts.reduce((last, part) => Math.max(last, part.endBin), 0);
  const length = Number.isFinite(startBin) ? Math.max(0, endBin - startBin) : 0;
  const counters = () => new Map(QUOTA_GROUPS.map((group) => [group, new Uint32Array(length)]));
  const use: RegionUse = {
    startBin: length === 0 ? 0 : startBin,
    requests: new Map(QUOTA_GROUPS.map((group) => [group, new Float64Array(length)])),
    callCount,
    series: counters(),
    unread: counters(),
    quota,
    busiest: (group, bin) => busiestOf(parts, group, bin),
  };
  for (const part of parts) addUse(use, part);
  for (const counts of [use.series.get('symmetric'), use.unread.get('symmetric')])
    counts?.forEach((count, i) => {
      counts[i] = count + uncheckedSeries;
    });
  // Which quotas are watched depends on the use: it is complete by now.
  const watch = watchRegion(region, use, account);
  for (const part of parts) addUsual(watch, part);
  if (uncheckedSeries > 0) for (const usual of watch.usual.values()) usual.fill(Number.NaN);
  return watch;
}

function addUse(use: RegionUse, { startBin, groups }: RegionPart): void {
  const offset = startBin - use.startBin;
  for (const { group, requests, series, unread } of groups) {
    add(use.requests.get(group), requests, offset);
    add(use.series.get(group), series, offset);
    add(use.unread.get(group), unread, offset);
  }
}

function addUsual({ use, usual, paged }: RegionWatch, { startBin, groups }: RegionPart): void {
  const offset = startBin - use.startBin;
  for (const one of groups) {
    add(usual.get(one.group), one.usual, offset);
    const largest = paged.get(one.group);
    for (const [i, excess] of one.paged.entries())
      if (largest) largest[offset + i] = Math.max(largest[offset + i] ?? 0, excess);
  }
}

function add(sums: Float64Array | Uint32Array | undefined, values: readonly number[], offset: number): void {
  for (const [i, value] of values.entries()) if (sums) sums[offset + i] = (sums[offset + i] ?? 0) + value;
}

/** Keys named in a message at most, as in `sumRegionUse`. */
const MAX_NAMED_KEYS = 5;

function busiestOf(parts: readonly RegionPart[], group: QuotaGroup, bin: Bin): BusiestKeys {
  const named: KeyShare[] = [];
  let others = 0;
  for (const { endBin, groups } of parts) {
    const busiest = groups.find((one) => one.group === group)?.busiest ?? [];
    const inBin = busiest[bin - (endBin - busiest.length)];
    named.push(...(inBin?.keys ?? []));
    others += inBin?.others ?? 0;
  }
  const sorted = named.toSorted((a, b) => b.share - a.share || byArn(a.keyArn, b.keyArn));
  const keys = sorted.slice(0, MAX_NAMED_KEYS);
  return { keys, others: others + sorted.length - keys.length };
}

const byArn = (one: KeyArn, other: KeyArn): number => (one < other ? -1 : 1);
