import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  ALLOWED_LICENCES,
  licencesPage,
  packageFolderOf,
  shippedPackages,
} from '../../infra/write-licences-page.ts';

const packages = shippedPackages();

it('every package in the bundles has a licence that allows it', () => {
  const others = packages.filter(({ licence }) => !ALLOWED_LICENCES.includes(licence));

  expect(packages.length).toBeGreaterThan(30);
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['zod', 'uplot', 'commander']));
  expect(others).toEqual([]);
});

it('the page about licences lists what the bundles hold: npm run docs:licences writes it', () => {
  const page = readFileSync(new URL('../../docs/licences.md', import.meta.url), 'utf8');

  expect(page).toBe(licencesPage(packages));
});

it('a file belongs to the innermost package of its path', () => {
  expect(packageFolderOf('../../node_modules/a/node_modules/@b/c/lib/d.js')).toBe(
    'node_modules/a/node_modules/@b/c',
  );
  expect(packageFolderOf('../../shared/domain/usage/key.ts')).toBeUndefined();
});
