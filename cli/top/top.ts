import pLimit from 'p-limit';
import * as z from 'zod';
import type { Diagnosis } from '../../shared/app/diagnose.ts';
import { diagnoseTop } from '../../shared/app/diagnose-top.ts';
import { type TopPlan, type TopReport, top } from '../../shared/app/top.ts';
import { shippedConfig } from '../../shared/config.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { TopOrder } from '../../shared/domain/top.ts';
import { diagnosisText } from '../../shared/render/diagnosis-text.ts';
import { topPage } from '../../shared/render/report/top-page.ts';
import { plain } from '../../shared/render/text.ts';
import { topLimitText, topPeriod } from '../../shared/top-setting.ts';
import { type AccountOptions, readOnlyPorts } from '../account.ts';
import { ask, type FunctionOptions, reportWith } from '../deployed/ask.ts';
import { askDiagnosis, readOnlyLook } from '../diagnose.ts';
import { valid } from '../options.ts';
import { outputFile } from '../output-file.ts';
import type { Paint } from '../paint.ts';
import { type Progress, SILENT } from '../progress.ts';
import { regionsOf } from '../regions.ts';
import { reportAssets } from '../report/assets.ts';
import { UsageError } from '../usage-error.ts';
import { watching } from '../watched.ts';
import { asCsv } from './as-csv.ts';
import { asJson } from './as-json.ts';
import { asTable } from './as-table.ts';
import { simulatedAccount } from './simulated-account.ts';

/** What the command line says. */
export interface TopOptions {
  readonly by: TopOrder;
  /** ISO 8601 duration. */
  readonly last: string;
  /** A whole number. */
  readonly limit: string;
  /** Regions separated by commas, or `all`. */
  readonly region?: string;
  readonly profile?: string;
  readonly format: 'table' | 'json' | 'csv';
  /** Keys of each Region to look into, a whole number. */
  readonly diagnose?: string;
  /** Where to write a report page. */
  readonly html?: string;
  /** Look at a simulated account. */
  readonly local?: true;
  /** Ask the deployed detector. */
  readonly function?: string;
}

/** Where the answer goes. */
export interface TopStreams {
  readonly out: NodeJS.WritableStream;
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint?: Paint;
  readonly progress?: Progress;
  readonly note: (line: string) => void;
}

/** Regions read at once. */
const CONCURRENCY = 4;
/** Nobody cuts a command line off: each key may take as long as a single diagnosis would ask for its callers, and some. */
const SECONDS_A_KEY = 60;
const USD_PER_METRIC = 0.01 / 1000;

/** Ranks the keys of one or more Regions by what they used lately, straight from the account, which is only read. */
export async function runTop(options: TopOptions, streams: TopStreams): Promise<void> {
  const lastSeconds = valid('--last', options.last, topPeriod);
  const limit = valid('--limit', options.limit, topLimitText);
  const deep = options.diagnose === undefined ? 0 : valid('--diagnose', options.diagnose, topLimitText);
  if (deep > 0 && options.format !== 'table')
    throw new UsageError(
      '--diagnose: only with --format table; `diagnose KEY --format json` answers in JSON',
    );
  const page = options.html === undefined ? undefined : outputFile(options.html);
  const account = options.local ? await simulatedAccount() : undefined;
  try {
    const answers =
      options.function === undefined
        ? await topOfRegions({ ...options, lastSeconds, limit }, streams)
        : [await askTop(options, options.function, limit)];
    report(answers, options, streams);
    page?.write(pageOf(answers));
    page?.commit();
    for (const answer of answers) if (!('error' in answer)) await lookInto(answer, deep, options, streams);
  } finally {
    page?.discard();
    await account?.close();
  }
}

interface ParsedOptions extends Omit<TopOptions, 'limit'> {
  readonly lastSeconds: number;
  readonly limit: number;
}

async function topOfRegions(
  options: ParsedOptions,
  { progress = SILENT, note }: TopStreams,
): Promise<Answer[]> {
  const limited = pLimit(CONCURRENCY);
  const watch = watching(progress, 'reading CloudWatch');
  const regions = await regionsOf(options.local ? { region: options.region } : options);
  const asked = regions.map((region) => limited(() => topOfRegion(region, options, watch, note)));
  return Promise.all(asked).finally(progress.end);
}

