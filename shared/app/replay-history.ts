import pLimit from 'p-limit';
import { factsOf } from '../domain/assess/key-facts.ts';
import { placedLabel } from '../domain/incident/message.ts';
import { type HistoryFacts, MAX_HISTORY_INCIDENTS, noticeIncident } from '../domain/notice.ts';
import { policyForKey } from '../domain/policy.ts';
import { keyArnParts, seriesName } from '../domain/usage/key.ts';
import { targetsByKey } from '../domain/usage/metric.ts';
import { BINS_PER_DAY, binStart, settledEnd } from '../domain/usage/time.ts';
import { backtest, defaultFromBin } from './backtest.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { type FetchedSeries, fetchUsage, type SeriesWindow } from './fetch-usage.ts';
import type { NoticeRun } from './notices.ts';
import { HISTORY_BINS, windowsByKey } from './plan-windows.ts';
import type { KeyBaselines } from './ports.ts';
import { quotasOfTarget } from './target-quotas.ts';

/**
 * Series that are looked through at most: so many took 17 seconds of CPU and 210 MB as a whole process, and a Lambda of
 * 1 GB has little more than half a CPU. The busiest keys come first.
 */
const MAX_SERIES = 240;

/** Seconds that reading may take, and reading with replaying. */
const READ_SECONDS = 40;
const TOTAL_SECONDS = 90;
/** Seconds before the deadline at which both stop: sending and saving are still to come. */
const STOP_BEFORE_DEADLINE_SECONDS = 90;

/** Seconds before the deadline from which on a history may not be looked through whole. */
export const REPLAY_SECONDS = TOTAL_SECONDS + STOP_BEFORE_DEADLINE_SECONDS;

const CONCURRENCY = 4;

/** The stretch that is judged, as `backtest` does without a recording; the six weeks before it are only learned. */
const JUDGED_BINS = 14 * BINS_PER_DAY;

/**
 * What people would have been told in the last fortnight, by the code of `backtest`. Back-filling takes several runs of
 * several processes in a large account and keeps no history, so the history is read once more: one metric for each
 * series, a fraction of a cent, once in the life of a deployment. Bounded in series and in time; what did not fit in is
 * counted. Undefined if nothing could be replayed.
 */
export async function replayHistory(
  { metrics, clock }: Pick<DetectPorts, 'metrics' | 'clock'>,
  { known, watched, directory }: Pick<NoticeRun, 'known' | 'watched' | 'directory'>,
  settings: DetectSettings,
  { asOf, deadline }: DetectRequest,
): Promise<HistoryFacts | undefined> {
  const { policy, settleSeconds, origin } = settings;
  const keys = [...windowsByKey(watched)]
    .filter(([keyArn]) => policyForKey(policy, factsOf(directory, keyArn)) !== undefined)
    .map(([keyArn, windows]) => ({ windows, activity: activity(known.baselines.get(keyArn)) }))
    .toSorted((a, b) => b.activity - a.activity);
  const endBin = settledEnd(asOf, settleSeconds);
  const startedAt = clock.now();
  const isPast = (seconds: number): boolean =>
    clock.now() >= Math.min(startedAt + seconds, deadline - STOP_BEFORE_DEADLINE_SECONDS);
  const limited = pLimit(CONCURRENCY);
  const read = await limited.map(within(keys), async ({ windows }) => {
    if (isPast(READ_SECONDS)) return [];
    const wanted = windows.map(
      ({ source }): SeriesWindow => ({ source, startBin: endBin - HISTORY_BINS, endBin, isKnown: false }),
    );
    const { series } = await fetchUsage(metrics, wanted);
    return wanted.flatMap(({ source }) => usable(series.get(seriesName(source.id))));
  });
  const series = read.flat();
  if (series.length === 0) return undefined;
  const startBin = Math.min(...series.map(({ usage }) => usage.startBin));
  const fromBin = Math.max(endBin - JUDGED_BINS, defaultFromBin({ startBin, endBin }));
  if (endBin - fromBin < BINS_PER_DAY) return undefined;
  const targets = targetsByKey(watched.map(({ source }) => source));
  const result = backtest(
    { series, startBin, endBin, rows: 0 },
    {
      policy,
      directory,
      settleSeconds,
      quota: (group, target) => quotasOfTarget(target, directory, settings)(group),
      targetOf: (keyArn) => targets.get(keyArn) ?? { region: keyArnParts(keyArn).region },
      fromBin,
      isTimeUp: () => isPast(TOTAL_SECONDS),
    },
  );
  if (result.series === 0) return undefined;
  const told = result.incidents.filter(({ severity }) => severity !== 'digest');
  const dearest = told.toSorted((a, b) => b.tally.excessUsd - a.tally.excessUsd);
  return {
    from: binStart(fromBin),
    until: binStart(endBin),
    incidents: dearest
      .slice(0, MAX_HISTORY_INCIDENTS)
      .map((one) => noticeIncident(one, placedLabel(factsOf(directory, one.keyArn), origin))),
    total: told.length,
    totalUsd: told.reduce((sum, { tally }) => sum + tally.excessUsd, 0),
    pages: told.filter(({ severity }) => severity === 'page').length,
    small: result.incidents.length - told.length,
    forecast: result.forecast,
    leftOut: keys.reduce((sum, { windows }) => sum + windows.length, 0) - result.series,
  };

  function usable(fetched: FetchedSeries | undefined) {
    if (!fetched || fetched.fault || fetched.usage.requests.length === 0) return [];
    return [{ id: fetched.id, usage: fetched.usage }];
  }
}

interface WatchedKey {
  readonly windows: readonly SeriesWindow[];
  /** Requests of the last week as learned. */
  readonly activity: number;
}

/** The first keys whose series fit in; whole keys, because an incident is of a key. */
function within(keys: readonly WatchedKey[]): WatchedKey[] {
  let series = 0;
  return keys.filter(({ windows }) => {
    if (series + windows.length > MAX_SERIES) return false;
    series += windows.length;
    return true;
  });
}

function activity(baselines: KeyBaselines | undefined): number {
  let sum = 0;
  for (const { baseline } of baselines?.operations.values() ?? [])
    for (const requests of baseline.hourSums) sum += requests || 0;
  return sum;
}
