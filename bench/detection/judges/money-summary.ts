import type { MoneyVerdict, RunawayOutcome } from './money.ts';

/** A rate with the 95 % confidence interval of its Poisson count. */
export interface Rate {
  readonly count: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The figures of one or more accounts together. */
export interface MoneySummary {
  readonly runaways: number;
  readonly over1: number;
  readonly toldOver1: number;
  readonly over10: number;
  readonly pagedOver10: number;
  /** Of the runaways over $1 an hour that were told; undefined if none was. */
  readonly medianUsdBefore: number | undefined;
  readonly p90UsdBefore: number | undefined;
  readonly medianMinutes: number | undefined;
  /** Storms of these were told within this many minutes in 95 % of the cases. */
  readonly p95MinutesStorms: number | undefined;
  /** Dollars gone before the notice over all dollars of runaways over $1 an hour; one that was missed is gone whole. */
  readonly dollarsBefore: number;
  /** Per 1,000 series and week. */
  readonly falseNotices: Rate;
  /** Per 1,000 series and 30 days. */
  readonly falsePages: Rate;
  readonly missed: readonly string[];
}

const STORMS = ['retry', 'readall', 'newuse', 'spike'];
const WEEKS_PER_MONTH = 30 / 7;

/** Adds up the verdicts of several accounts. */
export function summarize(verdicts: readonly MoneyVerdict[]): MoneySummary {
  const outcomes = verdicts.flatMap((verdict) => verdict.outcomes);
  const over1 = outcomes.filter(({ peakUsdPerHour }) => peakUsdPerHour >= 1);
  const over10 = over1.filter(({ peakUsdPerHour }) => peakUsdPerHour >= 10);
  const told = over1.filter((outcome) => outcome.told);
  const weeks = sum(verdicts, ({ kiloSeriesWeeks }) => kiloSeriesWeeks);
  const storms = told.filter(({ kind }) => STORMS.includes(kind));
  return {
    runaways: outcomes.length,
    over1: over1.length,
    toldOver1: told.length,
    over10: over10.length,
    pagedOver10: over10.filter(({ paged }) => paged).length,
    medianUsdBefore: quantile(told, 0.5, ({ usdBefore }) => usdBefore),
    p90UsdBefore: quantile(told, 0.9, ({ usdBefore }) => usdBefore),
    medianMinutes: quantile(told, 0.5, ({ minutes }) => minutes),
    p95MinutesStorms: quantile(storms, 0.95, ({ minutes }) => minutes),
    dollarsBefore:
      sum(over1, (one) => (one.told ? one.usdBefore : one.usd)) /
      Math.max(
        1e-9,
        sum(over1, ({ usd }) => usd),
      ),
    falseNotices: rateOf(
      sum(verdicts, ({ falseNotices }) => falseNotices),
      weeks,
    ),
    falsePages: rateOf(
      sum(verdicts, ({ falsePages }) => falsePages),
      weeks / WEEKS_PER_MONTH,
    ),
    missed: over1.filter((one) => !one.told).map(missedText),
  };
}

const missedText = ({ kind, usd, peakUsdPerHour }: RunawayOutcome): string =>
  `${kind} $${usd.toFixed(2)} (peak $${peakUsdPerHour.toFixed(2)}/h)`;

function quantile(
  outcomes: readonly RunawayOutcome[],
  share: number,
  numberOf: (outcome: RunawayOutcome) => number,
): number | undefined {
  const sorted = outcomes.map(numberOf).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const sum = <T>(values: readonly T[], numberOf: (value: T) => number): number =>
  values.reduce((total, value) => total + numberOf(value), 0);

/**
 * Events over exposure with the exact Poisson interval, by the Wilson-Hilferty approximation of the chi-square
 * quantiles: off by less than 1 % from one event on, and an upper bound even where nothing happened.
 */
export function rateOf(count: number, exposure: number): Rate {
  const bound = (n: number, z: number) => n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3;
  return {
    count,
    value: count / exposure,
    low: count === 0 ? 0 : bound(count, -1.96) / exposure,
    high: bound(count + 1, 1.96) / exposure,
  };
}
