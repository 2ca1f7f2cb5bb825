import { backtest } from '../../shared/app/backtest.ts';
import { isTimeZone, shippedConfig } from '../../shared/config.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import { binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { readPolicy } from '../options.ts';
import { UsageError } from '../usage-error.ts';
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
  readonly sensitivity?: number;
  readonly policy?: string;
  /** In whose mornings the daily digests are told. @default UTC */
  readonly timeZone?: string;
  readonly format: 'table' | 'json';
}

/** Where answers and progress go. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  /** A line that is written over by the next. */
  readonly progress: (line: string) => void;
  /** A line that stays. */
  readonly note: (line: string) => void;
}

/** Replays a recording, or an account's past, and says what people would have been told. Returns the number of incidents. */
export async function runBacktest(
  options: BacktestOptions,
  { out, progress, note }: Streams,
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
  try {
    const result = backtest(recording, {
      policy,
      directory,
      settleSeconds: SETTLE_SECONDS,
      quota: (group) => defaultQuota(group, region),
      fromBin,
      timeZone,
      onKey: (done, of) => progress(`judging from ${isoTime(binStart(fromBin))} on: key ${done} of ${of}`),
      ...(scores ? { onScore: scores.write } : {}),
    });
    progress('');
    out.write(options.format === 'json' ? asJson(result) : asTable(result, recording, directory, fromBin));
    return result.incidents.length;
  } finally {
    scores?.close();
  }
}
