import { factsOf } from '../domain/assess/key-facts.ts';
import { type Prices, pricesFor } from '../domain/assess/price.ts';
import type { QuotaGroup } from '../domain/assess/quota.ts';
import { sumRegionUse } from '../domain/assess/region-use.ts';
import { lastBinOf } from '../domain/detection/baseline.ts';
import { NEVER } from '../domain/detection/learn.ts';
import { type Advance, advance } from '../domain/incident/advance.ts';
import type { Incident, IncidentFacts } from '../domain/incident/incident.ts';
import { isMuted } from '../domain/incident/mute.ts';
import { newestTold, withFactsKept } from '../domain/incident/newest-told.ts';
import type { Audience, IncidentRecord } from '../domain/incident/notification.ts';
import type { Observation } from '../domain/incident/observation.ts';
import { observe } from '../domain/incident/observe.ts';
import { planMessages } from '../domain/incident/plan-messages.ts';
import {
  enterAssumed,
  enterExcesses,
  enterKey,
  enterUnjudged,
  type KeyExcess,
} from '../domain/incident/region-entries.ts';
import { type RegionWatch, watchRegion } from '../domain/incident/region-quota.ts';
import { type KeyWatch, seedRecent, watchKey } from '../domain/incident/watch.ts';
import { type KeyPolicy, policyForKey, unresolvedPatterns } from '../domain/policy.ts';
import { type MetricValues, valuesIn } from '../domain/usage/gaps.ts';
import { type KeyArn, keyArnParts, seriesName, targetName } from '../domain/usage/key.ts';
import { requestsAt } from '../domain/usage/series.ts';
import { BINS_PER_DAY, BINS_PER_HOUR, type Bin, finalEnd, settledEnd } from '../domain/usage/time.ts';
import { audiencesFor } from './audiences.ts';
import type { DetectRequest, DetectSettings } from './detect-request.ts';
import type { Discovered } from './discover.ts';
import type { FetchedSeries, FetchedUsage, SeriesWindow } from './fetch-usage.ts';
import {
  firstRegionBin,
  type JudgedRegion,
  judgeRegion,
  type TargetWindows,
  windowsByTarget,
} from './judge-region.ts';
import { type JudgementObserver, reportScores } from './judgement-observer.ts';
import {
  firstJudgedBin,
  isBlind,
  isReadable,
  isUnread,
  type KeyContext,
  watchSeries,
} from './key-context.ts';
import type { Known } from './load.ts';
import { assumedUse, type Polls } from './plan-polls.ts';
import { windowsByKey } from './plan-windows.ts';
import type { Receiver } from './ports.ts';
import { quotasOfTarget } from './target-quotas.ts';

/** What a run found out about one key. */
export type KeyVerdict =
  | { readonly kind: 'normal' | 'breaching' }
  | { readonly kind: 'insufficientData'; readonly reason: string }
  | { readonly kind: 'notChecked'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'excluded' };

/** One key after stages 5 to 8. */
export interface JudgedKey extends KeyContext {
  readonly verdict: KeyVerdict;
  readonly advance: Advance;
  /** The incident's record with everything planned; undefined if the key has no incident. */
  readonly record: IncidentRecord | undefined;
  /** The key in the newest bin that is told (`newestTold`), as a message tells it; undefined if no bin was judged. */
  readonly present: (() => IncidentFacts) | undefined;
  /** Series without a baseline, to be back-filled. */
  readonly unlearned: readonly SeriesWindow[];
}

/** The quotas of an account and Region while its keys are judged. */
export interface TargetWatch extends TargetWindows {
  readonly watch: RegionWatch;
}

/** All keys after stages 5 to 8. */
export interface Judged {
  readonly keys: readonly JudgedKey[];
  /** All keys together against the quotas of each account and Region; none where only some keys were read. */
  readonly regions: readonly JudgedRegion[];
  /** What the keys' judges entered of these quotas, by `targetName`. */
  readonly watches: ReadonlyMap<string, TargetWatch>;
  readonly unresolved: readonly string[];
}

