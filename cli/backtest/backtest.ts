import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { backtest } from '../../shared/app/backtest.ts';
import { parseConfig } from '../../shared/config.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import { type KeyArn, keyArnParts } from '../../shared/domain/usage/key.ts';
import { binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { fromBinOf, readPolicy } from '../options.ts';
import { asJson } from './as-json.ts';
import { asTable } from './as-table.ts';
import { scoreFile } from './score-file.ts';

/** What the command line says. */
export interface BacktestOptions {
  readonly input: string;
  readonly from?: string;
  readonly scores?: string;
  readonly sensitivity?: number;
  readonly policy?: string;
  readonly format: 'table' | 'json';
}

/** Where answers and progress go. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly progress: (line: string) => void;
}

/** Replays a recording and says what people would have been told. Returns the number of incidents. */
export async function runBacktest(options: BacktestOptions, { out, progress }: Streams): Promise<number> {
  const policy = await readPolicy(options.policy, options.sensitivity);
  const recording = await readRecording(options.input, ({ rows }) =>
    progress(`reading ${options.input}: ${rows} rows`),
  );
  const fromBin = fromBinOf(recording, options.from);
  const { SETTLE_SECONDS } = parseConfig({ TABLE_NAME: 'none-needed' });
  const region = regionOf(recording.series[0]?.id.keyArn);
  const scores = options.scores === undefined ? undefined : scoreFile(options.scores, fromBin);
  try {
    const result = backtest(recording, {
      policy,
      directory: { keys: new Map() },
      settleSeconds: SETTLE_SECONDS,
      quota: (group) => defaultQuota(group, region),
      fromBin,
      onKey: (done, of) => progress(`judging from ${isoTime(binStart(fromBin))} on: key ${done} of ${of}`),
      ...(scores ? { onScore: scores.write } : {}),
    });
    progress('');
    out.write(options.format === 'json' ? asJson(result) : asTable(result, recording, fromBin));
    return result.incidents.length;
  } finally {
    scores?.close();
  }
}

const regionOf = (keyArn: KeyArn | undefined): string => (keyArn ? keyArnParts(keyArn).region : 'us-east-1');
