import { type Baseline, newBaseline } from '../domain/detection/baseline.ts';
import { learnThrough } from '../domain/detection/learn.ts';
import type { RunReport } from '../domain/run-report.ts';
import { type KeyArn, type Operation, seriesName } from '../domain/usage/key.ts';
import { binsOfHour, isUnknown, type UsageSeries } from '../domain/usage/series.ts';
import { BINS_PER_HOUR, type EpochSeconds, type Hour, storedThrough } from '../domain/usage/time.ts';
import type { Claimed } from './claim.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import { fetchUsage } from './fetch-usage.ts';
import type { Judged, JudgedKey } from './judge-keys.ts';
import type { Known } from './load.ts';
import { HISTORY_BINS } from './plan-windows.ts';
import type { KeyBaselines, OperationBaseline } from './ports.ts';
import { accountsOf, counterpartsOf, expiresAt } from './save-baselines.ts';
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
 * key saved as soon as it is learned. So there is no cold start, and a run that is cut short loses nothing. What
 * came after the last report is left to the next run to judge: a baseline may be made anew because it was lost, and
 * with it what nobody has been told yet.
 *
 * @param seconds how long it may take at most, beside the run's deadline
 */
export async function backfill(
  ports: DetectPorts,
  { lastReport }: Pick<Known, 'lastReport'>,
  judged: Judged,
  claimed: Claimed,
  lease: Lease,
  request: DetectRequest,
  seconds = Number.POSITIVE_INFINITY,
): Promise<Backfilled> {
  const until = Math.min(request.deadline - STOP_BEFORE_DEADLINE_SECONDS, ports.clock.now() + seconds);
  const waiting = judged.keys.filter(({ unlearned }) => unlearned.length > 0);
  const remaining = unlearnedSeries(judged);
  if (!lease.held) return { done: 0, remaining };
  const byActivity = waiting
    .filter(({ keyArn }) => !claimed.conflicts.has(keyArn))
    .map((key) => ({ key, requests: activity(key) }))
    .toSorted((a, b) => b.requests - a.requests);
  const loads = loadsOf(byActivity.map(({ key }) => key));
  const through = Math.min(storedThrough(request.asOf), reportedThrough(lastReport));
  let done = 0;
  const work = async () => {
    for (let next = loads.shift(); next; next = loads.shift()) {
      if (ports.clock.now() >= until) return;
      const learned = await learnFromHistory(ports, next, through, request);
      done += learned;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { done, remaining: remaining - done };
}

/** How many series wait to be learned from history. */
export const unlearnedSeries = ({ keys }: Judged): number =>
  keys.reduce((sum, { unlearned }) => sum + unlearned.length, 0);

/** How far a baseline may have been stored by the run of the last report; infinite where there is none. */
const reportedThrough = (last: RunReport | undefined): Hour =>
  last ? storedThrough(Date.parse(last.asOf) / 1000) : Number.POSITIVE_INFINITY;

/** Keys whose histories are read and saved together: as many as fill one request, or one that needs several. */
function loadsOf(keys: readonly JudgedKey[]): JudgedKey[][] {
  const loads: JudgedKey[][] = [];
  let metrics = METRICS_PER_REQUEST;
  for (const key of keys) {
    const own = key.unlearned.reduce((sum, { source }) => sum + source.metrics.length, 0);
    metrics += own;
    if (metrics <= METRICS_PER_REQUEST) loads.at(-1)?.push(key);
    else {
      loads.push([key]);
      metrics = own;
    }
  }
  return loads;
}

async function learnFromHistory(
  ports: DetectPorts,
  keys: readonly JudgedKey[],
  through: Hour,
  { asOf }: DetectRequest,
): Promise<number> {
  const learned = new Map<KeyArn, Map<Operation, OperationBaseline>>();
  const history = keys.flatMap(({ unlearned }) =>
    unlearned.map((window) => ({ ...window, startBin: window.endBin - HISTORY_BINS })),
  );
  const usage = await fetchUsage(ports.metrics, history);
  for (const { source } of history) {
    const { keyArn, operation } = source.id;
    const fetched = usage.series.get(seriesName(source.id));
    if (!fetched || fetched.fault) {
      ports.log.warn('the history of a series could not be read; the next run tries again', {
        series: seriesName(source.id),
        fault: fetched?.fault,
        detail: fetched?.detail,
      });
      continue;
    }
    const accepted = keys.find((key) => key.keyArn === keyArn)?.accepted;
    const baseline = baselineFrom(fetched.usage, through, accepted);
    if (!baseline) continue;
    const ofKey = learned.get(keyArn) ?? new Map<Operation, OperationBaseline>();
    ofKey.set(operation, {
      baseline,
      counterparts: counterpartsOf(operation, source.metrics),
      ...accountsOf(source.metrics),
    });
    learned.set(keyArn, ofKey);
  }
  const saved = await Promise.all(
    keys.map(({ keyArn, baselines }) => saveLearned(ports, keyArn, baselines, learned.get(keyArn), asOf)),
  );
  return saved.reduce((sum, count) => sum + count, 0);
}

/** Saves what was learned of a key; the number of its series that are stored now. */
async function saveLearned(
  ports: DetectPorts,
  keyArn: KeyArn,
  stored: KeyBaselines | undefined,
  operations: ReadonlyMap<Operation, OperationBaseline> | undefined,
  asOf: EpochSeconds,
): Promise<number> {
  if (!operations) return 0;
  const key = stored ?? { keyArn, version: 0, unreadable: new Map() };
  const written = await ports.baselines
    .save({ ...key, operations }, expiresAt(asOf))
    .catch((error: unknown) => {
      ports.log.error('what was learned of a new key could not be saved; the next run tries again', {
        keyArn,
        error,
      });
      return 'failed' as const;
    });
  if (written === 'written') return operations.size;
  if (written === 'failed') return 0;
  ports.log.info('this key was saved meanwhile; its new series follow next time', { keyArn });
  return 0;
}

/** The baseline that a series' history teaches; undefined while it has no whole final hour. */
function baselineFrom(
  usage: UsageSeries,
  through: Hour,
  accepted: ReadonlySet<Hour> | undefined,
): Baseline | undefined {
  if (usage.requests.length === 0) return undefined;
  const baseline = newBaseline(usage.startBin);
  const bins = new Float64Array(BINS_PER_HOUR);
  learnThrough(baseline, through, (hour) => binsOfHour(usage, hour, bins), accepted);
  return baseline;
}

function activity({ series }: JudgedKey): number {
  let sum = 0;
  for (const { usage } of series)
    for (const requests of usage.requests) if (!isUnknown(requests)) sum += requests;
  return sum;
}
