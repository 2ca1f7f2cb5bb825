import type { QuotaGroup } from '../../domain/assess/quota.ts';
import { groupBy } from '../../domain/group-by.ts';
import { type RegionPart, watchParts } from '../../domain/incident/region-part.ts';
import type { RegionWatch } from '../../domain/incident/region-quota.ts';
import type { RunReport } from '../../domain/run-report.ts';
import { valuesIn } from '../../domain/usage/gaps.ts';
import { type KeyArn, regionSubject, type Target, targetName } from '../../domain/usage/key.ts';
import { SHARDS } from '../../domain/usage/shard.ts';
import { BIN_SECONDS, type EpochSeconds, isoTime } from '../../domain/usage/time.ts';
import { claim } from '../claim.ts';
import { deliver } from '../deliver.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from '../detect-request.ts';
import type { SeriesWindow } from '../fetch-usage.ts';
import { callCountsWanted, type JudgedRegion, judgeRegion } from '../judge-region.ts';
import { type Known, loadKnown } from '../load.ts';
import { sendNotices } from '../notices.ts';
import type { ShardPart, ShardStore } from '../ports.ts';
import { reportIncident } from '../report-run.ts';
import { takeLease } from '../take-lease.ts';
import { quotasOfTarget } from '../target-quotas.ts';
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
  const { parts, missing } = await loadParts(shards, request);
  const known = await loadKnown({ ...ports, baselines: NO_BASELINES }, request);
  const unchecked = missing.flatMap(({ last }) => last?.regions ?? []);
  const regions = await judgeRegions(ports, known, parts, unchecked, settings, request);
  const unresolved = unresolvedIn(parts);
  const judged = { keys: [], regions, watches: new Map(), unresolved };
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
      missing.map(({ shard, last }) => ({ shard, last: last?.report })),
    );
    const report: RunReport = {
      ...merged,
      runId: request.runId,
      asOf: isoTime(request.asOf),
      ...timesOf(parts, started.at, ports.clock.now()),
      incidents: [...merged.incidents, ...regions.flatMap(reportIncident)],
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

/** The parts of this check, and of the shards that have none the last one known. */
async function loadParts(shards: ShardStore, { asOf }: DetectRequest) {
  const numbers = Array.from({ length: SHARDS }, (_, shard) => shard);
  const own = await Promise.all(numbers.map((shard) => shards.loadPart(shard, asOf)));
  const without = numbers.filter((shard) => own[shard] === undefined);
  const missing = await Promise.all(
    without.map(async (shard) => ({ shard, last: await shards.loadLastPart(shard) })),
  );
  return { parts: own.flatMap((part) => part ?? []), missing };
}

/** The quotas of every account and Region, judged over its parts. */
async function judgeRegions(
  ports: DetectPorts,
  known: Known,
  parts: readonly ShardPart[],
  unchecked: readonly RegionPart[],
  settings: DetectSettings,
  request: DetectRequest,
): Promise<JudgedRegion[]> {
  const byTarget = groupBy(
    parts.flatMap(({ regions }) => regions),
    ({ target }) => targetName(target),
  );
  const judged = [...byTarget].map(async ([name, own]): Promise<JudgedRegion[]> => {
    const [first] = own;
    if (!first) return [];
    const missing = unchecked.filter(({ target }) => targetName(target) === name);
    const uncheckedSeries = missing.reduce((sum, { seriesRead }) => sum + seriesRead, 0);
    const windows = own.map(windowOf);
    const watch = await watchTarget(
      ports,
      known,
      first.target,
      own,
      windows,
      uncheckedSeries,
      settings,
      request,
    );
    const isUnread = own.every((part) => part.isUnread);
    const region = judgeRegion(watch, known, windows, isUnread, ports.receivers, settings.policy, request);
    return region ? [region] : [];
  });
  return (await Promise.all(judged)).flat();
}

/** The bins of a part as a window of its own, which is all that judging quotas asks of windows. */
const windowOf = ({ target, startBin, endBin, inViewFrom }: RegionPart): SeriesWindow => ({
  source: { id: { keyArn: subjectOf(target), operation: '' }, metrics: [] },
  startBin: inViewFrom ?? startBin,
  endBin,
  isKnown: inViewFrom !== undefined,
});

const subjectOf = ({ region, account }: Target): KeyArn => regionSubject(region, account);

/** An account and Region as all parts saw it, with what AWS itself counts: three metrics, best effort. */
async function watchTarget(
  { metrics: source }: Pick<DetectPorts, 'metrics'>,
  { directory }: Known,
  target: Target,
  parts: readonly RegionPart[],
  windows: readonly SeriesWindow[],
  uncheckedSeries: number,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<RegionWatch> {
  const startBin = parts.reduce((first, part) => Math.min(first, part.startBin), Number.POSITIVE_INFINITY);
  const targets = new Map([[subjectOf(target), target]]);
  const counted = new Map<QuotaGroup, Float64Array>();
  for (const { counts, ...window } of callCountsWanted(windows, targets, settings.origin.region, request)) {
    const { endBin } = window;
    const metrics = counts.map(({ metric }) => metric);
    const from = Math.max(startBin, window.startBin);
    const outcomes = await source.fetch({ metrics, startBin: from, endBin, periodSeconds: BIN_SECONDS });
    for (const [i, { group }] of counts.entries()) {
      const outcome = outcomes[i];
      if (outcome?.kind === 'values') counted.set(group, valuesIn([outcome.values], startBin, endBin));
    }
  }
  return watchParts(target, parts, quotasOfTarget(target, directory, settings), counted, uncheckedSeries);
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
