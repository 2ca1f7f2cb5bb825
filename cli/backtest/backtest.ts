import { writeFile } from 'node:fs/promises';
import { type BacktestSettings, backtest } from '../../shared/app/backtest.ts';
import { rankRecording } from '../../shared/app/rank-recording.ts';
import { isTimeZone, shippedConfig } from '../../shared/config.ts';
import { defaultQuota, type QuotaGroup } from '../../shared/domain/assess/quota.ts';
import { binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { backtestPage } from '../../shared/render/report/backtest-page.ts';
import { seriesRecorder } from '../../shared/render/report/series-recorder.ts';
import { readPolicy } from '../options.ts';
import type { Paint } from '../paint.ts';
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
  /** A line that is written over by the next. */
  readonly progress: (line: string) => void;
  /** A line that stays. */
  readonly note: (line: string) => void;
}

/** Keys in a report's tables of cost and quotas. */
const MAX_KEYS = 200;

/** Replays a recording, or an account's past, and says what people would have been told. Returns the number of incidents. */
export async function runBacktest(
  options: BacktestOptions,
  { out, width, paint, progress, note }: Streams,
): Promise<number> {
  const { timeZone = 'UTC' } = options;
  if (!isTimeZone(timeZone))
    throw new UsageError(
      `--time-zone ${JSON.stringify(timeZone)}: expected an IANA time zone such as Europe/Berlin`,
    );
  const policy = await readPolicy(options.policy, options.sensitivity);
  const { SETTLE_SECONDS } = shippedConfig();
  const { recording, directory, region, fromBin } = await subjectOf(options, SETTLE_SECONDS, {
    progress,
    note,
  });
  const scores = options.scores === undefined ? undefined : scoreFile(options.scores, fromBin);
  const recorder = options.html === undefined ? undefined : seriesRecorder();
  const onScore: BacktestSettings['onScore'] = (...judged) => {
    scores?.write(...judged);
    recorder?.record(...judged);
  };
  const quota = (group: QuotaGroup) => defaultQuota(group, region);
  try {
    const result = backtest(recording, {
      policy,
      directory,
      settleSeconds: SETTLE_SECONDS,
      quota,
      fromBin,
      timeZone,
      onKey: (done, of) => progress(`judging from ${isoTime(binStart(fromBin))} on: key ${done} of ${of}`),
      ...(scores || recorder ? { onScore } : {}),
    });
    progress('');
    if (options.html !== undefined && recorder) {
      const { endBin } = recording;
      const charts = recorder.charts();
      const ranking = rankRecording(recording, { directory, quota, fromBin, limit: MAX_KEYS });
      const settings = { directory, fromBin, endBin, charts, ranking, assets: reportAssets() };
      await writeFile(options.html, backtestPage(result, settings));
    }
    if (options.format === 'json') out.write(asJson(result));
    else if (options.format === 'csv') out.write(asCsv(result));
    else out.write(asTable(result, { recording, directory, fromBin }, width, paint));
    return result.incidents.length;
  } finally {
    scores?.close();
  }
}
