import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { worldsPage } from '../scenarios/write-worlds-page.ts';
import { UNKNOWNS, WORLDS } from '../support/worlds.ts';

it('the page about situations and worlds is what the suite plays, and every world is played and explained', () => {
  const page = readFileSync(new URL('../../docs/worlds.md', import.meta.url), 'utf8');

  const situations = page.split('\n').filter((line) => line.includes(' | x | '));
  expect(page).toBe(worldsPage());
  expect(Object.keys(UNKNOWNS).toSorted()).toEqual(Object.keys(WORLDS).toSorted());
  expect(situations.length).toBeGreaterThan(40);
  expect(situations.filter((line) => line.split('| x ').length - 1 !== Object.keys(WORLDS).length)).toEqual(
    [],
  );
});
