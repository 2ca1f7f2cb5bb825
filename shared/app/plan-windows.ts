import type { KeyArn } from '../domain/usage/key.ts';
import { BIN_SECONDS, BINS_PER_HOUR, BINS_PER_WEEK, settledEnd } from '../domain/usage/time.ts';
import type { DetectRequest, DetectSettings } from './detect-request.ts';
import type { Discovered } from './discover.ts';
import type { SeriesWindow } from './fetch-usage.ts';
import type { Known } from './load.ts';

/** CloudWatch keeps 5-minute data for 63 days; 8 weeks are whole weeks within it. */
export const HISTORY_BINS = 8 * BINS_PER_WEEK;

/**
 * Bins fetched of a series without a baseline: 26 hours answer every fixed limit (24 h at most) and tell a key that
 * was born today from one that has merely not been learned yet.
 */
export const FIRST_LOOK_BINS = 26 * BINS_PER_HOUR;

/** Series that one replay in the Lambda reads the history of at most: eight weeks of 500 series are 84 full requests. */
const MAX_REPLAYED_SERIES = 500;

/** Stage 3: which bins to read of each series. From where its baseline ends; of the whole history for a replay. */
export function planWindows(
  known: Known,
  found: Discovered,
  settings: DetectSettings,
  request: DetectRequest,
): SeriesWindow[] {
  const { maxReplayedSeries = MAX_REPLAYED_SERIES } = settings;
  if (request.replay && found.series.length > maxReplayedSeries)
    throw new ReplayTooLargeError(found.series.length, maxReplayedSeries);
  const endBin = settledEnd(request.asOf, settings.settleSeconds);
  const history = HISTORY_BINS + Math.ceil(request.lookbackSeconds / BIN_SECONDS);
  return found.series.map((source) => {
    const { keyArn, operation } = source.id;
    const stored = known.baselines.get(keyArn)?.operations.get(operation)?.baseline;
    const startBin = stored
      ? stored.learnedThrough * BINS_PER_HOUR
      : endBin - (request.replay ? history : FIRST_LOOK_BINS);
    return {
      source,
      startBin: Math.max(startBin, endBin - history),
      endBin,
      isKnown: stored !== undefined,
      ...(stored && stored.bornBin > startBin ? { bornBin: stored.bornBin } : {}),
    };
  });
}

/** The windows of each key. */
export function windowsByKey(windows: readonly SeriesWindow[]): Map<KeyArn, SeriesWindow[]> {
  const byKey = new Map<KeyArn, SeriesWindow[]>();
  for (const window of windows) {
    const { keyArn } = window.source.id;
    const ofKey = byKey.get(keyArn);
    if (ofKey) ofKey.push(window);
    else byKey.set(keyArn, [window]);
  }
  return byKey;
}

/** A replay of more series than fit in one run; the message says what to do. */
export class ReplayTooLargeError extends Error {
  override name = 'ReplayTooLargeError' as const;

  constructor(series: number, most: number) {
    super(`keys with at most ${most} series for a replay of the past, not ${series}: name fewer keys`);
  }
}
