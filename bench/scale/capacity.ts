import { CALL_COUNTS, OWN_PRICES, runsPerMonth } from '../../shared/domain/own-cost.ts';
import { MAX_QUERIES } from '../../shared/domain/usage/query-plan.ts';
import { SHARDS } from '../../shared/domain/usage/shard.ts';
import { BINS_PER_HOUR } from '../../shared/domain/usage/time.ts';
import { markdownTable } from '../detection/report/markdown.ts';

/** What AWS documents, with its page. */
export const DOCUMENTED = {
  /** Datapoints a second of requests that start within three hours: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
  datapointsPerSecond: 180_000,
  /** The same page. */
  getMetricDataPerSecond: 500,
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
  listedPerRequest: 500,
  listMetricsPerSecond: 25,
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 1,769 MB are one processor. */
  megabytesPerProcessor: 1769,
} as const;

/** What `bench/scale/RESULTS.md` measured, rounded up. */
export const MEASURED = {
  /** Of the function's process in an ordinary check. */
  cpuSecondsPerSeries: 0.0009,
  cpuSecondsBefore: 1,
  /** Largest resident memory. */
  megabytesBefore: 170,
  megabytesPerSeries: 0.011,
} as const;

/** What the design says, or the template. */
export const DESIGN = {
  memoryMegabytes: 1024,
  timeoutSeconds: 240,
  /** An older check is refused: so long all steps of a divided one may take. */
  staleAfterSeconds: 900,
  shardsAtOnce: 4,
  requestsAtOnce: 5,
  writesAtOnce: 32,
  operationsPerKey: 3,
  /** A baseline is read again from an hour and a half before the check on, two hours in the middle. */
  binsRead: 2 * BINS_PER_HOUR,
  baselineKilobytes: 4,
  /** Assumed: what a call takes. */
  latencySeconds: 0.08,
} as const;

/** What one check of many series takes. */
export interface Capacity {
  readonly series: number;
  readonly apiCalls: number;
  readonly seconds: number;
  /** Of the function that needs most. */
  readonly megabytes: number;
  readonly usdACheck: number;
  readonly usdAMonth: number;
  /** The first limit that does not hold; undefined: it fits. */
  readonly limit: string | undefined;
}

const KILOBYTES_A_PAGE = 1024;

/** Seconds of the parts of a check of this many series by one function, one after the other. */
function secondsOf(series: number) {
  const { latencySeconds, requestsAtOnce, writesAtOnce, operationsPerKey, binsRead } = DESIGN;
  const processors = DESIGN.memoryMegabytes / DOCUMENTED.megabytesPerProcessor;
  const pages = Math.ceil((series * DESIGN.baselineKilobytes) / KILOBYTES_A_PAGE / SHARDS);
  const requests = Math.ceil(series / MAX_QUERIES);
  const saves = series / operationsPerKey / BINS_PER_HOUR;
  return {
    load: pages * latencySeconds,
    list: listSeconds(series),
    read: Math.max(
      (series * binsRead) / DOCUMENTED.datapointsPerSecond,
      (requests * latencySeconds) / requestsAtOnce,
    ),
    save: (saves * latencySeconds) / writesAtOnce,
    compute: (MEASURED.cpuSecondsBefore + series * MEASURED.cpuSecondsPerSeries) / processors,
  };
}

/** Pages come one after the other. */
const listSeconds = (series: number): number =>
  Math.ceil(series / DOCUMENTED.listedPerRequest) *
  Math.max(DESIGN.latencySeconds, 1 / DOCUMENTED.listMetricsPerSecond);

const sum = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0);

const megabytesOf = (series: number): number =>
  MEASURED.megabytesBefore + series * MEASURED.megabytesPerSeries;

