import { type Counted, MAX_EXAMPLES, type RunReport } from '../../domain/run-report.ts';

/** A shard that this check says nothing of, and what was last known of it. */
export interface MissingShard {
  readonly shard: number;
  readonly last: RunReport | undefined;
}

/**
 * The reports of all shards as one, with counts that add up. The keys of a missing shard count as `shardNotChecked`, as
 * many as there were when it was last checked, and as one where that is not known.
 */
export function mergeReports(
  reports: readonly RunReport[],
  missing: readonly MissingShard[],
): Omit<RunReport, 'runId' | 'asOf' | 'startedAt' | 'seconds' | 'delivery'> {
  const sum = (figure: (report: RunReport) => number): number =>
    reports.reduce((total, report) => total + figure(report), 0);
  const lost = missing.map(({ shard, last }) => ({
    shard,
    keys: last?.keys ?? 1,
    series: last?.series ?? 0,
  }));
  const lostKeys = lost.reduce((total, { keys }) => total + keys, 0);
  const notChecked = mergeCounts(reports.map((report) => report.notChecked));
  const ages = reports.flatMap(({ newestDatapointAgeSeconds: age }) => (age === undefined ? [] : [age]));
  return {
    keys: sum(({ keys }) => keys) + lostKeys,
    series: sum(({ series }) => series) + lost.reduce((total, { series }) => total + series, 0),
    normal: sum(({ normal }) => normal),
    breaching: sum(({ breaching }) => breaching),
    excluded: sum(({ excluded }) => excluded),
    insufficientData: mergeCounts(reports.map((report) => report.insufficientData)),
    notChecked:
      lostKeys === 0
        ? notChecked
        : {
            ...notChecked,
            shardNotChecked: {
              count: lostKeys,
              examples: lost.map(({ shard, keys }) => `shard ${shard}: ${keys} keys`),
            },
          },
    incidents: reports.flatMap(({ incidents }) => incidents),
    unresolved: [],
    backfill: {
      done: sum(({ backfill }) => backfill.done),
      remaining: sum(({ backfill }) => backfill.remaining),
    },
    stale: [...new Set(reports.flatMap(({ stale }) => stale))],
    ...(ages.length > 0 ? { newestDatapointAgeSeconds: Math.min(...ages) } : {}),
    metricsRequested: sum(({ metricsRequested }) => metricsRequested),
  };
}

function mergeCounts(all: readonly Readonly<Record<string, Counted>>[]): Record<string, Counted> {
  const merged: Record<string, Counted> = {};
  for (const [reason, { count, examples }] of all.flatMap((counts) => Object.entries(counts))) {
    const before = merged[reason] ?? { count: 0, examples: [] };
    merged[reason] = {
      count: before.count + count,
      examples: [...before.examples, ...examples].slice(0, MAX_EXAMPLES),
    };
  }
  return merged;
}
