import type { BacktestMessage, BacktestSettings } from '../../shared/app/backtest.ts';
import type { RecordedSeries, Recording } from '../../shared/app/recording.ts';
import { type BinUse, excessPerHour } from '../../shared/domain/assess/excess.ts';
import { unitPrice } from '../../shared/domain/assess/price.ts';
import { type QuotaGroup, quotaGroup } from '../../shared/domain/assess/quota.ts';
import {
  addUse,
  emptyRegionUse,
  minutesToThrottling,
  type RegionUse,
} from '../../shared/domain/assess/region-use.ts';
import { severityOf } from '../../shared/domain/assess/severity.ts';
import { advance } from '../../shared/domain/incident/advance.ts';
import { GROUP_FROM_KEYS } from '../../shared/domain/incident/coalesce.ts';
import type { Incident, IncidentEvent, IncidentFacts } from '../../shared/domain/incident/incident.ts';
import type { Observation } from '../../shared/domain/incident/observation.ts';
import { louder, type Severity } from '../../shared/domain/policy.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { requestsAt } from '../../shared/domain/usage/series.ts';
import { BIN_SECONDS, BINS_PER_HOUR, type Bin, binEnd } from '../../shared/domain/usage/time.ts';
import type { Evidence, SeriesEvidence } from './evidence.ts';

/** An opening or escalation that people would have been sent. */
export type Alert = Pick<BacktestMessage, 'at' | 'kind' | 'severity' | 'keyArns'>;

/** What a detector would tell at a threshold. */
export type Teller = (threshold: number) => Alert[];

/** One series with all that deciding needs. */
interface Watched {
  readonly series: RecordedSeries;
  readonly evidence: SeriesEvidence;
  readonly scores: ArrayLike<number>;
  readonly usd: number;
  readonly group: QuotaGroup | undefined;
}

interface Told {
  readonly keyArn: KeyArn;
  readonly at: number;
  readonly kind: 'opened' | 'escalated';
  readonly severity: Severity;
}

/**
 * Makes ready what people would be told by any detector's scores (of each series, from the first judged bin on). The
 * floor, what an excess is counted from, severity, incidents and the grouping of messages are the product's own, so
 * that detectors differ in their scores alone.
 */
export function tellerOf(
  recording: Recording,
  settings: BacktestSettings,
  evidence: Evidence,
  scores: readonly ArrayLike<number>[],
): Teller {
  const region = regionOf(recording, settings);
  const byKey = new Map<KeyArn, Watched[]>();
  for (const [k, series] of recording.series.entries()) {
    const own = evidence.series[k];
    if (!own) continue;
    const { keyArn, operation } = series.id;
    const usd = unitPrice(operation, undefined).low;
    const group = quotaGroup(operation, undefined);
    const watched = { series, evidence: own, scores: scores[k] ?? [], usd, group };
    byKey.set(keyArn, [...(byKey.get(keyArn) ?? []), watched]);
  }
  const keys = [...byKey].map(([keyArn, watched]) => ({ keyArn, watched, openers: openersOf(watched) }));
  return (threshold) => grouped(keys.flatMap((key) => tellKey(key, threshold, region, settings, evidence)));
}

/** Bins that can open an incident, with the score that would: the search for a threshold passes over all others. */
interface Openers {
  readonly bins: Int32Array;
  readonly scores: Float32Array;
}

interface WatchedKey {
  readonly keyArn: KeyArn;
  readonly watched: readonly Watched[];
  readonly openers: Openers;
}

function openersOf(watched: readonly Watched[]): Openers {
  const length = watched[0]?.evidence.score.length ?? 0;
  const bins: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < length; i++) {
    let highest = 0;
    for (const { evidence, scores: own } of watched)
      if (evidence.overFloor[i] === 1) highest = Math.max(highest, own[i] ?? 0);
    if (highest <= 0) continue;
    bins.push(i);
    scores.push(highest);
  }
  return { bins: Int32Array.from(bins), scores: Float32Array.from(scores) };
}

function regionOf(recording: Recording, settings: BacktestSettings): RegionUse {
  const region = emptyRegionUse(recording.startBin, recording.endBin, settings.quota);
  for (const { id, usage } of recording.series) {
    const group = quotaGroup(id.operation, undefined);
    if (group) addUse(region, group, usage);
  }
  return region;
}

function tellKey(
  { keyArn, watched, openers }: WatchedKey,
  threshold: number,
  region: RegionUse,
  settings: BacktestSettings,
  { fromBin, endBin }: Evidence,
): Told[] {
  const told: Told[] = [];
  let incident: Incident | undefined;
  let next = fromBin;
  for (const [k, opener] of openers.bins.entries()) {
    if ((openers.scores[k] ?? 0) < threshold || fromBin + opener < next) continue;
    for (let bin = fromBin + opener; bin < endBin; bin++) {
      next = bin + 1;
      const active = watched.filter(({ scores }) => (scores[bin - fromBin] ?? 0) >= threshold);
      const observed = observe(active, bin, bin - fromBin, region, settings);
      const { current, transitions } = advance(keyArn, incident, [observed], bin + 1);
      incident = current;
      told.push(...transitions.flatMap(({ event }) => toldOf(keyArn, event, settings)));
      if (incident?.status !== 'open') break;
    }
  }
  return told;
}

function toldOf(keyArn: KeyArn, event: IncidentEvent, { settleSeconds }: BacktestSettings): Told[] {
  if ((event.type !== 'opened' && event.type !== 'escalated') || event.severity === 'digest') return [];
  return [{ keyArn, at: binEnd(event.bin) + settleSeconds, kind: event.type, severity: event.severity }];
}

function observe(
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

/** Openings and escalations of several keys at the same instant are one message, as in every receiver. */
function grouped(told: readonly Told[]): Alert[] {
  const byTime = new Map<number, Told[]>();
  for (const one of told) byTime.set(one.at, [...(byTime.get(one.at) ?? []), one]);
  return [...byTime].flatMap(([at, same]): Alert[] => {
    const keyArns = [...new Set(same.map(({ keyArn }) => keyArn))];
    if (keyArns.length < GROUP_FROM_KEYS)
      return same.map(({ keyArn, kind, severity }) => ({ at, kind, severity, keyArns: [keyArn] }));
    const severity = same.map((one) => one.severity).reduce(louder);
    return [{ at, kind: 'group', severity, keyArns }];
  });
}
