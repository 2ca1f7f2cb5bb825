import * as z from 'zod';
import { detect } from '../../shared/app/detect.ts';
import type { Nameable, Wanted } from '../../shared/app/requested-names.ts';
import { coverageOf } from '../../shared/app/status.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import {
  BIN_SECONDS,
  BINS_PER_WEEK,
  DAY_SECONDS,
  type EpochSeconds,
  settledEnd,
} from '../../shared/domain/usage/time.ts';
import { isoDuration } from '../../shared/duration.ts';
import { plain } from '../../shared/render/text.ts';
import { type LookOptions, QUIET, readOnlyPorts, readOnlySettings } from '../account.ts';
import { announced, metricsCost } from '../announced.ts';
import { ask, type FunctionOptions, functionRegion, reportWith } from '../deployed/ask.ts';
import { keptTime, readPolicy, valid } from '../options.ts';
import { withOutputFile } from '../output-file.ts';
import type { Paint } from '../paint.ts';
import { printableJson } from '../printable-json.ts';
import { type Progress, SILENT } from '../progress.ts';
import { regionsOf } from '../regions.ts';
import { follow, followedBy, refuseFunction } from '../report/follow.ts';
import { simulatedAccount } from '../top/simulated-account.ts';
import { UsageError } from '../usage-error.ts';
import { watching } from '../watched.ts';
import { asCsv } from './as-csv.ts';
import { asPage, type Drawn } from './as-page.ts';
import { asTable, type Checked } from './as-table.ts';
import { KEY_WORDS, type Looked, refuseUnmatched, unmatched } from './unmatched.ts';

/** What the command line says. */
export interface CheckOptions extends LookOptions {
  /** Separated by commas. */
  readonly operations?: string;
  /** ISO 8601 time. */
  readonly at?: string;
  /** ISO 8601 duration. */
  readonly lookback?: string;
  readonly notify?: boolean;
  readonly format: 'table' | 'json' | 'csv';
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
  refuseFunction('check', options);
  const checked = await withOutputFile(options.html, async (page) => {
    const found =
      name === undefined
        ? await checkAccount(keys, options, { progress, note })
        : [await askCheck(keys, { ...options, function: name })];
    page?.write(asPage(found));
    return found;
  });
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
  const wanted = wantedOf(keys, options);
  const payload = { action: 'check', ...wanted, at, lookback: before, notify };
  const report = await ask(payload, options, runReport, KEY_WORDS);
  if (report.series === 0) refuseUnmatched(wanted, options.function);
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
    const looked: Looked[] = [];
    for (const region of await regionsOf(where)) {
      const { report, drawn, there } = await checkRegion(region, keys, options, { progress, note });
      looked.push({ region, there, isEmpty: report.series === 0 });
      if (report.series > 0 && report.keys > 0 && coverageOf(report) === 0)
        throw new NothingCheckedError(report);
      if (report.series > 0)
        checked.push({ region, report, from: options.local ? 'simulation' : 'account', drawn });
    }
    for (const line of unmatched(wantedOf(keys, options), looked)) note(line);
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
): Promise<Pick<Checked, 'report' | 'drawn'> & { readonly there: readonly Nameable[] }> {
  const policy = await readPolicy(options.policy);
  const ports = await readOnlyPorts({ region, profile: options.local ? undefined : options.profile }, QUIET);
  const now = ports.clock.now();
  const settings = readOnlySettings(policy, region);
  const asOf = keptTime('--at', options.at, now);
  const lookbackSeconds =
    options.lookback === undefined ? DAY_SECONDS : valid('--lookback', options.lookback, lookback);
  const drawn =
    options.html === undefined ? undefined : drawnFrom(asOf, lookbackSeconds, settings.settleSeconds);
  const there: Nameable[] = [];
  const report = await detect(
    {
      ...ports,
      metrics: watching(
        progress,
        `${region}: reading CloudWatch`,
      )(announced(ports.metrics, (metrics) => note(`${region}: ${metricsCost(metrics)}`))),
    },
    { ...followedBy(settings, drawn?.followed), onFound: (found) => there.push(found) },
    {
      runId: 'check',
      asOf,
      deadline: Number.POSITIVE_INFINITY,
      ...wantedOf(keys, options),
      replay: true,
      lookbackSeconds,
      notify: false,
    },
  );
  return { report, drawn, there };
}

/** A page shows what is judged with the week before it, or what is left of that in CloudWatch. */
function drawnFrom(asOf: EpochSeconds, lookbackSeconds: number, settleSeconds: number): Drawn {
  const endBin = settledEnd(asOf, settleSeconds);
  const judgedFrom = endBin - 1 - Math.floor(lookbackSeconds / BIN_SECONDS);
  const fromBin = judgedFrom - BINS_PER_WEEK;
  return { followed: follow(fromBin), fromBin, judgedFrom, endBin };
}

function wantedOf(keys: readonly string[], { operations }: CheckOptions): Wanted {
  const named = operations?.split(',').map((operation) => operation.trim());
  return { ...(keys.length > 0 && { keys }), ...(named && { operations: named }) };
}

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
