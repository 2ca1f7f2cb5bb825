import type { KeyFacts } from '../domain/assess/key-facts.ts';
import { type Advance, advance } from '../domain/incident/advance.ts';
import { isMuted } from '../domain/incident/mute.ts';
import { newestTold } from '../domain/incident/newest-told.ts';
import type { IncidentRecord } from '../domain/incident/notification.ts';
import type { Observation } from '../domain/incident/observation.ts';
import { planMessages } from '../domain/incident/plan-messages.ts';
import { hasRegionUse, observeRegion, type RegionWatch } from '../domain/incident/region-quota.ts';
import { RECENT_BINS } from '../domain/incident/watch.ts';
import type { Policy } from '../domain/policy.ts';
import { type KeyArn, type Target, targetName } from '../domain/usage/key.ts';
import { BIN_SECONDS, BINS_PER_HOUR, type Bin, finalEnd } from '../domain/usage/time.ts';
import { audiencesFor } from './audiences.ts';
import type { DetectRequest } from './detect-request.ts';
import { type CallCountWindow, callCountsOf, type SeriesWindow } from './fetch-usage.ts';
import type { Known } from './load.ts';
import type { Receiver, Versioned } from './ports.ts';

/** The quotas of one account and Region after stages 5 to 8: an incident like a key's, under `REGION#[account/]region`. */
export interface JudgedRegion {
  readonly keyArn: KeyArn;
  readonly facts: KeyFacts;
  readonly incident: Versioned | undefined;
  readonly unreadableIncident: string | undefined;
  readonly advance: Advance;
  readonly record: IncidentRecord | undefined;
  /** First bin that was judged: earlier ones are never judged again. */
  readonly firstBin: Bin;
}

/**
 * Judges the Region's quotas, after all of its keys. Undefined where only some keys were read: their sum says nothing.
 * `windows` are those of its own keys.
 * Nothing is final in a run that could read none of them (`isUnread`).
 */
export function judgeRegion(
  watch: RegionWatch,
  known: Known,
  windows: readonly SeriesWindow[],
  isUnread: boolean,
  receivers: readonly Receiver[],
  policy: Policy,
  request: DetectRequest,
): JudgedRegion | undefined {
  if (request.keys || request.operations || windows.length === 0) return undefined;
  const { subject: keyArn } = watch;
  const facts: KeyFacts = { keyArn, aliases: [] };
  const incident = known.incidents.get(keyArn);
  const firstBin = firstRegionBin(windows, request);
  const endBin = endOf(windows);
  const toldBin = newestTold((bin) => hasRegionUse(watch, bin), endBin, finalEnd(request.asOf));
  let newest: Observation | undefined;
  function* observations(): Generator<Observation> {
    for (let bin = firstBin; bin < endBin; bin++) {
      const observed = observeRegion(watch, bin);
      if (bin <= toldBin || !newest) newest = observed;
      yield observed;
    }
  }
  const finalEndBin = isUnread ? firstBin : finalEnd(request.asOf);
  const advanced = advance(keyArn, incident?.record.incident, observations(), finalEndBin);
  const audiences = audiencesFor(facts, receivers, policy);
  const muted = isMuted(known.mutes, facts, request.asOf);
  return {
    keyArn,
    facts,
    incident,
    unreadableIncident: known.unreadableIncidents.get(keyArn),
    advance: advanced,
    record: planMessages(incident?.record, advanced, newest, audiences, muted, request.asOf),
    firstBin,
  };
}

/** The windows of each target, by its name. */
export function windowsByTarget(
  windows: readonly SeriesWindow[],
  targets: ReadonlyMap<KeyArn, Target>,
): Map<string, TargetWindows> {
  const byName = new Map<string, { target: Target; windows: SeriesWindow[] }>();
  for (const window of windows) {
    const target = targets.get(window.source.id.keyArn);
    if (!target) continue;
    const own = byName.get(targetName(target)) ?? { target, windows: [] };
    own.windows.push(window);
    byName.set(targetName(target), own);
  }
  return byName;
}

/** An account and Region, and what is read there. */
export interface TargetWindows {
  readonly target: Target;
  readonly windows: readonly SeriesWindow[];
}

/** Of which bins AWS's own counts are wanted: what is judged, and the three hours before it that a message draws. */
export const callCountsWanted = (
  windows: readonly SeriesWindow[],
  targets: ReadonlyMap<KeyArn, Target>,
  homeRegion: string,
  request: DetectRequest,
): CallCountWindow[] =>
  [...windowsByTarget(windows, targets).values()].map(({ target, windows: own }) => ({
    target,
    counts: callCountsOf(target, homeRegion),
    startBin: firstRegionBin(own, request) - RECENT_BINS,
    endBin: endOf(own),
  }));

/**
 * First bin in which an account and Region is judged: from there on all its known keys are in view; without any, the last
 * hour, as for a key that is not known. `windows` are those of its keys that are read.
 */
export function firstRegionBin(
  windows: readonly SeriesWindow[],
  { replay, lookbackSeconds }: Pick<DetectRequest, 'replay' | 'lookbackSeconds'>,
): Bin {
  const endBin = endOf(windows);
  if (replay) return endBin - 1 - Math.floor(lookbackSeconds / BIN_SECONDS);
  const inView = windows.reduce(
    (latest, { isKnown, startBin }) => (isKnown ? Math.max(latest, startBin) : latest),
    Number.NEGATIVE_INFINITY,
  );
  return Number.isFinite(inView) ? inView : endBin - BINS_PER_HOUR;
}

const endOf = (windows: readonly SeriesWindow[]): Bin =>
  windows.reduce((latest, { endBin }) => Math.max(latest, endBin), 0);
