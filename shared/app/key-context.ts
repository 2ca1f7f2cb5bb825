import type { KeyFacts } from '../domain/assess/key-facts.ts';
import type { Prices } from '../domain/assess/price.ts';
import { seedTrailingUse } from '../domain/assess/trailing.ts';
import { cloneBaseline, hourSumOf, lastBinOf, newBaseline } from '../domain/detection/baseline.ts';
import { type OperationWatch, watchOperation } from '../domain/incident/watch.ts';
import type { KeyArn, Operation } from '../domain/usage/key.ts';
import { BIN_SECONDS, BINS_PER_HOUR, type Bin, type Hour } from '../domain/usage/time.ts';
import type { DetectRequest } from './detect-request.ts';
import type { FetchedSeries, SeriesWindow } from './fetch-usage.ts';
import { FIRST_LOOK_BINS } from './plan-windows.ts';
import { ALL_OPERATIONS, type KeyBaselines, type Versioned } from './ports.ts';

/** Bins judged of a series that has no baseline yet: the last hour, so that a first look digs up no old stories. */
const FIRST_JUDGED_BINS = BINS_PER_HOUR;

/** What a run knows of one key before it judges it. */
export interface KeyContext {
  readonly keyArn: KeyArn;
  readonly facts: KeyFacts;
  readonly series: readonly FetchedSeries[];
  readonly windows: readonly SeriesWindow[];
  readonly baselines: KeyBaselines | undefined;
  readonly incident: Versioned | undefined;
  /** The hours after which the key's level was accepted. */
  readonly accepted: ReadonlySet<Hour>;
  /** Nobody is to hear of the key now. */
  readonly muted: boolean;
  /** Why the key's incident item cannot be read. The key is judged, but nothing can be claimed for it. */
  readonly unreadableIncident: string | undefined;
  /** First bin that no completed run has seen; undefined: none is known to have run. */
  readonly unseenFrom: Bin | undefined;
}

/** Whether nothing stored of the operation is beyond reading: what cannot be read is kept and not begun anew. */
export const isReadable = ({ baselines }: KeyContext, operation: Operation): boolean =>
  !baselines?.unreadable.has(operation) && !baselines?.unreadable.has(ALL_OPERATIONS);

/** Whether a series with a baseline could not be read in this run: a later run is to judge the same bins again. */
export const isUnread = ({ baselines, series }: Pick<KeyContext, 'baselines' | 'series'>): boolean =>
  series.some(({ id, fault }) => fault !== undefined && baselines?.operations.has(id.operation));

/**
 * Whether a baseline is there and beyond reading: the key is judged by the fixed limits alone. An older or a mended
 * version of the detector may read it in a later run.
 */
export const isBlind = ({ baselines }: Pick<KeyContext, 'baselines'>): boolean =>
  baselines !== undefined && baselines.unreadable.size > 0;

/**
 * Starts to watch one series: from its stored baseline, or from its birth if that is in view. Otherwise its history has
 * to be learned first.
 */
export function watchSeries(
  context: KeyContext,
  { id, usage, fault }: FetchedSeries,
  window: SeriesWindow | undefined,
  prices: Prices,
  request: DetectRequest,
): OperationWatch {
  const stored = context.baselines?.operations.get(id.operation)?.baseline;
  const isBornHere = window !== undefined && usage.startBin > window.startBin && usage.requests.length > 0;
  const canBegin = isReadable(context, id.operation) && fault === undefined;
  const baseline = stored
    ? cloneBaseline(stored)
    : canBegin && (request.replay || isBornHere) && usage.requests.length > 0
      ? newBaseline(usage.startBin)
      : undefined;
  const watch = watchOperation(
    id.operation,
    baseline,
    context.facts.spec,
    usage.startBin,
    prices,
    context.accepted,
  );
  if (stored) {
    seedTrailingUse(
      watch.trailing,
      (hour) => hourSumOf(stored, hour),
      (bin) => lastBinOf(stored, bin),
    );
  }
  return watch;
}

/**
 * First bin that is judged in this run. The half hour after a stored baseline ends was judged by the one before it and
 * is final; a series that was born in the hour its baseline begins with is judged from its birth. A key without a
 * baseline is judged from where the last completed run ended, if that is longer ago than an hour, and from where its
 * open incident was counted to while its baseline cannot be read.
 */
export function firstJudgedBin(context: KeyContext, endBin: Bin, request: DetectRequest): Bin {
  if (request.replay) return endBin - 1 - Math.floor(request.lookbackSeconds / BIN_SECONDS);
  const firsts = [...(context.baselines?.operations.values() ?? [])].map(({ baseline }) => {
    const first = baseline.learnedThrough * BINS_PER_HOUR;
    return baseline.bornBin >= first ? baseline.bornBin : first + BINS_PER_HOUR / 2;
  });
  if (firsts.length > 0) return Math.min(...firsts);
  const { unseenFrom = endBin, incident } = context;
  const isOpen = incident?.record.incident.status === 'open';
  const uncounted = isOpen && isBlind(context) ? incident.record.incident.tally.throughBin + 1 : endBin;
  return Math.max(endBin - FIRST_LOOK_BINS, Math.min(endBin - FIRST_JUDGED_BINS, unseenFrom, uncounted));
}
