import type { BacktestSettings } from '../../shared/app/backtest.ts';
import type { RecordedSeries } from '../../shared/app/recording.ts';
import { type BinUse, excessPerHour } from '../../shared/domain/assess/excess.ts';
import type { QuotaGroup } from '../../shared/domain/assess/quota.ts';
import { minutesToThrottling, type RegionUse } from '../../shared/domain/assess/region-use.ts';
import { severityOf } from '../../shared/domain/assess/severity.ts';
import type { IncidentFacts } from '../../shared/domain/incident/incident.ts';
import type { Observation } from '../../shared/domain/incident/observation.ts';
import { requestsAt } from '../../shared/domain/usage/series.ts';
import { BIN_SECONDS, BINS_PER_HOUR, type Bin } from '../../shared/domain/usage/time.ts';
import type { SeriesEvidence } from './evidence.ts';

/** One series with all that deciding needs. */
export interface Watched {
  readonly series: RecordedSeries;
  readonly evidence: SeriesEvidence;
  readonly scores: ArrayLike<number>;
  readonly usd: number;
  readonly group: QuotaGroup | undefined;
}

/** A bin of a key whose `active` operations are at the threshold, assessed as the product assesses it. */
export function observeScores(
  active: readonly Watched[],
  bin: Bin,
  i: number,
  region: RegionUse,
  settings: BacktestSettings,
): Observation {
  const isBreaching = active.some(({ evidence }) => evidence.overFloor[i] === 1);
  const uses = active.map((one) => useOf(one, bin, i));
  const stakes = { excess: excessPerHour(uses), ...quotaStakes(active, uses, bin, region) };
  return {
    bin,
    state: active.length === 0 ? 'normal' : isBreaching ? 'breaching' : 'above',
    standing: false,
    severity: active.length === 0 ? 'digest' : severityOf(stakes, settings.policy.defaults),
    operations: [],
    excessRequests: 0,
    excessUsd: 0,
    usdPerHour: stakes.excess.trailing,
    ratio: 0,
    facts: () => ({ ...NO_FACTS, bin }),
  };
}

/** The judge of messages reads times, keys and severities only. */
const NO_FACTS: IncidentFacts = {
  bin: 0,
  operations: [],
  thresholds: [],
  standing: false,
  ratio: 0,
  usdPerHour: 0,
  usdPerHourHigh: 0,
  excessUsd: 0,
  excessRequests: 0,
  quotaShare: 0,
  regionQuotaShare: 0,
  quotaPerSecond: 0,
  assumed: [],
  recent: [],
};

function useOf({ series, evidence, usd }: Watched, bin: Bin, i: number): BinUse {
  let hourSum = 0;
  for (let back = 0; back < BINS_PER_HOUR; back++) hourSum += knownRequests(series, bin - back);
  return {
    requests: knownRequests(series, bin),
    previousRequests: knownRequests(series, bin - 1),
    hourSum,
    expected: evidence.expected[i] ?? 0,
    usd,
  };
}

/** Before a series' birth, and where nothing is known, there are no requests to count. */
const knownRequests = ({ usage }: RecordedSeries, bin: Bin): number => requestsAt(usage, bin) || 0;

function quotaStakes(active: readonly Watched[], uses: readonly BinUse[], bin: Bin, region: RegionUse) {
  let quotaShare = 0;
  let group: QuotaGroup | undefined;
  for (const candidate of new Set(active.map((one) => one.group))) {
    if (!candidate) continue;
    let surplus = 0;
    for (const [k, use] of uses.entries())
      if (active[k]?.group === candidate) surplus += Math.max(0, use.requests - use.expected);
    const share = surplus / BIN_SECONDS / region.quota(candidate).perSecond;
    if (group && share <= quotaShare) continue;
    quotaShare = share;
    group = candidate;
  }
  return { quotaShare, minutesToThrottling: group && minutesToThrottling(region, group, bin) };
}
