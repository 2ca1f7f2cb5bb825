import { factsOf, type KeyDirectory, type KeyFacts } from './assess/key-facts.ts';
import { HOURS_A_MONTH, priceRange } from './assess/price.ts';
import { type Quota, type QuotaGroup, quotaGroup } from './assess/quota.ts';
import { type NotAttributed, notAttributed } from './not-attributed.ts';
import { type QuotaShare, type QuotaUse, quotaShares, sumQuotaUse } from './quota-use.ts';
import {
  type KeyArn,
  keyArnParts,
  type Operation,
  REENCRYPT_DESTINATION,
  type SeriesId,
} from './usage/key.ts';
import { isUnknown } from './usage/series.ts';
import { HOUR_SECONDS } from './usage/time.ts';
import { addUsd, midUsd, NO_USD, scaleUsd, type UsdRange } from './usd-range.ts';

/** What keys are ranked by: how often they are used, what that costs, how much of the quota it takes. */
export const TOP_ORDERS = ['requests', 'cost', 'quota'] as const;
export type TopOrder = (typeof TOP_ORDERS)[number];

/** Requests of one series in the window, and a week before. */
export interface SeriesUse {
  readonly id: SeriesId;
  /** Requests in each period of the window, oldest first; NaN: unknown. Equally many for all series. */
  readonly requests: Float64Array;
  /** Requests in the same window a week before; undefined: unknown. */
  readonly weekBefore: number | undefined;
}

/** What the ranking is made of. */
export interface TopUse {
  readonly series: readonly SeriesUse[];
  readonly directory: KeyDirectory;
  readonly periodSeconds: number;
  /** Length of the window. */
  readonly seconds: number;
  readonly quota: (group: QuotaGroup, region?: string) => Quota;
  /** Calls that AWS counted against each quota in the window; undefined: unknown. */
  readonly quotaCalls: ReadonlyMap<QuotaGroup, number> | undefined;
}

/** One operation of a key. The destination side of a ReEncrypt is counted, and paid, with its source. */
export interface OperationUse {
  readonly operation: Operation;
  readonly requests: number;
  readonly usd: UsdRange;
}

/** What a key, or all of them, used in the window. */
export interface UseTotal {
  /** A ReEncrypt counts once, for its source key. */
  readonly requests: number;
  readonly usd: UsdRange;
  /** 730 hours at the window's pace. */
  readonly usdPerMonth: UsdRange;
  /** Requests in the same window a week before; null: unknown. */
  readonly weekBefore: number | null;
}

/** A key in the ranking. */
export interface TopKey extends UseTotal {
  readonly keyArn: KeyArn;
  readonly aliases: readonly string[];
  /** Null: not known, so the price may be a range. */
  readonly spec: string | null;
  /** The most used first. */
  readonly operations: readonly OperationUse[];
  /** Part of all keys' requests and cost, 0..1. */
  readonly share: { readonly requests: number; readonly cost: number };
  /** Of the quota the key takes most of; null: it uses none that keys share. */
  readonly quota: QuotaShare | null;
  /** Mean requests per period in up to 24 stretches of the window; null: unknown. */
  readonly trace: readonly (number | null)[];
  /** False: some of its use could not be read, and the figures are too low. */
  readonly complete: boolean;
}

/** The ranking and what it leaves out. */
export interface Ranking {
  readonly keys: readonly TopKey[];
  /** Keys with requests in the window that did not make the list. */
  readonly others: { readonly keys: number; readonly requests: number; readonly usd: UsdRange };
  /** All keys, in the list or not. */
  readonly total: UseTotal & { readonly keys: number; readonly quotas: readonly QuotaShare[] };
  readonly notAttributed: NotAttributed;
}

const TRACE_POINTS = 24;

/** The keys that use most, with everything that is needed to make their sum meet the bill. */
export function rankKeys(use: TopUse, by: TopOrder, limit: number): Ranking {
  const keys = [...keysOf(use)].filter(({ total }) => total.requests > 0);
  const total = sumTotals(keys.map((key) => key.total));
  const totalUse = sumQuotaUse(keys.flatMap(({ quotaUse }) => entriesOf(quotaUse)));
  const weight = WEIGHTS[by];
  const ranked = keys
    .map((key) => topKey(key, total, use))
    .toSorted((a, b) => weight(b) - weight(a) || b.requests - a.requests || (a.keyArn < b.keyArn ? -1 : 1));
  const others = sumTotals(ranked.slice(limit));
  return {
    keys: ranked.slice(0, limit),
    others: { keys: Math.max(0, ranked.length - limit), requests: others.requests, usd: others.usd },
    total: {
      ...total,
      keys: ranked.length,
      quotas: quotaShares(totalUse, use.periodSeconds, use.quota),
    },
    notAttributed: notAttributed(
      keys.map(({ facts }) => facts),
      totalUse,
      use,
    ),
  };
}