/** One function checks everything. */
export function oneFunction(series: number): Capacity {
  const seconds = sum(secondsOf(series));
  const megabytes = megabytesOf(series);
  const limit =
    megabytes > DESIGN.memoryMegabytes
      ? `memory of ${DESIGN.memoryMegabytes} MB`
      : seconds > DESIGN.timeoutSeconds
        ? `timeout of ${DESIGN.timeoutSeconds} s`
        : undefined;
  return { series, seconds, megabytes, limit, ...billOf(series, seconds, 1) };
}

/** The state machine: one list, 16 shards of which four are checked at once, one step that tells. */
export function divided(series: number): Capacity {
  const { list, ...parts } = secondsOf(series / SHARDS);
  const shard = sum(parts);
  const rounds = SHARDS / DESIGN.shardsAtOnce;
  const atCloudWatchsPace = (series * DESIGN.binsRead) / DOCUMENTED.datapointsPerSecond;
  const listing = listSeconds(series);
  const seconds = listing + Math.max(rounds * shard, atCloudWatchsPace) + list;
  const megabytes = megabytesOf(series / SHARDS);
  const limit =
    megabytes > DESIGN.memoryMegabytes
      ? `memory of ${DESIGN.memoryMegabytes} MB`
      : listing > DESIGN.timeoutSeconds
        ? 'ListMetrics within the timeout'
        : shard > DESIGN.timeoutSeconds
          ? `timeout of ${DESIGN.timeoutSeconds} s`
          : seconds > DESIGN.staleAfterSeconds
            ? `${DESIGN.staleAfterSeconds} s until a check is too old`
            : undefined;
  return { series, seconds, megabytes, limit, ...billOf(series, listing + SHARDS * shard, SHARDS + 2) };
}

/** Calls and dollars, by list price, every five minutes. Step Functions itself is left out: its price was not read. */
function billOf(series: number, functionSeconds: number, invocations: number) {
  const { baselineKilobytes, operationsPerKey } = DESIGN;
  const saves = series / operationsPerKey / BINS_PER_HOUR;
  const lists = Math.ceil(series / DOCUMENTED.listedPerRequest);
  const reads = Math.ceil(series / MAX_QUERIES);
  const loads = Math.max(SHARDS, Math.ceil((series * baselineKilobytes) / KILOBYTES_A_PAGE));
  const usdACheck =
    (series + CALL_COUNTS) * OWN_PRICES.getMetricDataPerMetric +
    lists * OWN_PRICES.getMetricDataPerMetric +
    ((series * baselineKilobytes) / 8) * OWN_PRICES.readUnit +
    saves * Math.ceil(operationsPerKey * baselineKilobytes) * OWN_PRICES.writeUnit +
    functionSeconds * (DESIGN.memoryMegabytes / 1024) * OWN_PRICES.lambdaGbSecond +
    invocations * OWN_PRICES.lambdaRequest;
  return {
    apiCalls: lists + reads + loads + Math.ceil(saves),
    usdACheck,
    usdAMonth: usdACheck * runsPerMonth(5),
  };
}

const SIZES = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

/** The table of docs/scale.md. */
export function capacityTable(): string {
  const rows = SIZES.flatMap((series) => [
    rowOf('one function', oneFunction(series)),
    rowOf('divided', divided(series)),
  ]);
  const header = [
    'series',
    '',
    'API calls',
    'minutes',
    'MB a function',
    'a check',
    'a month',
    'limit that bites',
  ];
  return markdownTable(header, rows);
}

const rowOf = (kind: string, one: Capacity): string[] => [
  one.series.toLocaleString('en-US'),
  kind,
  one.apiCalls.toLocaleString('en-US'),
  (one.seconds / 60).toFixed(1),
  one.megabytes.toFixed(0),
  `$${one.usdACheck.toFixed(2)}`,
  `$${Math.round(one.usdAMonth).toLocaleString('en-US')}`,
  one.limit ?? 'none',
];

if (process.argv[1] === import.meta.filename) process.stdout.write(`${capacityTable()}\n`);
