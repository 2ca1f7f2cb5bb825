import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { causesTable } from '../../infra/causes-table.ts';

const PAGE = readFileSync(join(fileURLToPath(new URL('../..', import.meta.url)), 'docs/causes.md'), 'utf8');

it('the page of causes shows every rule as the detector knows it', () => {
  const table = PAGE.split('<!-- causes -->')[1]?.split('<!-- /causes -->')[0]?.trim();

  // Out of date? `npx tsx infra/causes-table.ts` prints the table of today.
  expect(table).toBe(causesTable());
});
