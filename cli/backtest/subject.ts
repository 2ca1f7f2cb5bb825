import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { recordAccount } from '../../shared/app/record-account.ts';
import type { Recording } from '../../shared/app/recording.ts';
import type { KeyDirectory } from '../../shared/domain/assess/key-facts.ts';
import { keyArnParts } from '../../shared/domain/usage/key.ts';
import { BIN_SECONDS, type Bin } from '../../shared/domain/usage/time.ts';
import { durationSeconds } from '../../shared/duration.ts';
import { plain } from '../../shared/render/text.ts';
import { readOnlyPorts } from '../account.ts';
import { fromBinOf } from '../options.ts';
import type { Progress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { watching } from '../watched.ts';
import type { BacktestOptions } from './backtest.ts';

/** What is replayed: the use, what is known of its keys, and from when on it is judged. */
export interface Subject {
  readonly recording: Recording;
  readonly directory: KeyDirectory;
  readonly region: string;
  readonly fromBin: Bin;
}

const USD_PER_METRIC = 0.01 / 1000;
const DEFAULT_LAST = 'P14D';

/** The recording of `--input`, or else the account's own use as CloudWatch remembers it. */
export function subjectOf(
  options: BacktestOptions,
  settleSeconds: number,
  progress: Progress,
): Promise<Subject> {
  return options.input === undefined
    ? accountSubject(options, settleSeconds, progress)
    : recordedSubject(options, options.input, progress);
}

async function recordedSubject(
  options: BacktestOptions,
  input: string,
  { show }: Progress,
): Promise<Subject> {
  const recording = await readRecording(input, ({ rows }) =>
    show({ what: `reading ${plain(input, 200)}`, done: rows, unit: 'rows' }),
  );
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
  progress: Progress,
): Promise<Subject> {
  const { note } = progress;
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
  const watch = watching(progress, 'reading nine weeks of CloudWatch');
  const { recording, directory, unread } = await recordAccount(
    { ...ports, metrics: watch(ports.metrics) },
    ports.clock.now(),
    settleSeconds,
    ({ series, metrics }) =>
      note(
        `${series} series in ${ports.region}: ${metrics} metrics, at most $${(metrics * USD_PER_METRIC).toFixed(2)}, read-only`,
      ),
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