/** Stages 5 to 8, pure: judge every key's bins, assess them, decide on its incident, plan what is told to whom. */
export function judgeKeys(
  known: Known,
  found: Discovered,
  polls: Polls,
  usage: FetchedUsage,
  receivers: readonly Receiver[],
  settings: DetectSettings,
  request: DetectRequest,
): Judged {
  const { windows } = polls;
  const watches = watchTargets(known, found, polls, usage, settings, request);
  const unseenFrom =
    known.lastReport && settledEnd(Date.parse(known.lastReport.asOf) / 1000, settings.settleSeconds);
  const keys = [...windowsByKey(windows)].flatMap(([keyArn, ofKey]): JudgedKey[] => {
    const region = watches.get(targetNameOf(found, keyArn))?.watch;
    if (!region) return [];
    const facts = factsOf(found.directory, keyArn);
    const policy = policyForKey(settings.policy, facts);
    const series = ofKey.flatMap(({ source }) => usage.series.get(seriesName(source.id)) ?? []);
    const context: KeyContext = {
      keyArn,
      facts,
      series,
      windows: ofKey,
      baselines: known.baselines.get(keyArn),
      incident: known.incidents.get(keyArn),
      accepted: known.accepted.get(keyArn) ?? NEVER,
      muted: isMuted(known.mutes, facts, request.asOf),
      unreadableIncident: known.unreadableIncidents.get(keyArn),
      unseenFrom,
    };
    if (!policy) {
      for (const one of series) enterUnjudged(region, one, facts.spec);
      const verdict = { kind: 'excluded' } as const;
      return [
        { ...context, verdict, advance: NOTHING, record: undefined, present: undefined, unlearned: [] },
      ];
    }
    const prices = pricesFor(keyArnParts(keyArn).region, settings.policy.prices);
    const audiences = audiencesFor(facts, receivers, settings.policy);
    return [judgeKey(context, policy, region, prices, audiences, request, settings.observer)];
  });
  const names = [...found.directory.keys.values(), ...keys.map(({ facts }) => facts)];
  return {
    keys,
    watches,
    regions: [...watches].flatMap(([name, { watch, windows: own }]) => {
      const isAllUnread = keys.filter(({ keyArn }) => targetNameOf(found, keyArn) === name).every(isUnread);
      return judgeRegion(watch, known, own, isAllUnread, receivers, settings.policy, request) ?? [];
    }),
    unresolved: unresolvedPatterns(settings.policy, names),
  };
}

const targetNameOf = ({ targets }: Discovered, keyArn: KeyArn): string => {
  const target = targets.get(keyArn);
  return target ? targetName(target) : '';
};

/** Starts to watch the quotas of every account and Region in which a key is read, with what is assumed of the others. */
function watchTargets(
  known: Known,
  found: Discovered,
  { windows, left, outOfTime = [] }: Polls,
  { series, callCounts }: FetchedUsage,
  settings: DetectSettings,
  request: DetectRequest,
): ReadonlyMap<string, TargetWatch> {
  const span = spanOf(windows);
  const leftOut = windowsByTarget([...left, ...outOfTime], found.targets);
  return new Map(
    [...windowsByTarget(windows, found.targets)].map(([name, own]) => {
      const { region, account } = own.target;
      const firstBin = firstRegionBin(own.windows, request);
      const assumed = assumedUse(known, leftOut.get(name)?.windows ?? [], firstBin);
      const measured = [...series.values()].filter(({ id }) => targetNameOf(found, id.keyArn) === name);
      const use = sumRegionUse(
        [...measured, ...assumed],
        span,
        found.directory,
        quotasOfTarget(own.target, found.directory, settings),
        callCountIn(callCounts.get(name), span),
      );
      const watch = watchRegion(region, use, account);
      for (const one of assumed) enterLeftOut(watch, found, one, settings);
      return [name, { ...own, watch }] as const;
    }),
  );
}

/** What a series that is not read is taken to make, as usual. */
function enterLeftOut(
  watch: RegionWatch,
  { directory }: Discovered,
  series: FetchedSeries,
  { policy }: DetectSettings,
): void {
  const facts = factsOf(directory, series.id.keyArn);
  const enter = policyForKey(policy, facts) ? enterAssumed : enterUnjudged;
  enter(watch, series, facts.spec);
}

const NOTHING: Advance = { transitions: [], current: undefined, stored: undefined };

