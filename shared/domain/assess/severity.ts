import type { KeyPolicy, Severity } from '../policy.ts';
import type { Excess } from './excess.ts';

/** Share of the Region's quota from which one key's excess is told at once. */
export const NOTICE_QUOTA_SHARE = 0.1;

/** Minutes to throttling from which somebody is woken. */
export const PAGE_MINUTES_TO_THROTTLING = 60;

/** What a severity is made of. */
export interface Stakes {
  readonly excess: Excess;
  /** Share of the quota that the key's excess takes. */
  readonly quotaShare: number;
  readonly minutesToThrottling: number | undefined;
}

/** How loud an excess is, by money and quota. How unusual it is decides nothing here: a ratio alone never pages. */
export function severityOf(
  { excess, quotaShare, minutesToThrottling }: Stakes,
  policy: Pick<KeyPolicy, 'pageUsdPerHour' | 'noticeUsdPerHour'>,
): Severity {
  const throttledSoon =
    minutesToThrottling !== undefined && minutesToThrottling <= PAGE_MINUTES_TO_THROTTLING;
  if (excess.steady >= policy.pageUsdPerHour || (throttledSoon && quotaShare >= NOTICE_QUOTA_SHARE))
    return 'page';
  if (excess.quick >= policy.noticeUsdPerHour || quotaShare >= NOTICE_QUOTA_SHARE) return 'notice';
  return 'digest';
}
