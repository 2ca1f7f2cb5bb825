import type { KeyDirectory } from '../domain/assess/key-facts.ts';
import { lastDailyReport } from '../domain/calendar.ts';
import { attempted, deliveriesTo, hasEnded, isPending } from '../domain/incident/delivery.ts';
import type { Notice } from '../domain/notice.ts';
import type { DeliveryReport } from '../domain/run-report.ts';
import { DAY_SECONDS, type EpochSeconds } from '../domain/usage/time.ts';
import { noticeAudience } from './audiences.ts';
import { type Delivered, STOP_BEFORE_DEADLINE_SECONDS } from './deliver.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { endWaiting } from './digest.ts';
import type { SeriesWindow } from './fetch-usage.ts';
import type { Judged } from './judge-keys.ts';
import type { Known } from './load.ts';
import { digestId, dueNotices, FIRST_DAY, WELCOME } from './plan-notices.ts';
import type { VersionedNotice } from './ports.ts';
import type { Lease } from './take-lease.ts';

/** Days a notice is kept after it was made: longer than its day or week lasts, so that it is not made again. */
const KEPT_DAYS = 10;

/** How much a check in parts looked at. */
export interface RunTotals {
  readonly keys: number;
  readonly series: number;
  /** Series whose history is still to be learned. */
  readonly unlearned: number;
}

/** What a run knows when it comes to messages without an incident. */
export interface NoticeRun {
  readonly known: Known;
  /** Every series that is watched, those that this run has left for a later one, too. */
  readonly watched: readonly SeriesWindow[];
  readonly judged: Judged;
  readonly directory: KeyDirectory;
  readonly delivered: Delivered;
  /** Metrics that this run has asked for. */
  readonly metricsRequested: number;
  /** Where the keys were checked in parts, of which `judged` and `known` hold none: what they come to. */
  readonly totals?: RunTotals;
  /** Every notice as stored now, by id. */
  readonly notices: Map<string, VersionedNotice>;
}

type Sent = Exclude<DeliveryReport, { readonly left: string }>;

/**
 * Stage 11b: messages without an incident. A scheduled run makes those that are due, each once by its id; every run
 * sends what is pending. A fault here is reported and costs no incident and no baseline: the next run tries again.
 */
export async function sendNotices(
  ports: DetectPorts,
  run: Omit<NoticeRun, 'notices'>,
  settings: DetectSettings,
  lease: Lease,
  request: DetectRequest,
): Promise<DeliveryReport> {
  const { report } = run.delivered;
  if (!lease.held || 'left' in report) return report;
  try {
    const stored = await ports.notices.load();
    const notices = new Map(stored.map((one) => [one.notice.id, one]));
    if (request.scheduled) await planNotices(ports, { ...run, notices }, settings, request);
    return await sendPending(ports, notices, settings, request, report);
  } catch (error) {
    ports.log.error('reports and digests could not be made or sent; the next run tries again', { error });
    const reason = error instanceof Error ? error.message : String(error);
    return { ...report, failures: [...report.failures, { receiver: 'notices', reason }] };
  }
}

async function planNotices(
  ports: DetectPorts,
  run: NoticeRun,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<void> {
  const { asOf } = request;
  const hearing = noticeAudience(ports.receivers, settings.policy);
  for (const { id, without, facts } of dueNotices(ports, run, settings, request)) {
    const audience = hearing.filter((receiver) => receiver !== without);
    if (run.notices.has(id) || audience.length === 0) continue;
    const told = await facts();
    if (!told) continue;
    const notice: Notice = { id, at: asOf, facts: told, deliveries: deliveriesTo(audience, asOf) };
    if ((await ports.notices.put(notice, 0, keptUntil(notice))) === 'written')
      run.notices.set(id, { notice, version: 1 });
  }
  const day = lastDailyReport(asOf, settings.origin.timeZone);
  const digest = { id: digestId(day.name), until: day.at, isHeard: hearing.length > 0 };
  await endWaiting(ports, run, digest, request);
}

/** What is made once in the life of a deployment is kept for ever, or it would be made again. */
const keptUntil = ({ id, at }: Notice): EpochSeconds | undefined =>
  id === WELCOME || id === FIRST_DAY ? undefined : at + KEPT_DAYS * DAY_SECONDS;

async function sendPending(
  ports: DetectPorts,
  notices: Map<string, VersionedNotice>,
  { origin }: DetectSettings,
  { asOf, deadline }: DetectRequest,
  report: Sent,
): Promise<DeliveryReport> {
  const failures = [...report.failures];
  let { sent } = report;
  for (const receiver of ports.receivers) {
    for (const [id, { notice, version }] of notices) {
      if (ports.clock.now() >= deadline - STOP_BEFORE_DEADLINE_SECONDS) break;
      const isDue = notice.deliveries.some(
        (one) => one.receiver === receiver.name && !hasEnded(one) && one.nextAttemptAt <= asOf,
      );
      if (!isDue) continue;
      const { deliveries: _, ...told } = notice;
      const outcome = await receiver.send({ kind: 'notice', origin, notice: told });
      if (outcome.kind === 'sent') sent++;
      else failures.push({ receiver: receiver.name, reason: outcome.reason });
      const next = attempted(notice, receiver.name, outcome, asOf);
      if ((await ports.notices.put(next, version, keptUntil(next))) === 'written')
        notices.set(id, { notice: next, version: version + 1 });
      else ports.log.error('a delivery could not be recorded; this message may be repeated', { notice: id });
    }
  }
  const waiting = [...notices.values()].flatMap(({ notice }) => (isPending(notice) ? notice.deliveries : []));
  const count = (status: string) => waiting.filter((one) => one.status === status).length;
  return {
    ...report,
    sent,
    pending: report.pending + count('pending'),
    noAudience: report.noAudience + count('noAudience'),
    failures,
  };
}
