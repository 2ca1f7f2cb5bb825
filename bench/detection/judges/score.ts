import { BINS_PER_DAY, BINS_PER_HOUR } from '../../../shared/domain/usage/time.ts';
import type { ScoreLabels } from '../world/labels.ts';

/** False alerts per series and week that the scores are judged at. */
export const BUDGETS = [0.005, 0.02, 0.05, 0.1] as const;

/** How a detector does at one threshold. */
export interface ScoreVerdict {
  readonly threshold: number;
  readonly runaways: number;
  readonly recall: number;
  readonly falseAlerts: number;
  /** False alerts per series and week. */
  readonly perSeriesWeek: number;
  readonly tolerated: number;
  /** Minutes from a runaway's first bin to the end of the bin that found it, of those found. */
  readonly medianMinutes: number | undefined;
  readonly p90Minutes: number | undefined;
  /** Share of all excess requests that had flowed before the alert; a missed runaway wastes all of its own. */
  readonly waste: number;
  readonly kinds: Readonly<Record<string, { readonly runaways: number; readonly found: number }>>;
}

/** A labelled set made ready: everything that does not depend on the scores. */
export interface ScoreSet {
  readonly series: readonly JudgedSeries[];
  readonly bins: number;
}

interface JudgedSeries {
  /** Bins over the floor, ascending: all others cannot alert. */
  readonly loud: Int32Array;
  readonly inRunaway: Uint8Array;
  readonly isTolerated: Uint8Array;
  readonly runaways: readonly { kind: string; from: number; to: number; excessRequests: number }[];
}

const FLOOR_REQUESTS = 500;

/** Prepares a set; `requests` are those of each labelled series from `judgeFrom` on. */
export function scoreSet(labels: ScoreLabels, requests: readonly ArrayLike<number>[]): ScoreSet {
  const from = Date.parse(labels.judgeFrom) / 1000;
  const indexOf = (iso: string) => Math.round((Date.parse(iso) / 1000 - from) / labels.binSeconds);
  const bins = indexOf(labels.endsAt);
  const series = labels.series.map(({ usualHour, runaways, tolerated }, k) => {
    const inRunaway = new Uint8Array(bins);
    const isTolerated = new Uint8Array(bins);
    for (const one of runaways)
      inRunaway.fill(1, Math.max(0, indexOf(one.from)), Math.max(0, indexOf(one.to) + BINS_PER_HOUR));
    for (const one of tolerated)
      isTolerated.fill(1, Math.max(0, indexOf(one.from)), Math.max(0, indexOf(one.to)));
    return {
      loud: loudBins(requests[k] ?? [], bins, usualHour),
      inRunaway,
      isTolerated,
      runaways: runaways.map(({ kind, from: start, to, excessRequests }) => {
        return { kind, from: indexOf(start), to: Math.min(bins, indexOf(to)), excessRequests };
      }),
    };
  });
  return { series, bins };
}

/** The floor that every detector has: an excess of 500 requests over the median hour of the last seven days. */
function loudBins(requests: ArrayLike<number>, bins: number, usualHourBefore: number): Int32Array {
  const hourSums = new Float64Array(bins);
  const loud: number[] = [];
  let sum = 0;
  let usualHour = usualHourBefore;
  for (let i = 0; i < bins; i++) {
    sum += requests[i] ?? 0;
    if (i >= BINS_PER_HOUR) sum -= requests[i - BINS_PER_HOUR] ?? 0;
    hourSums[i] = sum;
    if (i % BINS_PER_DAY === 0 && i >= 7 * BINS_PER_DAY) {
      const hours: number[] = [];
      for (let k = i - 7 * BINS_PER_DAY; k < i; k += BINS_PER_HOUR) hours.push(hourSums[k] ?? 0);
      usualHour = hours.toSorted((a, b) => a - b)[hours.length >> 1] ?? 0;
    }
    const isPeak = i > 0 && (requests[i] ?? 0) >= FLOOR_REQUESTS + usualHour / BINS_PER_HOUR;
    if (sum - usualHour >= FLOOR_REQUESTS || isPeak) loud.push(i);
  }
  return Int32Array.from(loud);
}

/** Scores of every series from `judgeFrom` on, in the order of the labels. */
export type Scores = readonly ArrayLike<number>[];

/** Judges at one threshold. An alert is a run of loud bins at or over it; gaps up to an hour bridged, renewed daily. */
export function judgeAt({ series, bins }: ScoreSet, scores: Scores, threshold: number): ScoreVerdict {
  const kinds: Record<string, { runaways: number; found: number }> = {};
  const minutes: number[] = [];
  let falseAlerts = 0;
  let tolerated = 0;
  let wasted = 0;
  let excess = 0;
  for (const [k, { loud, inRunaway, isTolerated, runaways }] of series.entries()) {
    const own = scores[k] ?? [];
    let last = Number.NEGATIVE_INFINITY;
    let renewedAt = Number.NEGATIVE_INFINITY;
    for (const i of loud) {
      if ((own[i] ?? 0) < threshold) continue;
      if (i - last > BINS_PER_HOUR || i - renewedAt >= BINS_PER_DAY) {
        renewedAt = i;
        if (!inRunaway[i]) {
          if (isTolerated[i]) tolerated++;
          else falseAlerts++;
        }
      }
      last = i;
    }
    for (const { kind, from, to, excessRequests } of runaways) {
      kinds[kind] ??= { runaways: 0, found: 0 };
      const ofKind = kinds[kind];
      ofKind.runaways++;
      const hit = loud.find((i) => i >= from && i < to && (own[i] ?? 0) >= threshold);
      const share = hit === undefined ? 1 : Math.min(1, (hit - from + 1) / (to - from));
      excess += excessRequests;
      wasted += excessRequests * share;
      if (hit === undefined) continue;
      ofKind.found++;
      minutes.push((hit - from + 1) * 5);
    }
  }
  const sorted = minutes.toSorted((a, b) => a - b);
  const total = Object.values(kinds).reduce((sum, { runaways }) => sum + runaways, 0);
  return {
    threshold,
    runaways: total,
    recall: sorted.length / total,
    falseAlerts,
    perSeriesWeek: falseAlerts / (series.length * (bins / (7 * BINS_PER_DAY))),
    tolerated,
    medianMinutes: sorted[sorted.length >> 1],
    p90Minutes: sorted[Math.floor(sorted.length * 0.9)],
    waste: wasted / excess,
    kinds,
  };
}

/** The lowest threshold that stays within a budget of false alerts, found on the set itself, and how it does there. */
export function judgeAtBudget(set: ScoreSet, scores: Scores, budget: number): ScoreVerdict {
  let largest = 0;
  for (const own of scores) for (let i = 0; i < own.length; i++) largest = Math.max(largest, own[i] ?? 0);
  // Scores of some rivals reach millions, so halving is done on their logarithm.
  let low = -1e-9;
  let high = Math.log1p(largest) + 1e-9;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (judgeAt(set, scores, Math.expm1(middle)).perSeriesWeek > budget) low = middle;
    else high = middle;
  }
  return judgeAt(set, scores, Math.expm1(high));
}
