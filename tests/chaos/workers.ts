import { fork } from 'node:child_process';
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

/**
 * Plays groups in this many processes. The code is bundled first: a long campaign keeps playing what it began with,
 * whatever is edited meanwhile, and needs no compiler in the workers.
 */
export async function playInWorkers(
  groups: readonly SeedGroup[],
  workers: number,
  heard: (outcome: SeedOutcome) => void,
): Promise<void> {
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
    const waiting = [...groups];
    await Promise.all(Array.from({ length: workers }, () => work(script, waiting, heard)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function work(
  script: string,
  waiting: SeedGroup[],
  heard: (outcome: SeedOutcome) => void,
): Promise<void> {
  const worker = fork(script, { execArgv: [] });
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
