import { createWorld } from '../../infra/local/simulated-world.ts';
import type { World } from '../../infra/local/world.ts';
import type { EpochSeconds } from '../../shared/domain/usage/time.ts';
import type { DemoOptions } from './demo.ts';

/** A world, the stretch of time to be played in it, and what to say about it. */
export interface Scene {
  readonly world: World;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly title: string;
  /** Lines to be told when their time has come. */
  readonly cues: readonly { readonly at: EpochSeconds; readonly text: string }[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A Wednesday in late autumn; everything else follows from it and from the seed. */
const DAY = Date.parse('2026-11-18T00:00:00Z') / 1000;
const at = (hours: number, minutes = 0): EpochSeconds => DAY + hours * 3600 + minutes * 60;

/** The scene that the options ask for. */
export async function sceneOf(options: DemoOptions): Promise<Scene> {
  if (options.input !== undefined) {
    const { recordedScene } = await import('./recorded-scene.ts');
    return recordedScene(options, options.input);
  }
  return workingDay();
}

function workingDay(): Scene {
  const runaway = { from: at(10, 4), to: at(12, 30) };
  const world = createWorld({
    startsAt: at(7),
    // CloudTrail is as late as it may be: the callers come as an update.
    switches: { trailDelaySeconds: 900 },
    runaways: [
      {
        keyAlias: 'alias/lake-etl',
        operation: 'Decrypt',
        kind: 'fullScan',
        requestsPerSecond: 1300,
        caller: {
          role: 'analytics-adhoc',
          via: 's3.amazonaws.com',
          encryptionContext: { 'aws:s3:arn': 'arn:aws:s3:::data-lake/raw/part-*.parquet' },
        },
        ...runaway,
      },
    ],
  });
  return {
    world,
    from: at(7),
    to: at(15, 20),
    title: 'A working day in a simulated account of 40 KMS keys',
    cues: [
      {
        at: runaway.from,
        text: 'An analytics job is started with a wrong filter: it reads every object of the data lake, and each object costs one Decrypt.',
      },
      { at: runaway.to, text: 'Somebody stops the job.' },
    ],
    environment: { ACCOUNT_NAME: 'prod', TIME_ZONE: 'Europe/Berlin' },
  };
}
