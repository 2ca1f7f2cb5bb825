import { setImmediate } from 'node:timers/promises';
import { type BacktestSettings, backtestSteps } from '../../shared/app/backtest.ts';
import { rankRecording } from '../../shared/app/rank-recording.ts';
import { isTimeZone, shippedConfig } from '../../shared/config.ts';
import { defaultQuota, type QuotaGroup } from '../../shared/domain/assess/quota.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { backtestPage } from '../../shared/render/report/backtest-page.ts';
import { seriesRecorder } from '../../shared/render/report/series-recorder.ts';
import { readPolicy } from '../options.ts';
import { type OutputFile, outputFile } from '../output-file.ts';
import type { Paint } from '../paint.ts';
import type { Progress } from '../progress.ts';
import { reportAssets } from '../report/assets.ts';
import { UsageError } from '../usage-error.ts';
import { asCsv } from './as-csv.ts';
import { asJson } from './as-json.ts';
import { asTable } from './as-table.ts';
import { scoreFile } from './score-file.ts';
import { subjectOf } from './subject.ts';

/** What the command line says. */
export interface BacktestOptions {
  /** A recording; without one the account is read. */
  readonly input?: string;
  /** ISO 8601 duration of the account's past to judge. */
  readonly last?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly from?: string;
  readonly scores?: string;
  /** Where to write a report page. */
  readonly html?: string;
  readonly sensitivity?: number;
  readonly policy?: string;
  /** In whose mornings the daily digests are told. @default UTC */
  readonly timeZone?: string;
  readonly format: 'table' | 'json' | 'csv';
}

/** Where answers and progress go. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint?: Paint;
  readonly progress: Progress;
}

/** Keys in a report's tables of cost and quotas. */
const MAX_KEYS = 200;

/** Replays a recording, or an account's past, and says what people would have been told. Returns the number of incidents. */
export async function runBacktest(options: BacktestOptions, streams: Streams): Promise<number> {
  const { timeZone = 'UTC' } = options;
  if (!isTimeZone(timeZone))
    throw new UsageError(
      `--time-zone ${JSON.stringify(timeZone)}: expected an IANA time zone such as Europe/Berlin`,
    );
  const policy = await readPolicy(options.policy, options.sensitivity);
  const [scores, page] = [options.scores, options.html].map((path) =>
    path === undefined ? undefined : outputFile(path),
  );
  try {
    return await replay({ ...options, timeZone, policyDocument: policy }, { scores, page }, streams);
  } finally {
    streams.progress.end();
    scores?.discard();
    page?.discard();
  }
}

interface Files {
  readonly scores: OutputFile | undefined;
  readonly page: OutputFile | undefined;
}

async function replay(
  options: BacktestOptions & { readonly timeZone: string; readonly policyDocument: Policy },
  files: Files,
  { out, width, paint, progress }: Streams,
): Promise<number> {
  const { SETTLE_SECONDS: settleSeconds } = shippedConfig();
  const { recording, directory, region, fromBin } = await subjectOf(options, settleSeconds, progress);
  const scores = files.scores && scoreFile(options.scores ?? '', files.scores, fromBin);
  const recorder = files.page && seriesRecorder();
  const onScore: BacktestSettings['onScore'] = (...judged) => {
    scores?.write(...judged);
    recorder?.record(...judged);
  };
  const quota = (group: QuotaGroup, of: string = region) => defaultQuota(group, of);
  const what = `judging from ${isoTime(binStart(fromBin))} on`;
  const result = await inTurns(
    backtestSteps(recording, {
      policy: options.policyDocument,
      directory,
      settleSeconds,
      quota: (group, target) => quota(group, target.region),
      fromBin,
      timeZone: options.timeZone,
      onKey: (done, of) => progress.show({ what, done, of, unit: 'keys' }),
      ...(scores || recorder ? { onScore } : {}),
    }),
  );
  progress.end();
  scores?.commit();
  if (files.page && recorder) {
    const { endBin } = recording;
    const charts = recorder.charts();
    const ranking = rankRecording(recording, { directory, quota, fromBin, limit: MAX_KEYS });
    const settings = { directory, fromBin, endBin, charts, ranking, assets: reportAssets() };
    files.page.write(backtestPage(result, settings));
    files.page.commit();
  }
  if (options.format === 'json') out.write(asJson(result));
  else if (options.format === 'csv') out.write(asCsv(result));
  else out.write(asTable(result, { recording, directory, fromBin }, width, paint));
  return result.incidents.length;
}

/** Computes step by step, so that a signal is heard in between. */
async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await setImmediate();
  }
}
