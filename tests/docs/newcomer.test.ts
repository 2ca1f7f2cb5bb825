import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DAY = 86_400;

let aws: LocalAws;
let folder: string;

/** An account whose dearest key had a storm three days ago, and a folder in which npx finds the built command. */
beforeAll(async () => {
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
  aws = await startLocalAws({
    clock,
    world: createWorld({ startsAt: now, keys: 8, runaways: [storm, today] }),
  });
  folder = await mkdtemp(join(tmpdir(), 'newcomer-'));
  const programs = join(folder, 'node_modules/.bin');
  await mkdir(programs, { recursive: true });
  await symlink(join(ROOT, 'dist/cli/kms-runaway.mjs'), join(programs, 'kms-runaway'));
});

afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true });
});

/** A line as a shell takes it, by somebody whose credentials are for that account. */
async function type(line: string): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    NODE_NO_WARNINGS: '1',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...aws.environment,
  };
  return (await promisify(execFile)('sh', ['-c', line], { cwd: folder, env, maxBuffer: 16e6 })).stdout;
}

const README = await readFile(join(ROOT, 'README.md'), 'utf8');
const PATH = README.split('<!-- newcomer -->')[1]?.split('<!-- /newcomer -->')[0] ?? '';
const LINES = PATH.split('\n').filter((line) => /^(npm|npx|sam) /.test(line));

describe("the README's path for newcomers", () => {
  it('leads from a checkout to a deployment', () => {
    expect(LINES).toEqual([
      'npm ci && npm run build',
      expect.stringMatching(/^npx kms-runaway top/),
      expect.stringMatching(/^npx kms-runaway diagnose /),
      expect.stringMatching(/^npx kms-runaway backtest .*--html /),
      'sam deploy --guided',
    ]);
  });

  it('works word for word on an account that is only read', async () => {
    const [top, diagnosis, backtest] = [
      await type(LINES[1] ?? ''),
      await type(LINES[2] ?? ''),
      await type(LINES[3] ?? ''),
    ];

    const [, first] = /^ *1 {2}(\S+)/m.exec(top) ?? [];
    expect(`alias/${first}`).toBe(LINES[2]?.split(' ').at(-1));
    expect(diagnosis).toMatch(/^lake-etl: [\d.,]+ (M )?requests a day, \$/);
    expect(diagnosis).toMatch(/\nCallers +role\//);
    expect(diagnosis).toMatch(/\nFix /);
    expect(backtest).toMatch(/\n\d{4}-\d\d-\d\d \d\d:\d\d +lake-etl +page /);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('lake-etl');
    expect(aws.calls.filter(({ action }) => !/:(Get|List|Describe|Lookup)/.test(action))).toEqual([]);
  }, 180_000);
});
