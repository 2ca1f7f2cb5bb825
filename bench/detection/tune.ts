import type { MoneyVerdict } from './judges/money.ts';

/** Judges the messages of a set at a threshold. */
export type JudgedTeller = (threshold: number) => MoneyVerdict;

/** What a team bears: false notices a week per 1,000 series. */
export const NOTICE_BUDGET = 3;

const STEPS = 22;
const LOWEST = 1e-3;
const HIGHEST = 1e7;

/**
 * The lowest threshold with at most three false notices a week per 1,000 series on these sets together. Halved on the
 * logarithm, because scores of some rivals are ratios near 1 and those of others count thousands of deviations.
 */
export function tune(judges: readonly JudgedTeller[]): number {
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    const verdicts = judges.map((judge) => judge(Math.exp(middle)));
    const notices = verdicts.reduce((sum, { falseNotices }) => sum + falseNotices, 0);
    const weeks = verdicts.reduce((sum, { kiloSeriesWeeks }) => sum + kiloSeriesWeeks, 0);
    if (notices / weeks > NOTICE_BUDGET) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}
