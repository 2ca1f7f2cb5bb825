import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { costTable } from '../../bench/cost.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const between = (from: string, to: string): string => README.split(from)[1]?.split(to)[0]?.trim() ?? '';

describe('the README', () => {
  it('shows the costs that the code computes', () => {
    expect(between('<!-- cost -->', '<!-- /cost -->')).toBe(costTable());
  });

  it('names every folder of the project in its map, and nothing that is not there', () => {
    const map = between('## Where things are\n\n```text', '```');
    const named = map.split('\n').map((line) => line.split(/\s/)[0] ?? '');
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && !/^\.|^(node_modules|dist|demo-out|coverage)$/.test(entry.name),
      )
      .map(({ name }) => name);

    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(folders.filter((folder) => !named.some((path) => path.split('/')[0] === folder))).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = [...README.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, path = '']) => path);

    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('tells only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const told = [...README.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name);

    expect(told.filter((name) => !(name in scripts))).toEqual([]);
  });
});
