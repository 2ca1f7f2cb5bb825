import { existsSync, readFileSync } from 'node:fs';
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
  return { rows: recording.rows, bins, seconds, megabytes: peakMegabytes() };
}

/**
 * Largest resident memory of this program. On Linux from the kernel's account of the address space, because
 * `resourceUsage().maxRSS` begins with the peak of the process that started this one.
 */
function peakMegabytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}

const [path] = process.argv.slice(2);
if (path !== undefined) process.stdout.write(JSON.stringify(await replayFile(path)));
