import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import { pricesFor } from '../domain/assess/price.ts';
import type { Quota, QuotaGroup } from '../domain/assess/quota.ts';
import { sumRegionUse } from '../domain/assess/region-use.ts';
import { lastDailyReport } from '../domain/calendar.ts';
import { newBaseline } from '../domain/detection/baseline.ts';
import { type Forecast, forecast } from '../domain/forecast.ts';
import { groupBy } from '../domain/group-by.ts';
import { advance } from '../domain/incident/advance.ts';
import { coalesce, type Telling } from '../domain/incident/coalesce.ts';
import { isPending } from '../domain/incident/delivery.ts';
import type { Incident } from '../domain/incident/incident.ts';
import {
  type Audience,
  DIGEST,
  type IncidentRecord,
  type Notification,
} from '../domain/incident/notification.ts';
import type { Observation } from '../domain/incident/observation.ts';
import { observe } from '../domain/incident/observe.ts';
import { planMessages } from '../domain/incident/plan-messages.ts';
import { enterExcesses, enterKey, enterUnjudged } from '../domain/incident/region-entries.ts';
import { observeRegion, type RegionWatch, watchRegion } from '../domain/incident/region-quota.ts';
import { type KeyWatch, watchKey, watchOperation } from '../domain/incident/watch.ts';
import { louder, type Policy, policyForKey, type Severity } from '../domain/policy.ts';
import { type KeyArn, keyArnParts, type Target, targetName } from '../domain/usage/key.ts';
import { requestsAt } from '../domain/usage/series.ts';
import {
  BINS_PER_DAY,
  BINS_PER_HOUR,
  BINS_PER_WEEK,
  type Bin,
  binEnd,
  binStart,
  type EpochSeconds,
  hourOfBin,
} from '../domain/usage/time.ts';
import { type OnScore, reportScores } from './judgement-observer.ts';
import type { RecordedSeries, Recording } from './recording.ts';

/** How a recording is replayed. */
export interface BacktestSettings {
  readonly policy: Policy;
  readonly directory: KeyDirectory;
  readonly settleSeconds: number;
  /** In whose mornings digests go out. @default UTC */
  readonly timeZone?: string;
  readonly quota: (group: QuotaGroup, target: Target) => Quota;
  /** Against whose quotas a key counts. @default one account's, in the key's own Region */
  readonly targetOf?: (keyArn: KeyArn) => Target;
  /** First bin that is judged; earlier ones are only learned. */
  readonly fromBin: Bin;
  /** Sees every judged bin of every series. */
  readonly onScore?: OnScore;
  /** Sees each finished key. */
  readonly onKey?: (done: number, of: number) => void;
  /** Asked before each key: whether the others are to be left out. @default never */
  readonly isTimeUp?: () => boolean;
}

/** One message that people would have been sent. */
export interface BacktestMessage {
  readonly at: EpochSeconds;
  readonly kind:
    | 'opened'
    | 'escalated'
    | 'updated'
    | 'group'
    | 'reminder'
    | 'acknowledged'
    | 'resolved'
    | 'digest';
  readonly severity: Severity;
  readonly keyArns: readonly KeyArn[];
  readonly incidentIds: readonly string[];
}

/** What a replay found. */
export interface BacktestResult {
  /** Every incident in the state it had at the end of the recording, by the time it opened. */
  readonly incidents: readonly Incident[];
  readonly messages: readonly BacktestMessage[];
  /** What to expect of the fortnight after the recording. */
  readonly forecast: { readonly notices: Forecast; readonly pages: Forecast };
  /** Series that were replayed: all, unless the time was up. */
  readonly series: number;
  /** Bins judged or learned, of all series. */
  readonly bins: number;
}

/** The first bin to judge when nobody says: eight weeks after the first row, or after 70 % of a shorter recording. */
export function defaultFromBin({ startBin, endBin }: Pick<Recording, 'startBin' | 'endBin'>): Bin {
  const weeks = 8 * BINS_PER_WEEK;
  return endBin - startBin > weeks ? startBin + weeks : startBin + Math.floor(0.7 * (endBin - startBin));
}

/** Everybody hears of pages and notices at once, as with the receivers' defaults, and of the rest in the daily digest. */
const EVERYBODY: readonly Audience[] = [
  { receiver: 'people', admits: (severity) => severity !== 'digest' },
  { receiver: DIGEST, admits: (severity) => severity === 'digest' },
];

/**
 * Replays a recording through the code that judges, assesses, decides and plans messages in the Lambda: every series
 * polled every run, nothing published late. Deterministic: the same recording gives the same answer.
 */
