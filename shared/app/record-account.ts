import type { KeyDirectory } from '../domain/assess/key-facts.ts';
import { seriesName } from '../domain/usage/key.ts';
import { type MetricWindow, planBatches } from '../domain/usage/query-plan.ts';
import { isUnknown } from '../domain/usage/series.ts';
import { BINS_PER_DAY, type EpochSeconds, KEPT_DAYS, settledEnd } from '../domain/usage/time.ts';
import type { DetectPorts } from './detect-request.ts';
import { discover } from './discover.ts';
import { fetchUsage, type SeriesWindow } from './fetch-usage.ts';
import { loadKnown } from './load.ts';
import type { Recording } from './recording.ts';

/** What an account's CloudWatch remembers of its keys. */
export interface RecordedAccount {
  readonly recording: Recording;
  readonly directory: KeyDirectory;
  /** Series that could not be read, and why. */
  readonly unread: readonly { readonly series: string; readonly detail: string }[];
}

/** What reading will ask for. */
export interface ReadingPlan {
  readonly series: number;
  /** Metrics requested, each page counted: GetMetricData bills $0.01 per 1,000. */
  readonly metrics: number;
}

/**
 * Reads nine weeks of 5-minute use of every key from CloudWatch: reads only, and writes nothing anywhere.
 * `onPlan` hears what it will ask for before it does.
 */
export async function recordAccount(
  ports: DetectPorts,
  asOf: EpochSeconds,
  settleSeconds: number,
  onPlan: (plan: ReadingPlan) => void,
): Promise<RecordedAccount> {
  const request = {
    runId: 'record',
    asOf,
    deadline: Number.POSITIVE_INFINITY,
    replay: true,
    lookbackSeconds: 0,
    notify: false,
  };
  const found = await discover(ports, await loadKnown(ports, request), request);
  const endBin = settledEnd(asOf, settleSeconds);
  const startBin = endBin - KEPT_DAYS * BINS_PER_DAY;
  const windows = found.series.map((source): SeriesWindow => ({ source, startBin, endBin, isKnown: false }));
  onPlan({ series: windows.length, metrics: metricsOf(windows) });
  const usage = await fetchUsage(ports.metrics, windows);
  const read = [...usage.series.values()];
  const series = read.flatMap(({ id, usage: use, fault }) =>
    fault || use.requests.length === 0 ? [] : [{ id, usage: use }],
  );
  return {
    recording: {
      series,
      startBin: Math.min(endBin, ...series.map((one) => one.usage.startBin)),
      endBin,
      rows: series.reduce(
        (sum, one) => sum + one.usage.requests.filter((requests) => !isUnknown(requests)).length,
        0,
      ),
    },
    directory: found.directory,
    unread: read.flatMap(({ id, fault, detail }) =>
      fault ? [{ series: seriesName(id), detail: detail ?? fault }] : [],
    ),
  };
}

function metricsOf(windows: readonly SeriesWindow[]): number {
  const wanted = windows.flatMap(({ source, startBin, endBin }) =>
    source.metrics.map((metric): MetricWindow => ({ metric, startBin, endBin })),
  );
  return planBatches(wanted).reduce((sum, { metrics }) => sum + metrics.length, 0);
}
