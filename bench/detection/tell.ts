import type { BacktestMessage, BacktestSettings } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { unitPrice } from '../../shared/domain/assess/price.ts';
import { type QuotaGroup, quotaGroup } from '../../shared/domain/assess/quota.ts';
import { type RegionUse, sumRegionUse } from '../../shared/domain/assess/region-use.ts';
import { advance } from '../../shared/domain/incident/advance.ts';
import { GROUP_FROM_KEYS } from '../../shared/domain/incident/coalesce.ts';
import type { Incident, IncidentEvent } from '../../shared/domain/incident/incident.ts';
import { louder, type Severity } from '../../shared/domain/policy.ts';
import { type KeyArn, keyArnParts } from '../../shared/domain/usage/key.ts';
import { binEnd } from '../../shared/domain/usage/time.ts';
import type { Evidence } from './evidence.ts';
import { observeScores, type Watched } from './observe-scores.ts';

/** An opening or escalation that people would have been sent. */
export type Alert = Pick<BacktestMessage, 'at' | 'kind' | 'severity' | 'keyArns'>;

/** What a detector would tell at a threshold. */
export type Teller = (threshold: number) => Alert[];

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
  // A labelled recording is of one account and Region.
  const [first] = recording.series;
  const target = { region: first ? keyArnParts(first.id.keyArn).region : '' };
  const quota = (group: QuotaGroup) => settings.quota(group, target);
  const region = sumRegionUse(recording.series, recording, settings.directory, quota);
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
      const observed = observeScores(active, bin, bin - fromBin, region, settings);
      const { current, transitions } = advance(keyArn, incident, [observed], bin + 1);
      incident = current;
      told.push(...transitions.flatMap(({ event }) => toldOf(keyArn, event, settings)));
      if (incident?.status !== 'open') break;
    }
  }
  return told;
}

function toldOf(keyArn: KeyArn, event: IncidentEvent, { settleSeconds }: BacktestSettings): Told[] {
  const { type } = event;
  if (type !== 'opened' && type !== 'reopened' && type !== 'escalated') return [];
  if (event.severity === 'digest') return [];
  const kind = type === 'reopened' ? 'opened' : type;
  return [{ keyArn, at: binEnd(event.bin) + settleSeconds, kind, severity: event.severity }];
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