const WEIGHTS: Readonly<Record<TopOrder, (key: TopKey) => number>> = {
  requests: ({ requests }) => requests,
  cost: ({ usd }) => midUsd(usd),
  quota: ({ quota }) => quota?.average ?? 0,
};

interface KeyUse {
  readonly facts: KeyFacts;
  readonly series: readonly SeriesUse[];
  readonly operations: readonly OperationUse[];
  readonly total: UseTotal;
  readonly quotaUse: QuotaUse;
}

function* keysOf({ series, directory, seconds }: TopUse): Generator<KeyUse> {
  const byKey = new Map<KeyArn, SeriesUse[]>();
  for (const one of series) {
    const own = byKey.get(one.id.keyArn);
    if (own) own.push(one);
    else byKey.set(one.id.keyArn, [one]);
  }
  for (const [keyArn, own] of byKey) {
    const facts = factsOf(directory, keyArn);
    const operations = own
      .map(({ id: { operation }, requests: trace }): OperationUse => {
        const requests = knownSum(trace);
        return { operation, requests, usd: scaleUsd(priceRange(operation, facts.spec), requests) };
      })
      .filter(({ requests }) => requests > 0)
      .toSorted((a, b) => b.requests - a.requests);
    const counted = own.filter(({ id }) => id.operation !== REENCRYPT_DESTINATION);
    const usd = operations.reduce((sum, operation) => addUsd(sum, operation.usd), NO_USD);
    const before = counted.map(({ weekBefore }) => weekBefore);
    yield {
      facts,
      series: counted,
      operations,
      total: {
        requests: counted.reduce((sum, { requests }) => sum + knownSum(requests), 0),
        usd,
        usdPerMonth: scaleUsd(usd, (HOURS_A_MONTH * HOUR_SECONDS) / seconds),
        weekBefore: before.reduce<number | null>(
          (sum, more) => (sum === null || more === undefined ? null : sum + more),
          0,
        ),
      },
      quotaUse: sumQuotaUse(
        counted.map(({ id, requests }) => ({ group: quotaGroup(id.operation, facts.spec), requests })),
      ),
    };
  }
}

function topKey({ facts, series, operations, total, quotaUse }: KeyUse, all: UseTotal, use: TopUse): TopKey {
  const traces = series.map(({ requests }) => requests);
  const { region } = keyArnParts(facts.keyArn);
  return {
    keyArn: facts.keyArn,
    aliases: facts.aliases,
    spec: facts.spec ?? null,
    ...total,
    operations,
    share: {
      requests: part(total.requests, all.requests),
      cost: part(midUsd(total.usd), midUsd(all.usd)),
    },
    quota: quotaShares(quotaUse, use.periodSeconds, (group) => use.quota(group, region))[0] ?? null,
    trace: traceOf(traces),
    complete: !traces.some((trace) => trace.some(isUnknown)),
  };
}

const part = (of: number, whole: number): number => (whole > 0 ? of / whole : 0);

const entriesOf = (use: QuotaUse) => [...use].map(([group, requests]) => ({ group, requests }));

const sumTotals = (totals: readonly UseTotal[]): UseTotal =>
  totals.reduce<UseTotal>(
    (sum, more) => ({
      requests: sum.requests + more.requests,
      usd: addUsd(sum.usd, more.usd),
      usdPerMonth: addUsd(sum.usdPerMonth, more.usdPerMonth),
      weekBefore:
        sum.weekBefore === null || more.weekBefore === null ? null : sum.weekBefore + more.weekBefore,
    }),
    { requests: 0, usd: NO_USD, usdPerMonth: NO_USD, weekBefore: 0 },
  );

const knownSum = (requests: Float64Array): number =>
  requests.reduce((sum, more) => (isUnknown(more) ? sum : sum + more), 0);

function traceOf(traces: readonly Float64Array[]): (number | null)[] {
  const length = traces[0]?.length ?? 0;
  const stretch = Math.max(1, Math.ceil(length / TRACE_POINTS));
  return Array.from({ length: Math.ceil(length / stretch) }, (_, i) => {
    const cuts = traces.map((trace) => trace.subarray(i * stretch, (i + 1) * stretch));
    const sum = cuts.reduce((total, cut) => total + cut.reduce((all, more) => all + more, 0), 0);
    return isUnknown(sum) ? null : sum / (cuts[0]?.length ?? 1);
  });
}
