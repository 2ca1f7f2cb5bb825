import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { recordAccount } from '../../shared/app/record-account.ts';
import type { Recording } from '../../shared/app/recording.ts';
import type { KeyDirectory } from '../../shared/domain/assess/key-facts.ts';
import { keyArnParts } from '../../shared/domain/usage/key.ts';
import { BIN_SECONDS, type Bin } from '../../shared/domain/usage/time.ts';
import { durationSeconds } from '../../shared/duration.ts';
import { readOnlyPorts } from '../account.ts';
import { fromBinOf } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import type { BacktestOptions } from './backtest.ts';

/** What is replayed: the use, what is known of its keys, and from when on it is judged. */
export interface Subject {
  readonly recording: Recording;
  readonly directory: KeyDirectory;
  readonly region: string;
  readonly fromBin: Bin;
}

/** Says something on the side: progress that is written over, or a line that stays. */
export interface Aside {
  readonly progress: (line: string) => void;
  readonly note: (line: string) => void;
}

const USD_PER_METRIC = 0.01 / 1000;
const DEFAULT_LAST = 'P14D';

/** The recording of `--input`, or else the account's own use as CloudWatch remembers it. */
export function subjectOf(options: BacktestOptions, settleSeconds: number, aside: Aside): Promise<Subject> {
  return options.input === undefined
    ? accountSubject(options, settleSeconds, aside)
    : recordedSubject(options, options.input, aside);
}

async function recordedSubject(
  options: BacktestOptions,
  input: string,
  { progress }: Aside,
): Promise<Subject> {
  const recording = await readRecording(input, ({ rows }) => progress(`reading ${input}: ${rows} rows`));
  const someKey = recording.series[0]?.id.keyArn;
  return {
    recording,
    directory: { keys: new Map() },
    region: someKey ? keyArnParts(someKey).region : 'us-east-1',
    fromBin: fromBinOf(recording, options.from),
  };
}

async function accountSubject(
  options: BacktestOptions,
  settleSeconds: number,
  { progress, note }: Aside,
): Promise<Subject> {
  const { last = DEFAULT_LAST } = options;
  const seconds = durationSeconds(last);
  if (seconds === undefined || seconds < 3600 || seconds > 56 * 86_400) {
    throw new UsageError(
      `--last ${JSON.stringify(last)}: expected an ISO 8601 duration of an hour to eight weeks, such as P14D`,
    );
  }
  const ports = await readOnlyPorts(options, {
    info: () => undefined,
    warn: (message) => note(message),
    error: (message) => note(message),
  });
  const { recording, directory, unread } = await recordAccount(
    ports,
    ports.clock.now(),
    settleSeconds,
    ({ series, metrics }) => {
      note(
        `${series} series in ${ports.region}: ${metrics} metrics, at most $${(metrics * USD_PER_METRIC).toFixed(2)}, read-only`,
      );
      progress('reading nine weeks of CloudWatch');
    },
  );
  for (const { series, detail } of unread) note(`not read: ${series}: ${detail}`);
  if (recording.series.length === 0)
    throw new UsageError(`no use of KMS in ${ports.region} in the last nine weeks: try another --region`);
  return {
    recording,
    directory,
    region: ports.region,
    fromBin: Math.max(recording.startBin + 1, recording.endBin - seconds / BIN_SECONDS),
  };
}
