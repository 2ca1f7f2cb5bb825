import type { KeyDirectory } from '../domain/assess/key-facts.ts';
import type { Quota, QuotaGroup } from '../domain/assess/quota.ts';
import { type Ranking, rankKeys } from '../domain/top.ts';
import { requestsAt } from '../domain/usage/series.ts';
import { BIN_SECONDS, BINS_PER_WEEK, type Bin } from '../domain/usage/time.ts';
import type { RecordedSeries, Recording } from './recording.ts';

/** How a recording is ranked. */
export interface RankingSettings {
  readonly directory: KeyDirectory;
  /** Of the key's Region; without one, where the sums over all keys are told. */
  readonly quota: (group: QuotaGroup, region?: string) => Quota;
  /** First bin that counts. */
  readonly fromBin: Bin;
  /** Keys in the list. */
  readonly limit: number;
}

/** What the keys of a recording cost and took of the quotas from a bin on, the dearest first. */
export function rankRecording(
  { series, startBin, endBin }: Recording,
  { directory, quota, fromBin, limit }: RankingSettings,
): Ranking {
  const hasWeekBefore = fromBin - BINS_PER_WEEK >= startBin;
  return rankKeys(
    {
      series: series.map((one) => ({
        id: one.id,
        requests: requestsIn(one, fromBin, endBin),
        weekBefore: hasWeekBefore
          ? requestsIn(one, fromBin - BINS_PER_WEEK, endBin - BINS_PER_WEEK).reduce(
              (sum, more) => sum + more,
              0,
            )
          : undefined,
      })),
      directory,
      quota,
      periodSeconds: BIN_SECONDS,
      seconds: (endBin - fromBin) * BIN_SECONDS,
      quotaCalls: undefined,
    },
    'cost',
    limit,
  );
}

/** Before its first row a series was not used. */
const requestsIn = ({ usage }: RecordedSeries, from: Bin, to: Bin): Float64Array =>
  Float64Array.from({ length: to - from }, (_, i) =>
    from + i < usage.startBin ? 0 : requestsAt(usage, from + i),
  );
