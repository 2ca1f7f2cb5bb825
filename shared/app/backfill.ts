import { type Baseline, newBaseline } from '../domain/detection/baseline.ts';
import { learnHour } from '../domain/detection/learn.ts';
import { type KeyArn, type Operation, seriesName } from '../domain/usage/key.ts';
import { binsOfHour, isUnknown, type UsageSeries } from '../domain/usage/series.ts';
import { BINS_PER_HOUR, type Hour, storedThrough } from '../domain/usage/time.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest } from './detect.ts';
import { fetchUsage, type SeriesWindow } from './fetch-usage.ts';
import type { Judged, JudgedKey } from './judge-keys.ts';
import { HISTORY_BINS } from './plan-windows.ts';
import type { KeyBaselines, OperationBaseline } from './ports.ts';
import { counterpartsOf, expiresAt } from './save-baselines.ts';
import type { Lease } from './take-lease.ts';

/** Eight weeks of six metrics fill one GetMetricData request. */
const METRICS_PER_REQUEST = 6;

/** Seconds before the deadline at which back-filling stops: the rest follows in the next runs. */
const STOP_BEFORE_DEADLINE_SECONDS = 60;

/** Requests under way together; the adapter keeps the API's rates. */
const CONCURRENCY = 4;

/** How many first-seen series were learned from history in this run, and how many wait for the next. */
export interface Backfilled {
  readonly done: number;
  readonly remaining: number;
}

/**
 * Stage 13: first-seen series get eight weeks of history, after everything urgent is done, most active first, each
 * key saved as soon as it is learned. So there is no cold start, and a run that is cut short loses nothing.
 */
export async function backfill(
  ports: DetectPorts,
  judged: Judged,
  claimed: Claimed,
  lease: Lease,
  request: DetectRequest,
): Promise<Backfilled> {
  const waiting = judged.keys.filter(({ unlearned }) => unlearned.length > 0);
  const remaining = waiting.reduce((sum, { unlearned }) => sum + unlearned.length, 0);
  if (!lease.held) return { done: 0, remaining };
  const portions = waiting
    .filter(({ keyArn }) => !claimed.conflicts.has(keyArn))
    .toSorted((a, b) => activity(b) - activity(a))
    .map((key) => ({ key, windows: key.unlearned }));
  let done = 0;
  const work = async () => {
    for (let next = portions.shift(); next; next = portions.shift()) {
      if (ports.clock.now() >= request.deadline - STOP_BEFORE_DEADLINE_SECONDS) return;
      done += await learnFromHistory(ports, next.key, next.windows, request);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { done, remaining: remaining - done };
}

async function learnFromHistory(
  ports: DetectPorts,
  key: JudgedKey,
  windows: readonly SeriesWindow[],
  { asOf }: DetectRequest,
): Promise<number> {
  const learned = new Map<Operation, OperationBaseline>();
  for (const portion of portionsOf(windows)) {
    const history = portion.map((window) => ({ ...window, startBin: window.endBin - HISTORY_BINS }));
    const usage = await fetchUsage(ports.metrics, history);
    for (const { source } of portion) {
      const fetched = usage.series.get(seriesName(source.id));
      if (!fetched || fetched.fault) {
        ports.log.warn('the history of a series could not be read; the next run tries again', {
          series: seriesName(source.id),
          fault: fetched?.fault,
          detail: fetched?.detail,
        });
        continue;
      }
      const baseline = baselineFrom(fetched.usage, storedThrough(asOf));
      if (!baseline) continue;
      learned.set(source.id.operation, {
        baseline,
        counterparts: counterpartsOf(source.id.operation, source.metrics),
      });
    }
  }
  if (learned.size === 0) return 0;
  return (await saveLearned(ports, key.keyArn, key.baselines, learned, asOf)) ? learned.size : 0;
}

async function saveLearned(
  ports: DetectPorts,
  keyArn: KeyArn,
  stored: KeyBaselines | undefined,
  operations: ReadonlyMap<Operation, OperationBaseline>,
  asOf: number,
): Promise<boolean> {
  const key = stored ?? { keyArn, version: 0, unreadable: new Map() };
  const written = await ports.baselines.save({ ...key, operations }, expiresAt(asOf));
  if (written === 'conflict')
    ports.log.info('this key was saved meanwhile; its new series follow next time', { keyArn });
  return written === 'written';
}

/** The baseline that a series' history teaches; undefined while it has no whole final hour. */
function baselineFrom(usage: UsageSeries, through: Hour): Baseline | undefined {
  if (usage.requests.length === 0) return undefined;
  const baseline = newBaseline(usage.startBin);
  const bins = new Float64Array(BINS_PER_HOUR);
  while (baseline.learnedThrough < through)
    learnHour(baseline, binsOfHour(usage, baseline.learnedThrough, bins));
  return baseline;
}

function portionsOf(windows: readonly SeriesWindow[]): SeriesWindow[][] {
  const portions: SeriesWindow[][] = [];
  let metrics = 0;
  for (const window of windows) {
    const last = portions.at(-1);
    if (last && metrics + window.source.metrics.length <= METRICS_PER_REQUEST) last.push(window);
    else {
      portions.push([window]);
      metrics = 0;
    }
    metrics += window.source.metrics.length;
  }
  return portions;
}

function activity({ series }: JudgedKey): number {
  let sum = 0;
  for (const { usage } of series)
    for (const requests of usage.requests) if (!isUnknown(requests)) sum += requests;
  return sum;
}
