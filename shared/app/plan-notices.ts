import { factsOf } from '../domain/assess/key-facts.ts';
import { lastDailyReport, lastWeeklyReport } from '../domain/calendar.ts';
import type { Incident } from '../domain/incident/incident.ts';
import { placedLabel } from '../domain/incident/message.ts';
import { receiverTroubles } from '../domain/incident/receiver-trouble.ts';
import {
  type Bill,
  costliest,
  type NoticeFacts,
  noticeIncident,
  type ReceiverState,
  type WeeklyFacts,
} from '../domain/notice.ts';
import { SHARDS } from '../domain/usage/shard.ts';
import { DAY_SECONDS, type EpochSeconds, HOUR_SECONDS } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { digestFacts } from './digest.ts';
import type { NoticeRun } from './notices.ts';
import { windowsByKey } from './plan-windows.ts';
import { replayHistory } from './replay-history.ts';
import { mergeBills, weekBill } from './week-bill.ts';
import { incidentsSince } from './week-incidents.ts';

/** Ids of the notices that are made once in the life of a deployment. */
export const WELCOME = 'WELCOME';
export const FIRST_DAY = 'FIRST-DAY';

/** Id of the digest of a day. */
export const digestId = (day: string): string => `DIGEST#${day}`;

const WEEK_SECONDS = 7 * DAY_SECONDS;

/** Seconds before the deadline at which a report looks up no more closed incidents: saving is still to come. */
const LOOK_UP_MARGIN_SECONDS = 90;

/** What GetMetricData charges for each metric, in dollars. */
const USD_PER_METRIC = 0.01 / 1000;

/** The pace of the checks where no earlier one tells it, and its bounds. */
const USUAL_PACE_SECONDS = 300;
const FASTEST_PACE_SECONDS = 60;
const SLOWEST_PACE_SECONDS = HOUR_SECONDS;

/** A notice that is due. Whether it has been made before is known by its id. */
export interface DueNotice {
  readonly id: string;
  /** Whom it must not go to. */
  readonly without?: string;
  readonly facts: () => Promise<NoticeFacts | undefined>;
}

/** Everything that is due now, in the order in which it is told. */
export function dueNotices(
  ports: DetectPorts,
  run: NoticeRun,
  settings: DetectSettings,
  request: DetectRequest,
): DueNotice[] {
  const { asOf } = request;
  const { timeZone } = settings.origin;
  const day = lastDailyReport(asOf, timeZone);
  const week = lastWeeklyReport(asOf, timeZone);
  const welcomedAt = run.notices.get(WELCOME)?.notice.at;
  const due: DueNotice[] = [
    { id: WELCOME, facts: () => welcome(ports, run, settings) },
    { id: digestId(day.name), facts: () => digestFacts(ports, run, settings.origin, day.at) },
  ];
  if (isLearned(run, welcomedAt ?? asOf, asOf))
    due.push({ id: FIRST_DAY, facts: () => firstDay(ports, run, settings, request) });
  if (welcomedAt !== undefined && welcomedAt < week.at)
    due.push({ id: `WEEK#${week.name}`, facts: () => weekly(ports, run, settings, week.at, request) });
  for (const trouble of troublesOf(run, asOf)) {
    const { receiver } = trouble;
    due.push({
      id: `RECEIVER#${receiver}#${day.name}`,
      without: receiver,
      facts: () => Promise.resolve({ kind: 'deadReceiver', ...trouble }),
    });
  }
  return due;
}

function troublesOf({ delivered, notices }: NoticeRun, asOf: EpochSeconds) {
  const ofIncidents = [...delivered.records.values()].flatMap(({ record }) => record.notifications);
  return receiverTroubles([...ofIncidents, ...[...notices.values()].map(({ notice }) => notice)], asOf);
}

/** Series whose history is still to be learned. */
const unlearned = ({ judged, totals }: NoticeRun): number =>
  totals?.unlearned ?? judged.keys.reduce((sum, key) => sum + key.unlearned.length, 0);

const seriesOf = ({ watched, totals }: NoticeRun): number => totals?.series ?? watched.length;

