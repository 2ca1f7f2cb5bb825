import type { Quota, QuotaGroup } from './assess/quota.ts';
import { isUnknown } from './usage/series.ts';

/** How much of a quota that keys share is taken: 0..1, more where the quota assumed is too small. */
export interface QuotaShare {
  readonly group: QuotaGroup;
  /** Requests per second that KMS admits. */
  readonly perSecond: number;
  /** The documented default of the Region; the applied value of the account may differ. */
  readonly assumed: boolean;
  /** Over the whole window. */
  readonly average: number;
  /** In the busiest period of it. */
  readonly peak: number;
}

/** Requests per period against each quota: of one key, or of all keys together. */
export type QuotaUse = ReadonlyMap<QuotaGroup, Float64Array>;

/** Adds up uses period by period; an unknown period adds nothing. */
export function sumQuotaUse(
  uses: Iterable<{ readonly group: QuotaGroup | undefined; readonly requests: Float64Array }>,
): QuotaUse {
  const sums = new Map<QuotaGroup, Float64Array>();
  for (const { group, requests } of uses) {
    if (!group) continue;
    const sum = sums.get(group) ?? new Float64Array(requests.length);
    for (let i = 0; i < sum.length; i++) {
      const more = requests[i] ?? 0;
      if (!isUnknown(more)) sum[i] = (sum[i] ?? 0) + more;
    }
    sums.set(group, sum);
  }
  return sums;
}

/** Each quota's share, the fullest first. */
export function quotaShares(
  use: QuotaUse,
  periodSeconds: number,
  quota: (group: QuotaGroup) => Quota,
): QuotaShare[] {
  return [...use]
    .map(([group, requests]): QuotaShare => {
      const { perSecond, assumed } = quota(group);
      const each = perSecond * periodSeconds;
      const sum = requests.reduce((total, more) => total + more, 0);
      const peak = requests.reduce((most, more) => Math.max(most, more), 0);
      return {
        group,
        perSecond,
        assumed,
        average: requests.length === 0 ? 0 : sum / requests.length / each,
        peak: peak / each,
      };
    })
    .toSorted((a, b) => b.average - a.average);
}
