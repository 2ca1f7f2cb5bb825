import { type MonthlyCost, monthlyCost } from '../shared/domain/own-cost.ts';
import { RUN_METRICS } from '../shared/run-metrics.ts';

/** Series of a key: two to three operations are usual. */
const SERIES_PER_KEY = 2.5;

/** The table of the README: the whole monthly bill by number of keys, with email and Slack, checked every five minutes. */
export function costTable(): string {
  const rows = [10, 100, 1000].map((keys) => {
    const series = keys * SERIES_PER_KEY;
    const cost = monthlyCost(
      { keys, series, scheduleMinutes: 5, slack: true },
      Object.keys(RUN_METRICS).length,
    );
    return `| ${keys.toLocaleString('en-US')} (${series.toLocaleString('en-US')} series) | ${cells(cost)} |`;
  });
  return [
    '| keys | CloudWatch reads | metrics, alarms, secret | table | Lambda, logs | **a month** |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function cells({
  getMetricData,
  customMetrics,
  alarms,
  secret,
  table,
  lambda,
  logs,
  total,
}: MonthlyCost): string {
  const parts = [getMetricData, customMetrics + alarms + secret, table, lambda + logs].map(dollars);
  return [...parts, `**${dollars(total)}**`].join(' | ');
}

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

if (process.argv[1] === import.meta.filename) process.stdout.write(`${costTable()}\n`);
