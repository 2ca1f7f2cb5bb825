import { backtest, disturbances } from '../../shared/app/backtest.ts';
import { type Forecast, forecast } from '../../shared/domain/forecast.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { BINS_PER_DAY, binEnd } from '../../shared/domain/usage/time.ts';
import { settingsFor } from '../detection/evidence.ts';
import { type AccountPlan, simulate } from '../detection/world/account.ts';

/** Days that are looked back on and forecast: a fortnight each. */
export const DAYS = 14;

/** How often people were disturbed in one fortnight, what was said of the next one, and how it turned out. */
export interface Trial {
  readonly before: number;
  readonly forecast: Forecast;
  readonly came: number;
}

/** The two forecasts of one account. */
export interface AccountTrials {
  readonly notices: Trial;
  readonly pages: Trial;
}

/**
 * Replays an account, forecasts the second judged fortnight from the first one and compares. What is told on a day
 * depends on no later one, so one replay gives both fortnights.
 */
export function tryForecast(plan: AccountPlan, policy: Policy): AccountTrials {
  const { recording, judgeFromBin } = simulate(plan);
  const { messages } = backtest(recording, settingsFor(recording, policy, judgeFromBin));
  const boundary = binEnd(judgeFromBin + DAYS * BINS_PER_DAY - 1);
  const end = binEnd(judgeFromBin + 2 * DAYS * BINS_PER_DAY - 1);
  const before = disturbances(messages.filter(({ at }) => at < boundary));
  const after = disturbances(messages.filter(({ at }) => at >= boundary && at < end));
  const trial = (past: number, came: number): Trial => ({
    before: past,
    forecast: forecast(past, DAYS, DAYS),
    came,
  });
  return { notices: trial(before.notices, after.notices), pages: trial(before.pages, after.pages) };
}

/** Whether the coming fortnight lay inside the interval. */
export const isInside = ({ forecast: { low, high }, came }: Trial): boolean => came >= low && came <= high;
