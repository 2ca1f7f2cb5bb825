import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packNpmPackage } from '../../infra/npm-package.ts';

const NAME = 'kms-runaway-detector';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000001';

let folder = '';
let user = '';
let tarball = '';

/** Runs a program as somebody who has nothing but Node.js and npm, and no network. */
const run = async (program: string, ...args: readonly string[]): Promise<string> => {
  const env = {
    PATH: process.env['PATH'],
    HOME: user,
    NO_COLOR: '1',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return (await promisify(execFile)(program, args, { cwd: user, env, maxBuffer: 16e6 })).stdout;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kms-runaway-package-'));
  user = join(folder, 'user');
  await mkdir(user);
  tarball = await packNpmPackage(folder);
  await run('npm', 'install', tarball, '--no-audit', '--no-fund');
});

afterAll(() => rm(folder, { recursive: true }));

describe('the npm package', () => {
  it('holds the two bundles and what is to be read about them, and installs nothing else', async () => {
    const home = join(user, 'node_modules', NAME);
    const files = (await readdir(home, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath.slice(home.length + 1), name));
    const kinds = new Set(files.map((path) => path.replace(/chunk-[A-Z0-9]+/, 'chunk')));

    expect([...kinds].toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/cli/chunk.mjs',
      'dist/cli/kms-runaway.mjs',
      'dist/detector/chunk.mjs',
      'dist/detector/index.mjs',
      'dist/detector/policy.json',
      'package.json',
    ]);
    const installed = await readdir(join(user, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual([NAME]);
  });

  it('tells nothing of the machine that built it', async () => {
    const home = join(user, 'node_modules', NAME, 'dist');
    const scripts = (await readdir(home, { recursive: true })).filter((path) => path.endsWith('.mjs'));
    const texts = await Promise.all(scripts.map((path) => readFile(join(home, path), 'utf8')));

    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => text.includes(process.cwd()))).toEqual([]);
  });

  it('is as npm and its users expect a package to be', async () => {
    const { messages, pkg } = await publint({ pkgDir: join(user, 'node_modules', NAME), strict: true });

    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  it.each([NAME, 'kms-runaway'])('runs as `npx %s`', async (name) => {
    expect(await run('npx', name, '--help')).toMatch(/^Usage: kms-runaway \[options\] \[command\]\n/);
  });

  it('says which version it is', async () => {
    const { version } = JSON.parse(await readFile(join(user, 'node_modules', NAME, 'package.json'), 'utf8'));

    expect(await run('npx', 'kms-runaway', '--version')).toBe(`${version}\n`);
  });

  it('ranks the keys of the simulated account', async () => {
    expect(await run('npx', NAME, 'top', '--local')).toMatch(/\n 1 {2}\S+ +[\d,]+ /);
  });

  it('replays a recording', async () => {
    const rows = Array.from({ length: 400 }, (_, bin) => `${bin * 300},${KEY},Decrypt,${100 + (bin % 7)}`);
    await writeFile(
      join(user, 'use.csv'),
      `timestamp,keyArn,operation,requests\n${rows.join('\n')}\n400000,${KEY},Decrypt,90000000\n`,
    );

    const answer = await run('npx', NAME, 'backtest', '--input', 'use.csv');

    expect(answer).toMatch(/^1 series, 401 rows; .*\nYou would have heard of 1 incident /);
  });

  it('names the package that the embedded AWS needs and that is left to whoever wants it', async () => {
    await expect(run('npx', NAME, 'local', '--port', '0')).rejects.toThrow(/npm install dynalite@4/);
  });
});
