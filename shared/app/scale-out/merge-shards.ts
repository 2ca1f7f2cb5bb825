import { quotasOf } from '../../domain/assess/quota.ts';
import { type RegionPart, watchParts } from '../../domain/incident/region-part.ts';
import type { RegionWatch } from '../../domain/incident/region-quota.ts';
import type { RunReport } from '../../domain/run-report.ts';
import { valuesIn } from '../../domain/usage/gaps.ts';
import { regionSubject } from '../../domain/usage/key.ts';
import { SHARDS } from '../../domain/usage/shard.ts';
import { BIN_SECONDS, type EpochSeconds, isoTime } from '../../domain/usage/time.ts';
import { claim } from '../claim.ts';
import { deliver } from '../deliver.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from '../detect-request.ts';
import { CALL_COUNT_METRICS, type SeriesWindow } from '../fetch-usage.ts';
import { callCountFrom, judgeRegion } from '../judge-region.ts';
import { type Known, loadKnown } from '../load.ts';
import { sendNotices } from '../notices.ts';
import type { ShardPart, ShardStore } from '../ports.ts';
import { reportIncident } from '../report-run.ts';
import { takeLease } from '../take-lease.ts';
import { mergeReports } from './merge-reports.ts';
import { NO_BASELINES } from './shard-ports.ts';

/**
 * Last step of a divided check: what concerns all keys together. The Region's quota is judged over the parts, and
 * everything that is pending is told: grouped, within the alert budget, digests and reports included. A shard without
 * a part of this check is reported as not checked.
 */
export async function mergeShards(
  ports: DetectPorts,
  shards: ShardStore,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<RunReport> {
  const started = { at: ports.clock.now(), metricsRequested: ports.metrics.metricsRequested };
  const stored = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => shards.loadPart(shard)));
  const isOfThisCheck = (part: ShardPart | undefined) => part?.report.asOf === isoTime(request.asOf);
  const parts = stored.flatMap((part) => (part && isOfThisCheck(part) ? [part] : []));
  const missing = stored.flatMap((part, shard) =>
    isOfThisCheck(part) ? [] : [{ shard, last: part?.report }],
  );
  const known = await loadKnown({ ...ports, baselines: NO_BASELINES }, request);
  const uncheckedSeries = missing.reduce((sum, { last }) => sum + (last?.series ?? 0), 0);
  const seen = parts.map(({ region }) => region).filter(({ endBin }) => endBin > 0);
  const windows = seen.map((part) => windowOf(part, settings));
  const watch = await watchAll(ports, known, seen, windows, uncheckedSeries, settings, request);
  const isUnread = seen.every((part) => part.isUnread);
  const { receivers } = ports;
  const region = judgeRegion(watch, known, windows, isUnread, receivers, settings.policy, request);
  const unresolved = unresolvedIn(parts);
  const judged = { keys: [], region, watch, unresolved };
  const lease = await takeLease(ports, request);
  try {
    const { directory } = known;
    const claimed = await claim(ports, known, judged, lease, request);
    const delivered = await deliver(ports, known, claimed, directory, settings, lease, request);
    const own = ports.metrics.metricsRequested - started.metricsRequested;
    const totals = totalsOf(parts);
    const metricsRequested = own + totals.metricsRequested;
    const run = { known, watched: [], judged, directory, delivered, metricsRequested, totals };
    const delivery = await sendNotices(ports, run, settings, lease, request);
    const merged = mergeReports(
      parts.map(({ report }) => report),
      missing,
    );
    const report: RunReport = {
      ...merged,
      runId: request.runId,
      asOf: isoTime(request.asOf),
      ...timesOf(parts, started.at, ports.clock.now()),
      incidents: [...merged.incidents, ...(region ? reportIncident(region) : [])],
      delivery,
      unresolved,
      metricsRequested: ports.metrics.metricsRequested - started.metricsRequested + totals.metricsRequested,
    };
    if (lease.held) await ports.runs.saveReport(report);
    return report;
  } finally {
    await lease.release();
  }
}

/** The bins of a part as a window of its own, which is all that judging the Region asks of windows. */
const windowOf = (
  { startBin, endBin, inViewFrom }: RegionPart,
  { origin }: DetectSettings,
): SeriesWindow => ({
  source: { id: { keyArn: regionSubject(origin.region), operation: '' }, metrics: [] },
  startBin: inViewFrom ?? startBin,
  endBin,
  isKnown: inViewFrom !== undefined,
});

/** The Region as all parts saw it, with what AWS itself counts: three metrics, best effort. */
async function watchAll(
  { metrics: source }: Pick<DetectPorts, 'metrics'>,
  { directory }: Known,
  parts: readonly RegionPart[],
  windows: readonly SeriesWindow[],
  uncheckedSeries: number,
  { origin, quota }: DetectSettings,
  request: DetectRequest,
): Promise<RegionWatch> {
  const firstRead = parts.reduce((first, part) => Math.min(first, part.startBin), Number.POSITIVE_INFINITY);
  const endBin = parts.reduce((last, part) => Math.max(last, part.endBin), 0);
  const startBin = Math.max(firstRead, callCountFrom(windows, request));
  const metrics = CALL_COUNT_METRICS.map(({ metric }) => metric);
  const outcomes =
    parts.length === 0 ? [] : await source.fetch({ metrics, startBin, endBin, periodSeconds: BIN_SECONDS });
  const counted = CALL_COUNT_METRICS.flatMap(({ group }, i) => {
    const outcome = outcomes[i];
    return outcome?.kind === 'values'
      ? [[group, valuesIn([outcome.values], firstRead, endBin)] as const]
      : [];
  });
  const quotas = quotasOf(directory.quotas, quota);
  return watchParts(origin.region, parts, quotas, new Map(counted), uncheckedSeries);
}

/** A pattern names no known key if none of the shards knows one. */
function unresolvedIn(parts: readonly ShardPart[]): string[] {
  const [first, ...others] = parts.map(({ report }) => report.unresolved);
  return (first ?? []).filter((pattern) => others.every((unresolved) => unresolved.includes(pattern)));
}

function totalsOf(parts: readonly ShardPart[]) {
  const totals = { keys: 0, series: 0, unlearned: 0, metricsRequested: 0 };
  for (const { report } of parts) {
    totals.keys += report.keys;
    totals.series += report.series;
    totals.unlearned += report.backfill.remaining;
    totals.metricsRequested += report.metricsRequested;
  }
  return totals;
}

/** From when the first shard began until now. */
function timesOf(parts: readonly ShardPart[], startedAt: EpochSeconds, now: EpochSeconds) {
  const first = parts.reduce(
    (earliest, { report }) => Math.min(earliest, Date.parse(report.startedAt) / 1000),
    startedAt,
  );
  return { startedAt: isoTime(first), seconds: Math.round((now - first) * 1000) / 1000 };
}
