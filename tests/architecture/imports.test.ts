// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts with placeholders are planted sources

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LAYERS, violations } from './import-rules.ts';
import { codeOnly, importsOf } from './source-text.ts';

const root = new URL('../../', import.meta.url);

const sources = new Map(
  ['shared', 'functions', 'cli', 'infra'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map(
        (file) => [`${folder}/${file}`, readFileSync(new URL(`${folder}/${file}`, root), 'utf8')] as const,
      ),
  ),
);

const planted = (path: string, source: string): string[] => violations(new Map([[path, source]]));

describe('the house', () => {
  test('imports one way only, and keeps its core pure', () => {
    expect(violations(sources)).toEqual([]);
  });

  test('has files in every layer, each of which imports something: the rules are not about nothing', () => {
    for (const { name, files } of LAYERS) {
      const own = [...sources].filter(([path]) => files.test(path));
      expect(own.flatMap(([, source]) => importsOf(source)).length, name).toBeGreaterThan(0);
    }
  });
});

describe('the rules find what is planted:', () => {
  test.each([
    [
      'shared/domain/incident/decide.ts',
      "import { x } from '../../render/text.ts';",
      'shared/render/text.ts (render)',
    ],
    ['shared/domain/policy.ts', "import type { Log } from '../app/ports.ts';", 'shared/app/ports.ts (app)'],
    ['shared/domain/policy.ts', "import { z } from 'zod';", 'imports zod'],
    ['shared/domain/policy.ts', "import { readFileSync } from 'node:fs';", 'imports node:fs'],
    ['shared/domain/policy.ts', "export * from '../config.ts';", 'shared/config.ts (documents)'],
    ['shared/render/email.ts', "import { send } from '../app/deliver.ts';", 'shared/app/deliver.ts (app)'],
    [
      'shared/app/detect.ts',
      "const s = await import('../adapters/aws/sns.ts');",
      'shared/adapters/aws/sns.ts (adapters)',
    ],
    [
      'shared/app/detect.ts',
      "import { SNSClient } from '@aws-sdk/client-sns';",
      'imports @aws-sdk/client-sns',
    ],
    [
      'shared/adapters/slack/x.ts',
      "import { compose } from '../../../functions/detector/compose.ts';",
      '(functions)',
    ],
    ['functions/detector/handler.ts', "import { main } from '../../cli/main.ts';", 'cli/main.ts (cli)'],
    [
      'infra/local/x.ts',
      "import { dimensionsOf } from '../../shared/adapters/aws/cloudwatch-metric.ts';",
      '(adapters)',
    ],
    ['infra/build.ts', "import { handler } from '../functions/detector/handler.ts';", '(functions)'],
    ['cli/main.ts', "import { aSeries } from '../tests/support/a-series.ts';", '(no layer)'],
    ['shared/elsewhere/x.ts', '', 'belongs to no layer'],
  ])('%s with %s', (path, source, found) => {
    expect(planted(path, source)).toEqual([expect.stringContaining(found)]);
  });

  test.each([
    ['export const now = () => Date.now();', 'reads the clock: Date.now'],
    ['export const now = () => new Date();', 'reads the clock: new Date()'],
    ['export const dice = Math.random();', 'is random: Math.random'],
    ["export const key = process.env['KEY'];", 'reads the process: process'],
    ["console.log('x');", 'prints: console'],
    ['export async function f() {}', 'waits: async'],
    ['export type Later = Promise<number>;', 'waits: Promise'],
    ['export const text = `at ${Date.now()}`;', 'reads the clock: Date.now'],
  ])('%s in the domain', (source, found) => {
    expect(planted('shared/domain/x.ts', source)).toEqual([expect.stringContaining(found)]);
  });

  test.each([
    '/** Never call Date.now() here: a Promise of an async process. */',
    "export const text = 'console Math.random';",
    'export const text = `async ${1} process`;',
    'export const at = (seconds: number) => new Date(seconds * 1000);',
    'export const pattern = /process|console/;',
    "// import { x } from 'node:fs';",
    "import { y } from './y.ts';",
  ])('nothing in the harmless %s', (source) => {
    expect(planted('shared/domain/x.ts', source)).toEqual([]);
  });
});

describe('reading sources', () => {
  test('finds imports in all their forms', () => {
    const source = `
import './a.ts';
import b from 'b';
import type { C } from './c.ts';
import {
  d,
  type D,
} from './d.ts';
import * as e from "./e.ts";
export { f } from './f.ts';
export * as g from './g.ts';
const h = await import('./h.ts');
type I = import('./i.ts').I;
const text = "from './not.ts'";
`;

    expect(importsOf(source)).toEqual([
      './a.ts',
      'b',
      './c.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      './g.ts',
      './h.ts',
      './i.ts',
    ]);
  });

  test('tells code from text, also in nested templates and after divisions', () => {
    const source =
      "const a = b / c / d; const t = `x ${{ y: `z ${process} ${1}` }.y} /w`; e = /'/.test(f); g";

    expect(codeOnly(source).replaceAll(/\s+/g, ' ')).toBe(
      'const a = b / c / d; const t = { y: process} 1} }.y} ; e = .test(f); g',
    );
  });
});