const rankingReport = reportWith<TopReport>(z.object({ region: z.string(), keys: z.array(z.unknown()) }));

const askTop = ({ by, last, ...options }: TopOptions, name: string, limit: number): Promise<TopReport> =>
  ask({ action: 'top', by, last, limit }, { ...options, function: name }, rankingReport);

/** A Region's ranking, or why it cannot be had. */
type Answer = TopReport | { readonly region: string; readonly error: unknown };

async function topOfRegion(
  region: string,
  options: ParsedOptions,
  watch: ReturnType<typeof watching>,
  note: (line: string) => void,
): Promise<Answer> {
  const profile = options.local ? undefined : options.profile;
  const ports = await readOnlyPorts(
    { region, profile },
    { info: () => undefined, warn: () => undefined, error: note },
  );
  const settings = {
    region,
    settleSeconds: shippedConfig().SETTLE_SECONDS,
    quota: (group: Parameters<typeof defaultQuota>[0]) => defaultQuota(group, region),
  };
  const { by, lastSeconds, limit } = options;
  const request = { asOf: ports.clock.now(), by, lastSeconds, limit };
  return top({ ...ports, metrics: watch(ports.metrics) }, settings, request, (plan) =>
    note(planLine(plan)),
  ).catch((error: unknown) => ({
    region,
    error,
  }));
}

/** Who is behind the first keys of a ranking. */
async function lookInto(
  { region, keys }: TopReport,
  count: number,
  { profile, local, function: name }: TopOptions,
  { out }: TopStreams,
): Promise<void> {
  if (count === 0) return;
  const where = { region, profile: local ? undefined : profile };
  const found = await (name === undefined
    ? diagnosesOf(where, keys, count)
    : askDiagnoses({ ...where, function: name }, keys.slice(0, count)));
  for (const one of found) out.write(`\n${diagnosisText(one)}`);
}

async function diagnosesOf(
  where: AccountOptions,
  keys: TopReport['keys'],
  count: number,
): Promise<Diagnosis[]> {
  const { ports, settings, request } = await readOnlyLook(where);
  const deadline = request.asOf + count * SECONDS_A_KEY;
  return diagnoseTop(ports, settings, keys, count, { ...request, deadline });
}

const askDiagnoses = async (options: FunctionOptions, keys: TopReport['keys']): Promise<Diagnosis[]> =>
  (await Promise.all(keys.map(({ keyArn }) => askDiagnosis(keyArn, options)))).flat();

const planLine = ({ region, series, metrics }: TopPlan): string => {
  const cents = Math.ceil(metrics * USD_PER_METRIC * 100);
  return `${series} series in ${region}: ${metrics} metrics, at most $${(cents / 100).toFixed(2)}, read-only`;
};

function report(
  answers: readonly Answer[],
  options: TopOptions,
  { out, width, paint, note }: TopStreams,
): void {
  const failed = answers.flatMap((answer) => ('error' in answer ? [answer] : []));
  const [first] = failed;
  if (first && failed.length === answers.length) throw first.error;
  for (const { region, error } of failed) {
    note(
      `${region} could not be read: ${plain(error instanceof Error ? error.message : String(error), 200)}`,
    );
  }
  const reports = answers.flatMap((answer) => ('error' in answer ? [] : [answer]));
  const used = reports.filter(({ series }) => series > 0);
  if (used.length === 0) note(nothingFound(reports));
  if (options.format === 'json') out.write(asJson(reports));
  else if (options.format === 'csv') out.write(asCsv(used));
  else
    out.write(
      used.map((one) => asTable(one, width, paint, valid('--last', options.last, topPeriod))).join('\n'),
    );
}

const pageOf = (answers: readonly Answer[]): string =>
  topPage(
    answers.flatMap((answer) => ('error' in answer ? [] : [answer])),
    reportAssets(),
  );

function nothingFound(reports: readonly TopReport[]): string {
  const [only] = reports;
  return only && reports.length === 1
    ? `No KMS use in ${only.region}; try --region all`
    : `No KMS use in any of ${reports.length} Regions; Regions that you opted in to have to be named`;
}
