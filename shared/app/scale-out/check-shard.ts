import { partOf, type RegionPart } from '../../domain/incident/region-part.ts';
import type { RunReport } from '../../domain/run-report.ts';
import { shardOf } from '../../domain/usage/shard.ts';
import { type Backfilled, backfill, unlearnedSeries } from '../backfill.ts';
import { claim } from '../claim.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from '../detect-request.ts';
import { discover } from '../discover.ts';
import { enrich } from '../enrich.ts';
import type { SeriesWindow } from '../fetch-usage.ts';
import { type Judged, judgeKeys } from '../judge-keys.ts';
import { isUnread } from '../key-context.ts';
import { loadKnown } from '../load.ts';
import { planWindows } from '../plan-windows.ts';
import type { ShardStore } from '../ports.ts';
import { readInTime } from '../read-in-time.ts';
import { reportRun } from '../report-run.ts';
import { saveBaselines } from '../save-baselines.ts';
import { NO_LEASE_NEEDED as lease, shardPorts } from './shard-ports.ts';

/**
 * What back-filling may take of a check. Sixteen shards are checked four at a time, and all have to be told of before the
 * next check begins, five minutes later: the first day's histories are read over more checks instead.
 */
const BACKFILL_SECONDS = 30;

const TOLD_LATER = { left: 'told by the last step' } as const;

/**
 * Second step of a divided check, for one shard of the keys: the stages of `detect` but those that concern all keys
 * together. What it claims is told by the last step; what it found out is stored as the shard's part, before histories
 * are read, and again with how many were.
 */
export async function checkShard(
  all: DetectPorts,
  shards: ShardStore,
  settings: DetectSettings,
  shard: number,
  request: DetectRequest,
): Promise<RunReport> {
  const started = { at: all.clock.now(), metricsRequested: all.metrics.metricsRequested };
  const [listing, last] = await Promise.all([shards.loadListing(shard), shards.loadLastPart(shard)]);
  const ports = shardPorts(all, shard, listing ?? { at: request.asOf, metrics: [] }, last);
  const known = await loadKnown(ports, request);
  const discovered = await discover(ports, known, request, settings);
  // A ReEncrypt pair is listed here for one of its keys; the other one's series belongs to another shard.
  const series = discovered.series.filter(({ id }) => shardOf(id.keyArn) === shard);
  const found = { ...discovered, series };
  const wanted = planWindows(known, found, settings, request);
  const everything = { windows: wanted, left: [], cost: undefined };
  const { polls, usage } = await readInTime(ports, known, everything, settings, request, []);
  const judgedAll = judgeKeys(known, found, polls, usage, ports.receivers, settings, request);
  const judged = { ...judgedAll, regions: [] };
  const claimed = await claim(ports, known, judged, lease, request);
  await enrich(ports, claimed, judged, found, lease, { ...request, toldLater: true });
  const baselines = await saveBaselines(ports, judged, claimed, lease, request);
  const faults = { incidents: claimed.faults, baselines };
  const regions = partsOf(judged);
  const save = async (filled: Backfilled): Promise<RunReport> => {
    const stages = { known, found, polls, usage, judged, faults, delivery: TOLD_LATER, filled };
    const report = reportRun(ports, started, stages, request);
    await shards.savePart(shard, { report, regions });
    return report;
  };
  const remaining = unlearnedSeries(judged);
  const report = await save({ done: 0, remaining });
  if (remaining === 0) return report;
  return save(await backfill(ports, known, judged, claimed, lease, request, BACKFILL_SECONDS));
}

/** What the shard's keys contribute to the quotas of each account and Region. */
function partsOf({ watches, keys }: Judged): RegionPart[] {
  const unread = new Set(keys.filter(isUnread).map(({ keyArn }) => keyArn));
  return [...watches.values()].map(({ target, watch, windows }) =>
    partOf(target, watch, {
      ...viewOf(windows),
      seriesRead: windows.length,
      isUnread: windows.every(({ source }) => unread.has(source.id.keyArn)),
    }),
  );
}

function viewOf(windows: readonly SeriesWindow[]) {
  let endBin = 0;
  let inViewFrom: number | undefined;
  for (const window of windows) {
    endBin = Math.max(endBin, window.endBin);
    if (window.isKnown) inViewFrom = Math.max(inViewFrom ?? window.startBin, window.startBin);
  }
  return { endBin, inViewFrom };
}
