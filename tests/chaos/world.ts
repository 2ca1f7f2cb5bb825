import { type Random, randomFrom } from '../../bench/detection/world/random.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import {
  BINS_PER_DAY,
  BINS_PER_HOUR,
  type Bin,
  binAt,
  binStart,
  DAY_SECONDS,
  type EpochSeconds,
} from '../../shared/domain/usage/time.ts';
import { aKeyArn } from '../support/keys.ts';

/** What is used of one key by one operation, and never changes: what CloudWatch says of it may be late. */
export interface TrueSeries {
  readonly metric: Extract<Metric, { readonly kind: 'key' }>;
  readonly startBin: Bin;
  /** Requests per bin since the key was born, NaN once it is gone. */
  readonly requests: Float64Array;
}

/** A stretch in which a key is used far beyond its usual. */
export interface Runaway {
  readonly keyArn: KeyArn;
  readonly fromBin: Bin;
  readonly toBin: Bin;
}

/** An account with its history, and the days that are played. */
export interface ChaosWorld {
  readonly start: EpochSeconds;
  readonly end: EpochSeconds;
  /** How often the schedule checks. */
  readonly paceSeconds: number;
  /** Seconds after the end of a bin at which CloudWatch shows it. */
  readonly delaySeconds: number;
  readonly series: readonly TrueSeries[];
  readonly runaways: readonly Runaway[];
}

/** A Wednesday, 08:00 UTC. */
const START = Date.parse('2026-11-18T08:00:00Z') / 1000;

/** Days of history and their weights: eight weeks are what a back-fill reads, less makes for young baselines and quick plays. */
const HISTORY_DAYS = { 10: 3, 21: 4, 58: 2 } as const;

/** Requests in five minutes beyond the usual: what a runaway of the first key has at least is told. */
const EXCESS = { told: 150_000, least: 20_000, most: 800_000 } as const;

/** The longest publication delay that the detector promises to live with is 30 minutes, until a bin is final. */
const DELAYS = [60, 180, 300, 600] as const;

/** The world of a seed. */
export function worldOf(seed: number, days: number): ChaosWorld {
  const random = randomFrom(seed, 1);
  const start = START;
  const end = start + days * DAY_SECONDS;
  const runaways: Runaway[] = [];
  const series: TrueSeries[] = [];
  const historyBins = Number(random.weighted(HISTORY_DAYS)) * BINS_PER_DAY;
  const keys = random.whole(1, 3);
  for (let key = 1; key <= keys; key++) {
    const keyArn = aKeyArn(key);
    const ofKey = runawaysOf(keyArn, start, end, random);
    runaways.push(...ofKey);
    // Half of the accounts have a key that appears while they are watched.
    const bornBin =
      key === keys && keys > 1 && random.chance(0.5) ? binAt(start) + random.whole(6, 120) : undefined;
    // Some are used no more after a while. The first key's runaway is told in every world.
    const goneBin = key > 1 && random.chance(0.2) ? random.whole(binAt(start), binAt(end)) : binAt(end);
    const excess = random.logBetween(key === 1 ? EXCESS.told : EXCESS.least, EXCESS.most);
    const operations = random.chance(0.3) ? ['Decrypt', 'GenerateDataKey'] : ['Decrypt'];
    for (const operation of operations)
      series.push(
        aSeries(
          { kind: 'key', keyArn, operation },
          bornBin ?? binAt(start) - historyBins,
          ofKey,
          goneBin,
          end,
          excess,
          random,
        ),
      );
  }
  const paceSeconds = Number(random.weighted({ 300: 2, 900: 5, 1800: 2, 3600: 1 }));
  return { start, end, paceSeconds, delaySeconds: random.pick(DELAYS), series, runaways };
}

/** One or two, half of the time apart, the last early enough to be over before the end. */
function runawaysOf(keyArn: KeyArn, start: EpochSeconds, end: EpochSeconds, random: Random): Runaway[] {
  const [first, last] = [binAt(start) + 2 * BINS_PER_HOUR, binAt(end) - 14 * BINS_PER_HOUR];
  const half = Math.floor((last - first) / 2);
  return Array.from({ length: random.whole(1, 2) }, (_, i) => {
    const fromBin = first + i * half + random.whole(0, half - BINS_PER_DAY / 2);
    return { keyArn, fromBin, toBin: fromBin + random.whole(6, 36) };
  });
}

function aSeries(
  metric: TrueSeries['metric'],
  startBin: Bin,
  runaways: readonly Runaway[],
  goneBin: Bin,
  end: EpochSeconds,
  excess: number,
  random: Random,
): TrueSeries {
  const usual = random.logBetween(50, 3000);
  const swing = random.between(0, 0.5);
  const requests = Float64Array.from({ length: binAt(end) - startBin }, (_, i) => {
    const bin = startBin + i;
    if (bin >= goneBin) return Number.NaN;
    const day = 1 + swing * Math.sin((2 * Math.PI * (binStart(bin) % DAY_SECONDS)) / DAY_SECONDS);
    const isAway = runaways.some(({ fromBin, toBin }) => bin >= fromBin && bin < toBin);
    return random.poisson(usual * day) + (isAway ? Math.round(excess * random.factor(0.1)) : 0);
  });
  return { metric, startBin, requests };
}
