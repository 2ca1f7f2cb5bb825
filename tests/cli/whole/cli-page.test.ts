import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Written by a process of its own: the detector that answers reads its settings from the environment. */
async function writtenPage(): Promise<string> {
  const script = ['--no-warnings', '--import', 'tsx', 'infra/write-cli-page.ts', '--print'];
  const env = { PATH: process.env['PATH'] };
  return (await promisify(execFile)(process.execPath, script, { cwd: ROOT, env, maxBuffer: 16e6 })).stdout;
}

it('the page about the command line is what the built commands say of themselves and answer', async () => {
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

  // Out of date? `npm run docs:cli` writes it anew.
  expect(page).toBe(await writtenPage());
});
