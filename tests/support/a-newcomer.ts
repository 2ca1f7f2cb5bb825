import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DAY = 86_400;

/** Somebody with the README, an account to look at, and a folder in which npx finds the built command. */
export interface Newcomer {
  readonly aws: LocalAws;
  /** A line as a shell takes it, by somebody whose credentials are for that account. */
  readonly type: (line: string) => Promise<string>;
  readonly left: (name: string) => Promise<string>;
  readonly leave: () => Promise<void>;
}

/** An account whose dearest key had a storm three days ago. */
export async function aNewcomer(): Promise<Newcomer> {
  const clock = createClock();
  const now = Math.floor(clock.now());
  const storm = {
    keyAlias: 'alias/lake-etl',
    operation: 'Decrypt',
    from: now - 3 * DAY,
    to: now - 3 * DAY + 7200,
    requestsPerSecond: 2500,
  };
  const today = { ...storm, from: now - 3 * 3600, to: now + DAY, requestsPerSecond: 100 };
  const aws = await startLocalAws({
    clock,
    world: createWorld({ startsAt: now, keys: 8, runaways: [storm, today] }),
  });
  const folder = await mkdtemp(join(tmpdir(), 'newcomer-'));
  const programs = join(folder, 'node_modules/.bin');
  await mkdir(programs, { recursive: true });
  await symlink(join(ROOT, 'dist/cli/kms-runaway.mjs'), join(programs, 'kms-runaway'));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    NODE_NO_WARNINGS: '1',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...aws.environment,
  };
  return {
    aws,
    type: async (line) =>
      (await promisify(execFile)('sh', ['-c', line], { cwd: folder, env, maxBuffer: 16e6 })).stdout,
    left: (name) => readFile(join(folder, name), 'utf8'),
    leave: async () => {
      await aws.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The lines that the README tells a newcomer to type. */
export async function newcomerLines(): Promise<string[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const path = readme.split('<!-- newcomer -->')[1]?.split('<!-- /newcomer -->')[0] ?? '';
  return path.split('\n').filter((line) => /^(npm|npx|sam) /.test(line));
}
