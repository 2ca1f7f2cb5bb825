import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kmsRunaway } from '../support/a-cli.ts';
import { aKeyArn } from '../support/keys.ts';

const CLI = fileURLToPath(new URL('../../dist/cli/kms-runaway.mjs', import.meta.url));
const START = Date.parse('2026-09-02T00:00:00Z') / 1000;

let folder = '';

/** Thirty keys in twenty days: some seconds of work, most of it computing. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interruption-'));
  const rows = Array.from({ length: 20 * 288 }, (_, bin) =>
    Array.from(
      { length: 30 },
      (_, key) => `${START + bin * 300},${aKeyArn(key)},Decrypt,${850 + (bin % 11)}`,
    ),
  );
  await writeFile(
    join(folder, 'use.csv'),
    `timestamp,keyArn,operation,requests\n${rows.flat().join('\n')}\n`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

/** Waits until a file beside the recording has grown to some size. */
async function grown(child: ChildProcess, name: RegExp, bytes: number): Promise<void> {
  while (child.exitCode === null) {
    const [found] = (await readdir(folder)).filter((file) => name.test(file));
    if (found !== undefined && (await stat(join(folder, found))).size >= bytes) return;
    await setTimeout(20);
  }
}

const started = (...args: readonly string[]) =>
  spawn(process.execPath, ['--no-warnings', CLI, 'backtest', '--input', 'use.csv', ...args], {
    cwd: folder,
    stdio: 'ignore',
  });

describe('Ctrl-C', () => {
  it.each([
    ['while it reads', 0],
    ['while it computes', 1],
  ])('%s leaves nothing half-written, keeps what was there, and ends with 130', async (_, bytes) => {
    await writeFile(join(folder, 'report.html'), 'of yesterday');
    const child = started('--scores', 'scores.csv', '--html', 'report.html');

    await grown(child, /^scores\.csv\.\d+\.part$/, bytes);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');

    expect(code).toBe(130);
    expect((await readdir(folder)).toSorted()).toEqual(['report.html', 'use.csv']);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toBe('of yesterday');
  });

  it('ends what writes no file at once', async () => {
    const child = started();
    await setTimeout(300);

    child.kill('SIGINT');

    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });
});

describe('a file that a command is to write', () => {
  it('is refused before the work where it cannot be written', async () => {
    const { code, out, err } = await kmsRunaway(
      'backtest',
      '--input',
      '/dev/null',
      '--html',
      '/nowhere/x.html',
    );

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toMatch(/^kms-runaway: \/nowhere\/x\.html cannot be written: ENOENT/);
  });

  it('may be a device, which is written to and stays', async () => {
    const rows = Array.from({ length: 100 }, (_, bin) => `${START + bin * 300},${aKeyArn(1)},Decrypt,5`);
    const input = join(folder, 'use.csv');
    await writeFile(input, `timestamp,keyArn,operation,requests\n${rows.join('\n')}\n`);

    const { code } = await kmsRunaway('backtest', '--input', input, '--html', '/dev/null');

    expect(code).toBe(0);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});
