import { inTurn, nextTurn } from '../domain/turns.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { Bin } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import {
  type CallCountWindow,
  type FetchedSeries,
  type FetchedUsage,
  fetchUsage,
  type SeriesWindow,
} from './fetch-usage.ts';
import type { Known } from './load.ts';
import type { Polls } from './plan-polls.ts';
import { windowsByKey } from './plan-windows.ts';

/** Metrics read together, in five requests at once: between two such slices the time is looked at. */
const METRICS_READ_TOGETHER = 2500;

/** Share of the time left that reading may take. Judging, telling and saving what was read need the rest. */
const READING_SHARE = 0.5;

/** What a run could read in its time. */
export interface ReadInTime {
  /** The windows that were read are `windows`; those it had no time for are `outOfTime`. */
  readonly polls: Polls;
  readonly usage: FetchedUsage;
}

/**
 * Stages 3 and 4 within the time that is left. When CloudWatch is too slow for all keys, whole keys are left for the
 * next run, which begins with them; those with an open incident come early in every run. At least one slice is read.
 */
export async function readInTime(
  ports: Pick<DetectPorts, 'clock' | 'metrics'>,
  known: Known,
  polls: Polls,
  { metricsReadTogether = METRICS_READ_TOGETHER }: DetectSettings,
  request: DetectRequest,
  counted: readonly CallCountWindow[],
): Promise<ReadInTime> {
  const byKey = windowsByKey(polls.windows);
  const resumeAt = known.lastReport?.resumeAt;
  const order = inTurn(byKey.keys(), (keyArn) => known.incidents.has(keyArn), resumeAt);
  const slices = request.replay ? [order] : slicesOf(order, byKey, metricsReadTogether);
  const [first = [], ...others] = slices;
  // A slice of all keys keeps the windows as they came.
  const windowsOf = (keys: readonly KeyArn[]) =>
    keys.length === byKey.size ? polls.windows : keys.flatMap((keyArn) => byKey.get(keyArn) ?? []);
  const startedAt = ports.clock.now();
  const until = startedAt + READING_SHARE * (request.deadline - startedAt);
  let usage = await fetchUsage(ports.metrics, windowsOf(first), counted);
  const series = new Map<string, FetchedSeries>(usage.series);
  const read = new Set(first);
  let longest = ports.clock.now() - startedAt;
  for (const keys of others) {
    const sliceAt = ports.clock.now();
    if (sliceAt + longest > until) break;
    const more = await fetchUsage(ports.metrics, windowsOf(keys));
    for (const [name, one] of more.series) series.set(name, one);
    for (const keyArn of keys) read.add(keyArn);
    usage = { series, newestBin: newer(usage.newestBin, more.newestBin), callCounts: usage.callCounts };
    longest = Math.max(longest, ports.clock.now() - sliceAt);
  }
  if (read.size === byKey.size) return { polls, usage };
  const left = new Set(order.filter((keyArn) => !read.has(keyArn)));
  const next = nextTurn(byKey.keys(), left, resumeAt);
  const isRead = ({ source }: SeriesWindow) => read.has(source.id.keyArn);
  return {
    polls: {
      ...polls,
      windows: polls.windows.filter(isRead),
      outOfTime: polls.windows.filter((window) => !isRead(window)),
      ...(next === undefined ? {} : { resumeAt: next }),
    },
    usage,
  };
}

/** Keys in this order, as many together as have about the metrics of a slice. */
function slicesOf(
  order: readonly KeyArn[],
  byKey: ReadonlyMap<KeyArn, readonly SeriesWindow[]>,
  most: number,
): KeyArn[][] {
  const slices: KeyArn[][] = [[]];
  let metrics = 0;
  for (const keyArn of order) {
    const own = (byKey.get(keyArn) ?? []).reduce((sum, { source }) => sum + source.metrics.length, 0);
    if (metrics > 0 && metrics + own > most) {
      slices.push([]);
      metrics = 0;
    }
    metrics += own;
    slices.at(-1)?.push(keyArn);
  }
  return slices;
}

const newer = (one: Bin | undefined, other: Bin | undefined): Bin | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
