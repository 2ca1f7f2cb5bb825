import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { backtest, defaultFromBin } from '../../shared/app/backtest.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { settingsFor } from '../detection/evidence.ts';

/** What replaying a file took: one line of JSON on stdout. */
export interface FileReplay {
  readonly rows: number;
  readonly bins: number;
  readonly seconds: number;
  /** Largest resident memory of the process. */
  readonly megabytes: number;
}

/** Reads a recording and replays it, in a process of its own so that its memory can be told. */
async function replayFile(path: string): Promise<FileReplay> {
  const policy = parsePolicy(undefined, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 });
  const started = performance.now();
  const recording = await readRecording(path);
  const { bins } = backtest(recording, settingsFor(recording, policy, defaultFromBin(recording)));
  const seconds = (performance.now() - started) / 1000;
  return { rows: recording.rows, bins, seconds, megabytes: process.resourceUsage().maxRSS / 1024 };
}

const [path] = process.argv.slice(2);
if (path !== undefined) process.stdout.write(JSON.stringify(await replayFile(path)));
