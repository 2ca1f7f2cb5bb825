import { worldFromRecording } from '../../infra/local/recorded-world.ts';
import { readRecording } from '../../shared/adapters/recording/csv-recording.ts';
import { BINS_PER_HOUR, binEnd, binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { fromBinOf } from '../options.ts';
import type { DemoOptions } from './demo.ts';
import type { Scene } from './scene.ts';

/** A recording as a scene: judged from a moment on, with everything before as its history. */
export async function recordedScene(options: DemoOptions, input: string): Promise<Scene> {
  const recording = await readRecording(input);
  const from = binStart(fromBinOf(recording, options.from));
  const end = binEnd(recording.endBin - 1);
  return {
    world: worldFromRecording(recording),
    from,
    // An hour and a half more, so that what ends with the recording is still resolved.
    to: end + (3 / 2) * BINS_PER_HOUR * 300,
    title: `${input}: ${recording.rows} rows, ${recording.series.length} series, judged from ${isoTime(from)}`,
    cues: [],
    environment: {},
  };
}
