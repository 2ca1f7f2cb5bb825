import { STATE_BYTES } from '../../shared/domain/detection/baseline.ts';
import { OWN_PRICES } from '../../shared/domain/own-cost.ts';
import { machine } from '../detection/machine.ts';
import { markdownTable } from '../detection/report/markdown.ts';
import { OPERATIONS } from './account.ts';
import { type Check, MEMORY_MEGABYTES, type Measured, TIMEOUT_SECONDS } from './measure.ts';

/** Requests of ListMetrics, beyond the free million: $0.01 for every 1,000. */
const LIST_METRICS_REQUEST = 0.01 / 1000;

/** What one check costs by list price: reads of CloudWatch and of the table, writes, the function's time. */
export function usdOf({ calls, report, seconds }: Check, series: number): number {
  const kilobytes = STATE_BYTES / 1024;
  const writeUnits = (calls['dynamodb:UpdateItem'] ?? 0) * Math.ceil(OPERATIONS.length * kilobytes);
  return (
    report.metricsRequested * OWN_PRICES.getMetricDataPerMetric +
    (calls['cloudwatch:ListMetrics'] ?? 0) * LIST_METRICS_REQUEST +
    // Eventually consistent: half a unit for 4 KB.
    ((series * kilobytes) / 8) * OWN_PRICES.readUnit +
    writeUnits * OWN_PRICES.writeUnit +
    (seconds * MEMORY_MEGABYTES * OWN_PRICES.lambdaGbSecond) / 1024
  );
}

const row = (kind: string, check: Check, series: number): string[] => {
  const calls = Object.values(check.calls).reduce((sum, count) => sum + count, 0);
  return [
    series.toLocaleString('en-US'),
    kind,
    check.seconds.toFixed(0),
    check.cpuSeconds.toFixed(1),
    ((check.cpuSeconds * 1e6) / series).toFixed(0),
    check.megabytes.toFixed(0),
    String(calls),
    `$${usdOf(check, series).toFixed(4)}`,
  ];
};

const HEADER = ['series', 'check', 'seconds', 'CPU s', 'CPU µs a series', 'MB', 'API calls', 'a check'];

/** RESULTS.md. */
export function resultsDocument(all: readonly Measured[]): string {
  const rows = all.flatMap(({ series, hourly, ordinary }) => [
    row('hourly', hourly, series),
    row('ordinary', ordinary, series),
  ]);
  const last = all.at(-1)?.ordinary.calls ?? {};
  const calls = Object.entries(last).toSorted(([, a], [, b]) => b - a);
  return `# How much one Lambda checks

The built bundle in a process of its own against the embedded AWS over HTTP: every call waits 40 to 120 ms first, and
CloudWatch refuses what is beyond its documented rates (500 GetMetricData and 25 ListMetrics a second; 180,000
datapoints a second, 396,000 of requests that start more than three hours ago). ${OPERATIONS.length} operations a key, nine weeks learned,
two hours to read, five keys that run away; the cap on the own bill is out of reach. The template gives ${MEMORY_MEGABYTES} MB and
${TIMEOUT_SECONDS} s. Written by \`npm run bench:scale\`.

\`hourly\` lists all metrics and all aliases, as once an hour, and is the container's first; it also looks up the callers
of the runaways. \`ordinary\` is the third check. \`MB\` is the largest resident memory of the process since it began.
Seconds are of the clock on the wall, on a machine that serves the embedded AWS at the same time and whatever else it
has to do; CPU seconds are of the process with the bundle alone, and a function with ${MEMORY_MEGABYTES} MB has 0.58 of a processor.
Dollars are list prices of one check. ${machine()}.

${markdownTable(HEADER, rows)}

Calls of the ordinary check of ${(all.at(-1)?.series ?? 0).toLocaleString('en-US')} series: ${calls.map(([action, count]) => `${action} ${count}`).join(', ')}.
`;
}
