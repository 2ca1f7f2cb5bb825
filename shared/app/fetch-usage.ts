import { CALL_COUNT_RESOURCES, QUOTA_GROUPS, type QuotaGroup } from '../domain/assess/quota.ts';
import { fillGaps, type MetricValues } from '../domain/usage/gaps.ts';
import { type SeriesId, seriesName, type Target, targetName } from '../domain/usage/key.ts';
import { type Metric, metricName, type SeriesSource } from '../domain/usage/metric.ts';
import { type MetricWindow, planBatches } from '../domain/usage/query-plan.ts';
import { isUnknown, type UsageSeries } from '../domain/usage/series.ts';
import { BIN_SECONDS, type Bin } from '../domain/usage/time.ts';
import type { MetricFault, MetricSource } from './ports.ts';

/** A series and the bins wanted of it: [startBin, endBin). */
export interface SeriesWindow {
  readonly source: SeriesSource;
  readonly startBin: Bin;
  readonly endBin: Bin;
  /** A series that is known already exists in the whole window; a new one only from its first datapoint on. */
  readonly isKnown: boolean;
  /** Where a series that is known begins, if that is within the window: nothing is known of the time before. */
  readonly bornBin?: Bin;
}

/** What was read of one series. */
export interface FetchedSeries {
  readonly id: SeriesId;
  /** Starts at the first datapoint if that is the series' birth. Unknown throughout if `fault` is set. */
  readonly usage: UsageSeries;
  readonly fault?: MetricFault;
  readonly detail?: string;
}

/** Requests per series, and how fresh they are. */
export interface FetchedUsage {
  readonly series: ReadonlyMap<string, FetchedSeries>;
  /** Newest bin with a datapoint, of any metric. */
  readonly newestBin: Bin | undefined;
  /** What AWS counts against the quotas, by `targetName`, as far as it was asked for and answered. */
  readonly callCounts: ReadonlyMap<string, ReadonlyMap<QuotaGroup, readonly MetricValues[]>>;
}

/** AWS's own counts of one account and Region that are wanted: [startBin, endBin). */
export interface CallCountWindow {
  readonly target: Target;
  readonly counts: CallCounts;
  readonly startBin: Bin;
  readonly endBin: Bin;
}

/** AWS's own count of the requests against each quota that it counts. */
export type CallCounts = readonly { readonly group: QuotaGroup; readonly metric: Metric }[];

/**
 * Stages 3 and 4: plans the requests, fetches each metric once, and makes gapless series of the answers.
 * What AWS counts against the quotas is asked for, too: three metrics a target, best effort.
 * With another period than 5 minutes, the bins of the windows and of the answer count such periods.
 */
export async function fetchUsage(
  source: MetricSource,
  windows: readonly SeriesWindow[],
  counted: readonly CallCountWindow[] = [],
  periodSeconds = BIN_SECONDS,
): Promise<FetchedUsage> {
  const batches = planBatches([...metricWindows(windows), ...callCountWindows(windows, counted)]).map(
    (batch) => ({
      ...batch,
      periodSeconds,
    }),
  );
  const answers = await Promise.all(batches.map((batch) => source.fetch(batch)));
  const values = new Map<string, MetricValues[]>();
  const faults = new Map<string, { fault: MetricFault; detail: string }>();
  let newestBin: Bin | undefined;
  for (const [index, { metrics }] of batches.entries()) {
    for (const [position, metric] of metrics.entries()) {
      const outcome = answers[index]?.[position];
      const name = metricName(metric);
      if (outcome?.kind !== 'values') {
        faults.set(name, outcome ?? { fault: 'incomplete', detail: 'no answer for this metric' });
        continue;
      }
      values.set(name, [...(values.get(name) ?? []), outcome.values]);
      if (metric.kind === 'callCount') continue;
      const newest = newestDatapoint(outcome.values);
      if (newest !== undefined) newestBin = Math.max(newestBin ?? newest, newest);
    }
  }
  const series = new Map<string, FetchedSeries>();
  for (const window of windows) {
    const { id, metrics } = window.source;
    const fault = metrics
      .map((metric) => faults.get(metricName(metric)))
      .find((found) => found !== undefined);
    const parts = metrics.flatMap((metric) => values.get(metricName(metric)) ?? []);
    const usage = fillGaps(
      fault ? [undefined] : parts,
      window,
      window.isKnown ? (window.bornBin ?? window.startBin) : undefined,
    );
    series.set(seriesName(id), { id, usage, ...fault });
  }
  return { series, newestBin, callCounts: callCountsIn(counted, values) };
}

/** What AWS counts in a target. The detector's own Region goes without a name. */
export const callCountsOf = ({ region, account }: Target, homeRegion: string): CallCounts =>
  QUOTA_GROUPS.flatMap((group) => {
    const resource = CALL_COUNT_RESOURCES[group];
    if (resource === undefined) return [];
    const isHome = region === homeRegion && account === undefined;
    const place = { ...(isHome ? {} : { region }), ...(account === undefined ? {} : { account }) };
    return [{ group, metric: { kind: 'callCount', resource, ...place } }];
  });

/** AWS's counts, within what is read. */
function callCountWindows(
  windows: readonly SeriesWindow[],
  counted: readonly CallCountWindow[],
): MetricWindow[] {
  const firstRead = windows.reduce((first, window) => Math.min(first, window.startBin), Infinity);
  return counted.flatMap(({ counts, startBin, endBin }) =>
    counts.map(({ metric }) => ({ metric, startBin: Math.max(firstRead, startBin), endBin })),
  );
}

const callCountsIn = (
  counted: readonly CallCountWindow[],
  values: ReadonlyMap<string, readonly MetricValues[]>,
): FetchedUsage['callCounts'] =>
  new Map(
    counted.map(({ target, counts }) => [
      targetName(target),
      new Map(
        counts.flatMap(({ group, metric }) => {
          const known = values.get(metricName(metric));
          return known ? [[group, known] as const] : [];
        }),
      ),
    ]),
  );

/** Each metric once, over the longest window that any of its series wants. */
function metricWindows(windows: readonly SeriesWindow[]): MetricWindow[] {
  const byName = new Map<string, MetricWindow>();
  for (const { source, startBin, endBin } of windows) {
    for (const metric of source.metrics) {
      const other = byName.get(metricName(metric));
      byName.set(metricName(metric), {
        metric,
        startBin: Math.min(startBin, other?.startBin ?? startBin),
        endBin: Math.max(endBin, other?.endBin ?? endBin),
      });
    }
  }
  return [...byName.values()];
}

function newestDatapoint({ startBin, values }: MetricValues): Bin | undefined {
  for (let i = values.length - 1; i >= 0; i--) if (!isUnknown(values[i] ?? Number.NaN)) return startBin + i;
  return undefined;
}