export function backtest(recording: Recording, given: BacktestSettings): BacktestResult {
  const steps = backtestSteps(recording, given);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same, key by key, for whoever has something else to do in between. */
export function* backtestSteps(
  recording: Recording,
  given: BacktestSettings,
): Generator<undefined, BacktestResult> {
  const settings = { ...given, digestTimes: digestTimesOf(recording, given) };
  const { targetOf = regionOfKey } = given;
  const byTarget = groupBy(recording.series, ({ id }) => targetName(targetOf(id.keyArn)));
  const work: Work = {
    stories: [],
    keys: new Set(recording.series.map(({ id }) => id.keyArn)).size,
    done: 0,
    series: 0,
    bins: 0,
  };
  // One after the other: the sums over one target's keys are a few MB.
  for (const own of byTarget.values()) {
    const [first] = own;
    if (first) yield* replayTarget(targetOf(first.id.keyArn), own, recording, settings, work);
  }
  const incidents = work.stories.flatMap((story) => story.incidents);
  const tellings = work.stories.flatMap((story) => story.tellings);
  const waited = work.stories.flatMap((story) => story.digested);
  const messages = [...messagesOf(tellings), ...digestsOf(waited)].toSorted((a, b) => a.at - b.at);
  return {
    incidents: incidents.toSorted((a, b) => a.openedBin - b.openedBin),
    messages,
    forecast: forecastOf(messages, (recording.endBin - settings.fromBin) / BINS_PER_DAY),
    series: work.series,
    bins: work.bins,
  };
}

/** How far a replay is. */
interface Work {
  readonly stories: Replayed[];
  /** All of the recording. */
  readonly keys: number;
  done: number;
  series: number;
  bins: number;
}

/** A recording that says nothing of accounts is of one. */
const regionOfKey = (keyArn: KeyArn): Target => ({ region: keyArnParts(keyArn).region });

/** The keys that count against the quotas of one account and Region, and then these quotas: part of a sum says nothing. */
function* replayTarget(
  target: Target,
  own: readonly RecordedSeries[],
  recording: Recording,
  settings: ReplaySettings,
  work: Work,
): Generator<undefined, void> {
  const { directory, policy } = settings;
  const quota = (group: QuotaGroup) => settings.quota(group, target);
  const region = watchRegion(target.region, sumRegionUse(own, recording, directory, quota), target.account);
  const prices = pricesFor(target.region, policy.prices);
  for (const [keyArn, series] of groupBy(own, ({ id }) => id.keyArn)) {
    if (settings.isTimeUp?.()) return;
    work.series += series.length;
    const facts = factsOf(directory, keyArn);
    const keyPolicy = policyForKey(policy, facts);
    if (keyPolicy) {
      const operations = series.map(({ id: { operation }, usage: { startBin } }) =>
        watchOperation(operation, newBaseline(startBin), facts.spec, startBin, prices),
      );
      const watch = watchKey(keyArn, operations, keyPolicy, region.use);
      work.stories.push(replayKey(watch, region, series, recording.endBin, settings));
      work.bins += series.reduce((sum, { usage }) => sum + usage.requests.length, 0);
    } else for (const one of series) enterUnjudged(region, one, facts.spec);
    work.done++;
    settings.onKey?.(work.done, work.keys);
    yield;
  }
  work.stories.push(replayRegion(region, recording.endBin, settings));
}

/** What a key, or the Region, came to in the end, and what people were told of it. */
interface Replayed {
  readonly incidents: readonly Incident[];
  readonly tellings: readonly Telling[];
  readonly digested: readonly Digested[];
}

/** An incident that a digest tells, and when. */
interface Digested {
  readonly at: EpochSeconds;
  readonly keyArn: KeyArn;
  readonly id: string;
}

function replayKey(
  watch: KeyWatch,
  region: RegionWatch,
  series: readonly RecordedSeries[],
  endBin: Bin,
  settings: ReplaySettings,
): Replayed {
  const story = newStory(watch.keyArn, settings);
  const first = Math.min(...series.map(({ usage }) => hourOfBin(usage.startBin) * BINS_PER_HOUR));
  for (let bin = first; bin < endBin; bin++) {
    const observed = observe(watch, bin, (index) => requestsAt(series[index]?.usage ?? NO_USE, bin));
    const excesses = enterKey(region, watch, observed);
    if (bin < settings.fromBin) continue;
    if (settings.onScore) reportScores(watch, series, bin, settings.onScore);
    enterExcesses(region, excesses, story.take(observed), []);
  }
  return story.replayed();
}

/** All keys together, after each of them: through the same decisions. */
function replayRegion(region: RegionWatch, endBin: Bin, settings: ReplaySettings): Replayed {
  const story = newStory(region.subject, settings);
  for (let bin = settings.fromBin; bin < endBin; bin++) story.take(observeRegion(region, bin));
  return story.replayed();
}

/** Decides bin by bin what becomes of a subject's incident, and what is told of it. */
function newStory(keyArn: KeyArn, { settleSeconds, digestTimes }: ReplaySettings) {
  const incidents = new Map<string, Incident>();
  const tellings: Telling[] = [];
  const digested: Digested[] = [];
  let record: IncidentRecord | undefined;
  let nextDigest = 0;
  /** What the first run after the hour of the digest tells of what waits, unless it has been told at once meanwhile. */
  const endWaiting = (until: EpochSeconds, at: EpochSeconds): void => {
    nextDigest++;
    if (!record) return;
    const { incident } = record;
    const notifications = record.notifications.map((one): Notification => {
      if (one.at >= until || !isPending(one)) return one;
      const isTold = one.incident.id === incident.id && incident.severity !== 'digest';
      if (!isTold) digested.push({ at, keyArn, id: one.incident.id });
      return delivered(one, DIGEST);
    });
    record = { ...record, notifications };
  };
  /** The incident after one more bin. */
  const take = (observed: Observation): Incident | undefined => {
    const at = binEnd(observed.bin) + settleSeconds;
    const incident = decided(observed, at);
    const until = digestTimes[nextDigest];
    if (until !== undefined && at >= until) endWaiting(until, at);
    return incident;
  };
  const decided = (observed: Observation, at: EpochSeconds): Incident | undefined => {
    const { bin, state } = observed;
    if (record?.incident.status !== 'open' && state !== 'breaching') return record?.incident;
    const advanced = advance(keyArn, record?.incident, [observed], bin + 1);
    const { current } = advanced;
    record = planMessages(record, advanced, observed, EVERYBODY, false, at);
    if (!current || !record) return undefined;
    incidents.set(current.id, current);
    for (const notification of record.notifications) {
      const isNew =
        notification.at === at && notification.deliveries.some(({ receiver }) => receiver !== DIGEST);
      if (isNew) tellings.push({ keyArn, notification });
    }
    record = { ...record, notifications: record.notifications.map((one) => delivered(one, 'people')) };
    return current;
  };
  return { take, replayed: (): Replayed => ({ incidents: [...incidents.values()], tellings, digested }) };
}

/** Nothing fails in a backtest. */
const delivered = (notification: Notification, to: string): Notification => ({
  ...notification,
  deliveries: notification.deliveries.map((one) => (one.receiver === to ? { ...one, status: 'sent' } : one)),
});

/** One message for each digest. */
function digestsOf(waited: readonly Digested[]): BacktestMessage[] {
  const byTime = new Map<EpochSeconds, Digested[]>();
  for (const one of waited) byTime.set(one.at, [...(byTime.get(one.at) ?? []), one]);
  return [...byTime].map(([at, together]) => ({
    at,
    kind: 'digest',
    severity: 'digest',
    keyArns: [...new Set(together.map(({ keyArn }) => keyArn))],
    incidentIds: [...new Set(together.map(({ id }) => id))],
  }));
}

/** The hours of the digests from the first judged bin to the end, earliest first. */
function digestTimesOf({ endBin }: Recording, settings: BacktestSettings): EpochSeconds[] {
  const { fromBin, settleSeconds, timeZone = 'UTC' } = settings;
  const first = binEnd(fromBin) + settleSeconds;
  const times: EpochSeconds[] = [];
  let { at } = lastDailyReport(binStart(endBin) + settleSeconds, timeZone);
  for (; at >= first; { at } = lastDailyReport(at - 1, timeZone)) times.unshift(at);
  return times;
}

interface ReplaySettings extends BacktestSettings {
  readonly digestTimes: readonly EpochSeconds[];
}

const NO_USE = { startBin: 0, requests: new Float64Array(0) };

/** What is told at the same instant is coalesced as a receiver's messages are. */
function messagesOf(tellings: readonly Telling[]): BacktestMessage[] {
  const byTime = new Map<EpochSeconds, Telling[]>();
  for (const telling of tellings) {
    const { at } = telling.notification;
    const same = byTime.get(at);
    if (same) same.push(telling);
    else byTime.set(at, [telling]);
  }
  return [...byTime.keys()]
    .toSorted((a, b) => a - b)
    .flatMap((at) => coalesce(byTime.get(at) ?? [], true).map((together) => messageOf(at, together)));
}

const FORTNIGHT_DAYS = 14;

/** How often people are disturbed: messages that open or escalate something, by the louder of the two severities. */
export function disturbances(messages: readonly BacktestMessage[]): { notices: number; pages: number } {
  const disturbing = messages.filter(
    ({ kind }) => kind === 'opened' || kind === 'escalated' || kind === 'group',
  );
  const pages = disturbing.filter(({ severity }) => severity === 'page').length;
  return { notices: disturbing.length - pages, pages };
}

function forecastOf(messages: readonly BacktestMessage[], days: number): BacktestResult['forecast'] {
  const { notices, pages } = disturbances(messages);
  return {
    notices: forecast(notices, days, FORTNIGHT_DAYS),
    pages: forecast(pages, days, FORTNIGHT_DAYS),
  };
}

function messageOf(at: EpochSeconds, together: readonly Telling[]): BacktestMessage {
  const [first] = together;
  return {
    at,
    kind: together.length === 1 && first ? first.notification.reason : 'group',
    severity: together.map(({ notification }) => notification.severity).reduce(louder, 'digest'),
    keyArns: [...new Set(together.map(({ keyArn }) => keyArn))],
    incidentIds: [...new Set(together.map(({ notification }) => notification.incident.id))],
  };
}