/** Whether the first back-fill is done. Where new keys never stop to appear, a day after the first check is enough. */
const isLearned = (run: NoticeRun, welcomedAt: EpochSeconds, asOf: EpochSeconds): boolean =>
  (run.known.baselines.size > 0 || (run.totals?.series ?? 0) > 0) &&
  (unlearned(run) === 0 || asOf >= welcomedAt + DAY_SECONDS);

async function welcome(
  { receivers }: DetectPorts,
  run: NoticeRun,
  { policy }: DetectSettings,
): Promise<NoticeFacts> {
  const states = receivers.map(async (receiver): Promise<ReceiverState> => {
    const subscriptions = await receiver.subscriptions?.();
    return typeof subscriptions === 'object'
      ? { name: receiver.name, confirmed: subscriptions.confirmed, unconfirmed: subscriptions.pending }
      : { name: receiver.name };
  });
  return {
    kind: 'welcome',
    keys: run.totals?.keys ?? windowsByKey(run.watched).size,
    series: seriesOf(run),
    unlearned: unlearned(run),
    receivers: await Promise.all(states),
    pageUsdPerHour: policy.defaults.pageUsdPerHour,
    noticeUsdPerHour: policy.defaults.noticeUsdPerHour,
  };
}

async function firstDay(
  ports: DetectPorts,
  run: NoticeRun,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<NoticeFacts> {
  const history = await replayHistory(ports, run, settings, request);
  return {
    kind: 'firstDay',
    series: seriesOf(run),
    bill: await billOf(ports, run, settings, request.asOf),
    ...(history ? { history } : {}),
  };
}

/** Shard by shard where the run holds no baselines: all at once might not fit into its memory. */
async function billOf(
  { baselines }: DetectPorts,
  { known, directory, totals }: NoticeRun,
  { origin }: DetectSettings,
  asOf: EpochSeconds,
): Promise<Bill> {
  if (!totals) return weekBill(known.baselines.values(), directory, origin, asOf);
  const bills: Bill[] = [];
  for (let shard = 0; shard < SHARDS; shard++)
    bills.push(weekBill(await baselines.loadAll(shard), directory, origin, asOf));
  return mergeBills(bills);
}

async function weekly(
  ports: DetectPorts,
  run: NoticeRun,
  settings: DetectSettings,
  until: EpochSeconds,
  { asOf, deadline }: DetectRequest,
): Promise<WeeklyFacts> {
  const from = until - WEEK_SECONDS;
  const { records } = run.delivered;
  const keys = (run.totals ? run.directory.keys : run.known.baselines).keys();
  const subjects = [...keys, ...run.judged.regions.map(({ keyArn }) => keyArn)];
  const stopAt = deadline - LOOK_UP_MARGIN_SECONDS;
  const { incidents, unread } = await incidentsSince(ports, records, subjects, from, stopAt);
  const named = (one: Incident) =>
    noticeIncident(one, placedLabel(factsOf(run.directory, one.keyArn), settings.origin));
  const count = (is: (one: Incident) => boolean) => incidents.filter(is).length;
  const metricsAWeek = await metricsOfAWeek(ports, run, asOf);
  return {
    kind: 'weekly',
    from,
    until,
    bill: await billOf(ports, run, settings, asOf),
    ...costliest(incidents.map(named)),
    pages: count(({ severity }) => severity === 'page'),
    notices: count(({ severity }) => severity === 'notice'),
    open: count(({ status }) => status === 'open'),
    standing: count(({ status, standingBin }) => status === 'open' && standingBin !== undefined),
    unread,
    metricsAWeek,
    watchingUsd: metricsAWeek * USD_PER_METRIC,
  };
}

/** What checks like this one ask for in a week, at the pace of the last two. */
async function metricsOfAWeek({ runs }: DetectPorts, run: NoticeRun, asOf: EpochSeconds): Promise<number> {
  const last = await runs.lastReport();
  const pace = last ? asOf - Date.parse(last.asOf) / 1000 : USUAL_PACE_SECONDS;
  const seconds = Math.min(SLOWEST_PACE_SECONDS, Math.max(FASTEST_PACE_SECONDS, pace));
  return Math.round((run.metricsRequested * WEEK_SECONDS) / seconds);
}
