import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { SeedGroup, SeedOutcome } from './play-seeds.ts';

/** What a worker says: an outcome, or nothing once its group is done. */
interface Said {
  readonly outcome?: SeedOutcome;
}

/** A worker that ended before its work did. */
export class WorkerError extends Error {
  override name = 'WorkerError' as const;
}

/** Plays seeds in several processes. */
export type PlayInWorkers = (
  groups: readonly SeedGroup[],
  workers: number,
  heard: (outcome: SeedOutcome) => void,
) => Promise<void>;

/**
 * Plays through the pipeline. The code is bundled first: a long campaign keeps playing what it began with, whatever is
 * edited meanwhile, and needs no compiler in the workers.
 */
export const playPipelineInWorkers: PlayInWorkers = async (groups, workers, heard) => {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const script = join(folder, 'worker.mjs');
  try {
    await build({
      entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      outfile: script,
      logLevel: 'warning',
    });
    await divide(groups, workers, heard, () => fork(script, { execArgv: [] }));
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Plays through the built bundle: a process has one environment, hence one function at a time. */
export const playBundleInWorkers: PlayInWorkers = (groups, workers, heard) =>
  divide(groups, workers, heard, () => fork(fileURLToPath(new URL('bundle/worker.ts', import.meta.url))));

async function divide(
  groups: readonly SeedGroup[],
  workers: number,
  heard: (outcome: SeedOutcome) => void,
  start: () => ChildProcess,
): Promise<void> {
  const waiting = [...groups];
  const needed = Math.min(workers, groups.length);
  await Promise.all(Array.from({ length: needed }, () => work(start(), waiting, heard)));
}

async function work(
  worker: ChildProcess,
  waiting: SeedGroup[],
  heard: (outcome: SeedOutcome) => void,
): Promise<void> {
  const ended = once(worker, 'exit').then(([code]) => {
    throw new WorkerError(`a worker ended with ${String(code)} before its seeds were played`);
  });
  ended.catch(() => undefined);
  try {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const done = new Promise<void>((resolve) => {
        worker.on('message', ({ outcome }: Said) => {
          if (outcome) heard(outcome);
          else resolve();
        });
      });
      worker.send(group);
      await Promise.race([done, ended]);
      worker.removeAllListeners('message');
    }
  } finally {
    worker.kill();
  }
}
