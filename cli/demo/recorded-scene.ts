import { type RecordingRow, worldFromRecording } from '../../infra/local/recorded-world.ts';
import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { defaultFromBin } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { BINS_PER_HOUR, binEnd, binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { UsageError } from '../usage-error.ts';
import type { DemoOptions } from './demo.ts';
import type { Scene } from './scene.ts';

/** A recording as a scene: judged from a moment on, with everything before as its history. */
export async function recordedScene(options: DemoOptions, input: string): Promise<Scene> {
  const recording = await readRecording(input);
  const from = options.from === undefined ? binStart(defaultFromBin(recording)) : parseTime(options.from);
  const end = binEnd(recording.endBin - 1);
  if (from <= binStart(recording.startBin) || from >= end) {
    throw new UsageError(
      `--from ${isoTime(from)}: expected a time within the recording, after ${isoTime(binStart(recording.startBin))} and before ${isoTime(end)}`,
    );
  }
  return {
    world: await worldFromRecording(rowsOf(recording)),
    from,
    // An hour and a half more, so that what ends with the recording is still resolved.
    to: end + (3 / 2) * BINS_PER_HOUR * 300,
    title: `${input}: ${recording.rows} rows, ${recording.series.length} series, judged from ${isoTime(from)}`,
    cues: [],
    environment: {},
  };
}

function* rowsOf({ series }: Recording): Generator<RecordingRow> {
  for (const { id, usage } of series) {
    for (const [i, requests] of usage.requests.entries()) {
      yield { timestamp: binStart(usage.startBin + i), ...id, requests };
    }
  }
}

function parseTime(text: string): number {
  const seconds = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
  if (Number.isFinite(seconds)) return Math.floor(seconds);
  throw new UsageError(
    `--from ${JSON.stringify(text)}: expected an ISO 8601 time such as 2026-11-01T00:00:00Z`,
  );
}