function judgeKey(
  context: KeyContext,
  policy: KeyPolicy,
  region: RegionWatch,
  prices: Prices,
  audiences: readonly Audience[],
  request: DetectRequest,
  observer: JudgementObserver | undefined,
): JudgedKey {
  const { keyArn, windows, series } = context;
  const { endBin } = spanOf(windows);
  const operations = series.map((fetched, index) =>
    watchSeries(context, fetched, windows[index], prices, request),
  );
  const watch = watchKey(keyArn, operations, policy, region.use);
  const stored = [...(context.baselines?.operations.values() ?? [])].map(({ baseline }) => baseline);
  for (const { learnedThrough } of stored.slice(0, 1)) {
    const known = learnedThrough * BINS_PER_HOUR;
    seedRecent(watch, known - BINS_PER_HOUR, known, (bin) =>
      stored.reduce((sum, one) => sum + lastBinOf(one, bin), 0),
    );
  }
  const from = Math.min(...operations.map(({ firstBin }) => firstBin));
  const judgedFrom = firstJudgedBin(context, endBin, request);
  const excesses: KeyExcess[] = [];
  observer?.onKey(context.facts);
  const known = context.incident?.record;
  const isOpen = known?.incident.status === 'open';
  const hasRequests = (bin: Bin) => series.some(({ usage }) => requestsAt(usage, bin) > 0);
  const toldBin = newestTold(hasRequests, endBin, finalEnd(request.asOf));
  let last: Observation | undefined;
  let told: Observation | undefined;
  function* observations(): Generator<Observation> {
    for (let bin = from; bin < endBin; bin++) {
      const observed = observe(watch, bin, (index) => requestsAt(series[index]?.usage ?? EMPTY, bin));
      excesses.push(...enterKey(region, watch, observed));
      if (observer) reportScores(watch, series, bin, observer.onScore);
      if (bin < judgedFrom) continue;
      last = observed;
      yield observed;
      // Most keys have nothing to tell: no numbers are taken of them.
      if (bin === toldBin && (isOpen || isTroubled(observed))) told = withFactsKept(observed);
    }
  }
  // What could not be read is not final, however old it is: it is to be judged and counted once it can be read.
  const finalEndBin = isUnread(context) ? from : finalEndOf(context, request);
  const advanced = advance(keyArn, known?.incident, observations(), finalEndBin);
  enterExcesses(region, excesses, known?.incident, advanced.transitions);
  const { current } = advanced;
  const newest = told ?? last;
  const present = newest && current ? presentFacts(newest, current) : undefined;
  return {
    ...context,
    verdict: verdictOf(context, watch, last),
    advance: advanced,
    record: planMessages(known, advanced, newest, audiences, context.muted, request.asOf),
    present,
    unlearned: windows.filter(({ isKnown, source }) => !isKnown && isReadable(context, source.id.operation)),
  };
}

const isTroubled = ({ state }: Observation): boolean => state === 'breaching' || state === 'above';

const EMPTY = { startBin: 0, requests: new Float64Array(0) };

function verdictOf(context: KeyContext, watch: KeyWatch, last: Observation | undefined): KeyVerdict {
  const faulty = context.series.find(({ fault }) => fault !== undefined);
  if (context.unreadableIncident) {
    return { kind: 'notChecked', reason: 'incidentUnreadable', detail: context.unreadableIncident };
  }
  if (last && isTroubled(last)) return { kind: 'breaching' };
  if (faulty?.fault)
    return { kind: 'notChecked', reason: faulty.fault, detail: faulty.detail ?? faulty.fault };
  const unreadable = [...(context.baselines?.unreadable ?? [])][0];
  if (unreadable)
    return { kind: 'notChecked', reason: 'baselineUnreadable', detail: `${unreadable[0]}: ${unreadable[1]}` };
  if (watch.operations.some(({ judge }) => judge === undefined))
    return { kind: 'insufficientData', reason: 'backfillPending' };
  const unsure = watch.operations.find(({ score }) => score.insufficient !== undefined)?.score.insufficient;
  if (!last || last.state === 'insufficientData')
    return { kind: 'insufficientData', reason: unsure ?? 'noSettledBin' };
  return { kind: 'normal' };
}

/** What was judged without a baseline that is there is judged again for a day, in case it can be read by then. */
const finalEndOf = (context: KeyContext, { asOf }: DetectRequest): Bin =>
  isBlind(context) ? finalEnd(asOf) - BINS_PER_DAY : finalEnd(asOf);

const presentFacts =
  ({ facts }: Observation, { tally }: Incident) =>
  (): IncidentFacts =>
    facts(tally);

/** The bins that all windows together span. */
function spanOf(windows: readonly SeriesWindow[]): { startBin: Bin; endBin: Bin } {
  const [first] = windows;
  let startBin = first?.startBin ?? 0;
  let endBin = first?.endBin ?? 0;
  for (const window of windows) {
    startBin = Math.min(startBin, window.startBin);
    endBin = Math.max(endBin, window.endBin);
  }
  return { startBin, endBin };
}

/** AWS's own counts over the span, NaN where it has none. */
const callCountIn = (
  callCounts: ReadonlyMap<QuotaGroup, readonly MetricValues[]> = new Map(),
  { startBin, endBin }: { readonly startBin: Bin; readonly endBin: Bin },
): Map<QuotaGroup, Float64Array> =>
  new Map([...callCounts].map(([group, values]) => [group, valuesIn(values, startBin, endBin)]));
