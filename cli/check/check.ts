import * as z from 'zod';
import { detect } from '../../shared/app/detect.ts';
import { coverageOf } from '../../shared/app/status.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { DAY_SECONDS } from '../../shared/domain/usage/time.ts';
import { isoDuration } from '../../shared/duration.ts';
import { plain } from '../../shared/render/text.ts';
import { QUIET, readOnlyPorts, readOnlySettings } from '../account.ts';
import { announced, metricsCost } from '../announced.ts';
import { ask, type FunctionOptions, functionRegion, reportWith } from '../deployed/ask.ts';
import { pastTime, readPolicy, valid } from '../options.ts';
import type { Paint } from '../paint.ts';
import { printableJson } from '../printable-json.ts';
import { type Progress, SILENT } from '../progress.ts';
import { regionsOf } from '../regions.ts';
import { simulatedAccount } from '../top/simulated-account.ts';
import { UsageError } from '../usage-error.ts';
import { watching } from '../watched.ts';
import { asCsv } from './as-csv.ts';
import { asTable, type Checked } from './as-table.ts';

/** What the command line says. */
export interface CheckOptions {
  /** Separated by commas. */
  readonly operations?: string;
  /** ISO 8601 time. */
  readonly at?: string;
  /** ISO 8601 duration. */
  readonly lookback?: string;
  readonly notify?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly policy?: string;
  readonly format: 'table' | 'json' | 'csv';
  readonly local?: true;
  readonly function?: string;
}

/** Where the answer goes. */
export interface CheckStreams {
  readonly out: NodeJS.WritableStream;
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint?: Paint;
  readonly progress?: Progress;
  readonly note: (line: string) => void;
}

const lookback = isoDuration(300, 56 * DAY_SECONDS, 'PT6H');

/** Judges keys, by the deployed detector or straight from the account. Returns the number of open incidents. */
export async function runCheck(
  keys: readonly string[],
  options: CheckOptions,
  { out, width, paint, progress = SILENT, note }: CheckStreams,
): Promise<number> {
  const { function: name } = options;
  const checked =
    name === undefined
      ? await checkAccount(keys, options, { progress, note })
      : [await askCheck(keys, { ...options, function: name })];
  if (options.format === 'json')
    out.write(printableJson({ reports: checked.map(({ region, report }) => ({ region, ...report })) }, 2));
  else if (options.format === 'csv') out.write(asCsv(checked));
  else out.write(checked.map((one) => asTable(one, width, paint)).join('\n'));
  return checked.flatMap(({ report }) => report.incidents).filter(({ status }) => status === 'open').length;
}

const runReport = reportWith<RunReport>(
  z.object({ keys: z.int(), series: z.int(), incidents: z.array(z.object({ id: z.string() })) }),
);

async function askCheck(keys: readonly string[], options: CheckOptions & FunctionOptions): Promise<Checked> {
  const { at, lookback: before, notify } = options;
  const chosen = {
    ...(keys.length > 0 && { keys }),
    operations: operationsOf(options),
    at,
    lookback: before,
    notify,
  };
  const report = await ask({ action: 'check', ...chosen }, options, runReport, { keys: '[keys]' });
  return { region: await functionRegion(options), report, from: 'function' };
}

type Aside = Pick<CheckStreams, 'note'> & { readonly progress: Progress };

async function checkAccount(
  keys: readonly string[],
  options: CheckOptions,
  { progress, note }: Aside,
): Promise<Checked[]> {
  if (options.notify) throw new UsageError('--notify: only with --function, which has the receivers');
  const aws = options.local ? await simulatedAccount() : undefined;
  try {
    const where = options.local ? { region: options.region } : options;
    const checked: Checked[] = [];
    for (const region of await regionsOf(where)) {
      const report = await checkRegion(region, keys, options, { progress, note });
      if (report.series > 0 && report.keys > 0 && coverageOf(report) === 0)
        throw new NothingCheckedError(report);
      if (report.series > 0) checked.push({ region, report, from: options.local ? 'simulation' : 'account' });
      else note(nothingIn(region, keys));
    }
    return checked;
  } finally {
    progress.end();
    await aws?.close();
  }
}

async function checkRegion(
  region: string,
  keys: readonly string[],
  options: CheckOptions,
  { progress, note }: Aside,
): Promise<RunReport> {
  const policy = await readPolicy(options.policy);
  const ports = await readOnlyPorts({ region, profile: options.local ? undefined : options.profile }, QUIET);
  const now = ports.clock.now();
  const operations = operationsOf(options);
  return detect(
    {
      ...ports,
      metrics: watching(
        progress,
        `${region}: reading CloudWatch`,
      )(announced(ports.metrics, (metrics) => note(`${region}: ${metricsCost(metrics)}`))),
    },
    readOnlySettings(policy, region),
    {
      runId: 'check',
      asOf: pastTime('--at', options.at, now),
      deadline: Number.POSITIVE_INFINITY,
      ...(keys.length > 0 && { keys }),
      ...(operations && { operations }),
      replay: true,
      lookbackSeconds:
        options.lookback === undefined ? DAY_SECONDS : valid('--lookback', options.lookback, lookback),
      notify: false,
    },
  );
}

const operationsOf = ({ operations }: CheckOptions): readonly string[] | undefined =>
  operations?.split(',').map((operation) => operation.trim());

const nothingIn = (region: string, keys: readonly string[]): string =>
  keys.length === 0
    ? `No KMS use in ${region}; try --region all`
    : `No use of such keys in ${region}: \`kms-runaway top\` lists those that are used`;

/** Not one key could be checked: a fault, which is not to look like quiet. */
class NothingCheckedError extends Error {
  override name = 'NothingCheckedError' as const;

  constructor({ keys, notChecked }: RunReport) {
    const reasons = Object.entries(notChecked).map(([reason, { count, examples }]) => {
      return `${count} ${reason} (${plain(examples[0] ?? '', 200)})`;
    });
    super(`none of ${keys} keys could be checked: ${reasons.join('; ')}`);
  }
}
