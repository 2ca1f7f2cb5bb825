import { shippedConfig } from '../shared/config.ts';
import {
  CALL_COUNTS,
  type Deployment,
  type MonthlyCost,
  monthlyCost,
  OWN_PRICES,
  runsPerMonth,
} from '../shared/domain/own-cost.ts';
import { RUN_METRICS } from '../shared/run-metrics.ts';

/** Series of a key: two to three operations are usual. */
const SERIES_PER_KEY = 2.5;
/** Of the keys, those in use in any three hours: the others are read once an hour where the cap holds. */
export const ACTIVE_SHARE = 0.6;
const CUSTOM_METRICS = Object.keys(RUN_METRICS).length;

/** The whole monthly bill under the shipped cap, with email and Slack, checked every five minutes. */
export function costUnderCap(keys: number): MonthlyCost {
  const deployment = { keys, series: keys * SERIES_PER_KEY, scheduleMinutes: 5, slack: true };
  return monthlyCost({ ...deployment, metricsPerRun: metricsPerRun(deployment) }, CUSTOM_METRICS);
}

/** Every series if the cap allows it; else what it allows; the least paces in any case. */
function metricsPerRun(deployment: Deployment): number {
  const { series, scheduleMinutes } = deployment;
  const everything = series + CALL_COUNTS;
  const other = monthlyCost({ ...deployment, metricsPerRun: 0 }, CUSTOM_METRICS).total;
  const affordable =
    (shippedConfig().MONTHLY_USD_CAP - other) /
    OWN_PRICES.getMetricDataPerMetric /
    runsPerMonth(scheduleMinutes);
  if (affordable >= everything) return everything;
  const least = series * (ACTIVE_SHARE / 3 + (1 - ACTIVE_SHARE) / 12) + 2 * CALL_COUNTS;
  return Math.max(least, affordable);
}

/** The table of the README. */
export function costTable(): string {
  const rows = [10, 100, 400, 1000].map(
    (keys) =>
      `| ${keys.toLocaleString('en-US')} (${(keys * SERIES_PER_KEY).toLocaleString('en-US')} series) | ${cells(costUnderCap(keys))} |`,
  );
  return [
    '| keys | CloudWatch reads | metrics, alarms, secret | table | Lambda, logs | **a month** |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function cells(cost: MonthlyCost): string {
  const { getMetricData, customMetrics, alarms, secret, table, lambda, logs, total } = cost;
  const parts = [getMetricData, customMetrics + alarms + secret, table, lambda + logs].map(dollars);
  return [...parts, `**${dollars(total)}**`].join(' | ');
}

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

if (process.argv[1] === import.meta.filename) process.stdout.write(`${costTable()}\n`);
