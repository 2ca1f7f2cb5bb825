import {
  BIN_SECONDS,
  BINS_PER_HOUR,
  type Bin,
  binStart,
  isoTime,
} from '../../../shared/domain/usage/time.ts';
import { type Account, type SimulatedKey, USD_PER_REQUEST } from './account.ts';
import type { MoneyLabels, MoneyRunaway, ScoreLabels, Tolerated } from './labels.ts';
import type { Runaway } from './runaways.ts';
import type { Stretch } from './trouble.ts';

/** Series that carry less of a runaway than this share are not blamed for missing it. */
const OWN_SHARE = 0.25;

/** What really happened, by key and in dollars. */
export function moneyLabels(account: Account): MoneyLabels {
  const { recording, startBin } = account;
  return {
    ...spanOf(account),
    usdPerRequest: USD_PER_REQUEST,
    series: recording.series.length,
    keys: account.keys.map(({ keyArn, shape, usdPerMonth, runaways, tolerated }) => ({
      keyArn,
      shape,
      usdPerMonth,
      runaways: runaways.map((runaway) => moneyRunaway(runaway, startBin)),
      tolerated: tolerated.map((stretch) => dated(stretch, startBin)),
    })),
  };
}

/** The same by series and in requests. */
export function scoreLabels(account: Account): ScoreLabels {
  const { recording, startBin, judgeFromBin } = account;
  const byArn = new Map(account.keys.map((key) => [key.keyArn, key]));
  return {
    ...spanOf(account),
    series: recording.series.map(({ id, usage }) => {
      const key = byArn.get(id.keyArn);
      const index = key?.operations.findIndex(({ operation }) => operation === id.operation) ?? -1;
      return {
        ...id,
        usualHour: usualHour(usage.requests, judgeFromBin - usage.startBin),
        runaways: key ? ownRunaways(key, index, startBin) : [],
        // A neighbour's share of a runaway is neither to be found nor false.
        tolerated: key
          ? [...key.tolerated, ...lesserRunaways(key, index)].map((s) => dated(s, startBin))
          : [],
      };
    }),
  };
}

function ownRunaways({ runaways }: SimulatedKey, index: number, startBin: Bin) {
  return runaways
    .filter((runaway) => shareOf(runaway, index) >= OWN_SHARE)
    .map((runaway) => ({
      ...dated(runaway, startBin),
      excessRequests: sumOf(runaway.excess[index] ?? []),
    }));
}

const lesserRunaways = ({ runaways }: SimulatedKey, index: number): Stretch[] =>
  runaways
    .filter((runaway) => shareOf(runaway, index) < OWN_SHARE)
    .map(({ kind, from, to }) => ({ kind, from, to: to + BINS_PER_HOUR }));

const shareOf = ({ excess }: Runaway, index: number): number =>
  sumOf(excess[index] ?? []) / Math.max(1, ...excess.map(sumOf));

const sumOf = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

function moneyRunaway(runaway: Runaway, startBin: Bin): MoneyRunaway {
  const excess = Array.from({ length: runaway.to - runaway.from }, (_, i) =>
    runaway.excess.reduce((sum, one) => sum + (one[i] ?? 0), 0),
  );
  let hour = 0;
  let peak = 0;
  for (const [i, count] of excess.entries()) {
    hour += count - (excess[i - BINS_PER_HOUR] ?? 0);
    peak = Math.max(peak, hour);
  }
  return {
    ...dated(runaway, startBin),
    usd: sumOf(excess) * USD_PER_REQUEST,
    peakUsdPerHour: peak * USD_PER_REQUEST,
    excess,
  };
}

const spanOf = ({ recording, judgeFromBin }: Account) => ({
  judgeFrom: isoTime(binStart(judgeFromBin)),
  endsAt: isoTime(binStart(recording.endBin)),
  binSeconds: BIN_SECONDS,
});

const dated = ({ kind, from, to }: Stretch, startBin: Bin): Tolerated => ({
  kind,
  from: isoTime(binStart(startBin + from)),
  to: isoTime(binStart(startBin + to)),
});

/** Median hourly sum of the week before an index. */
function usualHour(requests: Float64Array, until: number): number {
  const sums = Array.from({ length: 168 }, (_, hour) => {
    const from = until - (hour + 1) * BINS_PER_HOUR;
    return from < 0 ? 0 : sumOf(requests.subarray(from, from + BINS_PER_HOUR));
  });
  return sums.toSorted((a, b) => a - b)[84] ?? 0;
}
