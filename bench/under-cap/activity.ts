import { BINS_PER_HOUR } from '../../shared/domain/usage/time.ts';
import type { Account } from '../detection/world/account.ts';

const WINDOW_BINS = 3 * BINS_PER_HOUR;

/** The largest share of an account's series that were in use in the same three hours of its judged weeks. */
export function mostActive({ recording: { series, endBin }, judgeFromBin }: Account): number {
  let most = 0;
  for (let bin = judgeFromBin; bin + WINDOW_BINS <= endBin; bin += WINDOW_BINS) {
    const active = series.filter(({ usage: { startBin, requests } }) => {
      const from = Math.max(0, bin - startBin);
      return requests.subarray(from, Math.max(from, bin - startBin + WINDOW_BINS)).some((count) => count > 0);
    });
    most = Math.max(most, active.length / series.length);
  }
  return most;
}
