import { factsOf } from '../domain/assess/key-facts.ts';
import type { Incident } from '../domain/incident/incident.ts';
import { reasonOf } from '../domain/incident/notification.ts';
import {
  countIn,
  type DeliveryReport,
  type ReportedIncident,
  type RunReport,
  reportMute,
} from '../domain/run-report.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import { binEnd, binStart, type EpochSeconds, isoTime } from '../domain/usage/time.ts';
import type { Backfilled } from './backfill.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Discovered } from './discover.ts';
import type { FetchedUsage } from './fetch-usage.ts';
import type { Judged, JudgedKey, KeyVerdict } from './judge-keys.ts';
import type { Known } from './load.ts';
import type { Polls } from './plan-polls.ts';
import type { StoreFaults } from './store-fault.ts';

/** What the stages before came to. */
export interface Stages {
  readonly known: Known;
  readonly found: Discovered;
  readonly polls: Polls;
  readonly usage: FetchedUsage;
  readonly judged: Judged;
  readonly faults: StoreFaults;
  readonly delivery: DeliveryReport;
  readonly filled: Backfilled;
}

/** Stage 14: what the run did, with counts that add up to the keys known. */
export function reportRun(
  ports: Pick<DetectPorts, 'clock' | 'metrics'>,
  started: { readonly at: EpochSeconds; readonly metricsRequested: number },
  {
    known: { mutes, unreadableCommands, lastReport },
    found,
    polls: { left, outOfTime = [], resumeAt, cost },
    usage,
    judged,
    faults,
    delivery,
    filled,
  }: Stages,
  request: DetectRequest,
): RunReport {
  const now = ports.clock.now();
  const counts = { normal: 0, breaching: 0, excluded: 0 };
  const insufficientData = {};
  const notChecked = {};
  for (const { keyArn, facts, verdict: judgement } of judged.keys) {
    const name = facts.aliases[0] ?? keyArn;
    const verdict = storeVerdict(keyArn, faults) ?? judgement;
    if (verdict.kind === 'insufficientData') countIn(insufficientData, verdict.reason, name);
    else if (verdict.kind === 'notChecked') countIn(notChecked, verdict.reason, `${name}: ${verdict.detail}`);
    else counts[verdict.kind]++;
  }
  const notDue = new Set(left.map(({ source }) => source.id.keyArn)).size;
  const unread = new Set(outOfTime.map(({ source }) => source.id.keyArn));
  for (const keyArn of unread)
    countIn(notChecked, 'outOfTime', factsOf(found.directory, keyArn).aliases[0] ?? keyArn);
  const metricsRequested = ports.metrics.metricsRequested - started.metricsRequested;
  return {
    runId: request.runId,
    asOf: isoTime(request.asOf),
    startedAt: isoTime(started.at),
    seconds: Math.round((now - started.at) * 1000) / 1000,
    keys: judged.keys.length + notDue + unread.size,
    series: found.series.length,
    ...counts,
    ...(notDue > 0 ? { notDue } : {}),
    insufficientData,
    notChecked,
    incidents: [...judged.keys, ...judged.regions].flatMap(reportIncident),
    delivery,
    unresolved: judged.unresolved,
    ...(mutes.length > 0 ? { mutes: mutes.map(reportMute) } : {}),
    ...(unreadableCommands.length > 0 ? { unreadableCommands } : {}),
    backfill: filled,
    stale: found.stale,
    ...(usage.newestBin === undefined
      ? {}
      : { newestDatapointAgeSeconds: Math.max(0, Math.round(request.asOf - binEnd(usage.newestBin))) }),
    metricsRequested,
    ...(cost
      ? {
          ownCost: {
            ...cost,
            metricsThisMonth: cost.metricsThisMonth + metricsRequested,
            // What was left for lack of time stays due.
            ...(unread.size > 0 ? { sweptAt: lastReport?.ownCost?.sweptAt ?? cost.sweptAt } : {}),
          },
        }
      : {}),
    ...nextTurnOf(resumeAt, lastReport, request),
  };
}

/** Where the next run begins. A check of some keys only knows nothing of that and hands on what was known. */
function nextTurnOf(
  resumeAt: KeyArn | undefined,
  lastReport: RunReport | undefined,
  { keys, operations }: DetectRequest,
): Pick<RunReport, 'resumeAt'> {
  const next = keys || operations ? lastReport?.resumeAt : resumeAt;
  return next === undefined ? {} : { resumeAt: next };
}

/** A key whose item could not be written is not checked: what was found out about it is lost with this run. */
function storeVerdict(
  keyArn: KeyArn,
  { incidents, baselines }: StoreFaults,
): Extract<KeyVerdict, { kind: 'notChecked' }> | undefined {
  const incident = incidents.get(keyArn);
  if (incident !== undefined) return { kind: 'notChecked', reason: 'incidentNotStored', detail: incident };
  const baseline = baselines.get(keyArn);
  if (baseline !== undefined) return { kind: 'notChecked', reason: 'baselineNotStored', detail: baseline };
  return undefined;
}

/** The incident of a key, or of the Region, as a report names it; none if there is none. */
export function reportIncident({
  facts,
  advance: { current, transitions },
}: Pick<JudgedKey, 'facts' | 'advance'>): ReportedIncident[] {
  const last = transitions.at(-1);
  if (!current || (current.status === 'resolved' && !last)) return [];
  return [
    {
      ...identity(current),
      ...(facts.aliases[0] ? { alias: facts.aliases[0] } : {}),
      usdPerHour: last?.event.facts.usdPerHour ?? current.tally.peakUsdPerHour,
      excessUsd: current.tally.excessUsd,
      ratio: current.tally.peakRatio,
      ...(current.ackedBy === undefined ? {} : { ackedBy: current.ackedBy }),
      ...(last ? { event: reasonOf(last.event) } : {}),
      reason: last?.event.facts.operations[0]?.reason ?? otherReason(last),
    },
  ];
}

function identity(incident: Incident) {
  const { id, keyArn, operations, status, severity, openedBin, endedBin } = incident;
  const openedAt = isoTime(binStart(openedBin));
  return {
    id,
    keyArn,
    operations,
    status,
    severity,
    openedAt,
    ...(endedBin === undefined ? {} : { resolvedAt: isoTime(binStart(endedBin)) }),
  };
}

function otherReason(last: JudgedKey['advance']['transitions'][number] | undefined): string {
  const { region, regionQuotaShare = 0, thresholds: limits = [] } = last?.event.facts ?? {};
  if (region)
    return `all keys together at ${Math.round(100 * regionQuotaShare)} % of the Region's request quota`;
  return limits.length > 0 ? `over the fixed limit ${limits.map(({ name }) => name).join(', ')}` : '';
}
