import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliPage } from '../../infra/write-cli-page.ts';

it('the page about the command line is what the built commands say of themselves, each with an example', async () => {
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

  const sections = page.split(/^## /m).slice(1);
  expect(page).toBe(await cliPage());
  expect(sections.length).toBeGreaterThan(12);
  expect(sections.filter((section) => !/Examples?:\n {2}kms-runaway /.test(section))).toEqual([]);
});
