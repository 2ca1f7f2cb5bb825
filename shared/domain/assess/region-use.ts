import type { SeriesId } from '../usage/key.ts';
import { isUnknown, type UsageSeries } from '../usage/series.ts';
import { BIN_SECONDS, type Bin } from '../usage/time.ts';
import { factsOf, type KeyDirectory } from './key-facts.ts';
import { type Quota, type QuotaGroup, quotaGroup } from './quota.ts';

/** Requests of all keys of an account and Region per bin, for each quota that they share. */
export interface RegionUse {
  readonly startBin: Bin;
  readonly requests: ReadonlyMap<QuotaGroup, Float64Array>;
  readonly quota: (group: QuotaGroup) => Quota;
}

/** Bins over which the slope of the Region's use is taken: 15 minutes are past one noisy bin and still quick. */
const SLOPE_BINS = 3;

/** The totals of all series over [startBin, endBin). */
export function sumRegionUse(
  series: Iterable<{ readonly id: SeriesId; readonly usage: UsageSeries }>,
  { startBin, endBin }: { readonly startBin: Bin; readonly endBin: Bin },
  directory: KeyDirectory,
  quota: RegionUse['quota'],
): RegionUse {
  const use = emptyRegionUse(startBin, endBin, quota);
  for (const { id, usage } of series) {
    const group = quotaGroup(id.operation, factsOf(directory, id.keyArn).spec);
    if (group) addUse(use, group, usage);
  }
  return use;
}

const emptyRegionUse = (startBin: Bin, endBin: Bin, quota: RegionUse['quota']): RegionUse => {
  const zeros = () => new Float64Array(Math.max(0, endBin - startBin));
  return {
    startBin,
    requests: new Map([
      ['symmetric', zeros()],
      ['rsa', zeros()],
      ['ecc', zeros()],
      ['mlDsa', zeros()],
    ]),
    quota,
  };
};

/** Adds one series to the totals; unknown bins add nothing. */
function addUse(use: RegionUse, group: QuotaGroup, series: UsageSeries): void {
  const totals = use.requests.get(group);
  if (!totals) return;
  for (let i = 0; i < series.requests.length; i++) {
    const at = series.startBin + i - use.startBin;
    const requests = series.requests[i] ?? 0;
    if (at >= 0 && at < totals.length && !isUnknown(requests)) totals[at] = (totals[at] ?? 0) + requests;
  }
}

/** Requests a second of all keys over the quota they share, in a bin: 0..1, more where the quota assumed is too small. */
export function regionShare(use: RegionUse, group: QuotaGroup, bin: Bin): number {
  const requests = use.requests.get(group)?.[bin - use.startBin] ?? 0;
  return requests / BIN_SECONDS / use.quota(group).perSecond;
}

/** Minutes until the quota is reached if the Region's use keeps growing as in the last 15 minutes; undefined: it is not growing. */
export function minutesToThrottling(use: RegionUse, group: QuotaGroup, bin: Bin): number | undefined {
  const now = regionShare(use, group, bin);
  if (now >= 1) return 0;
  if (bin - SLOPE_BINS < use.startBin) return undefined;
  const perMinute = (now - regionShare(use, group, bin - SLOPE_BINS)) / ((SLOPE_BINS * BIN_SECONDS) / 60);
  return perMinute > 0 ? (1 - now) / perMinute : undefined;
}
