import type { Metafile } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { detectorProblems, scriptBytes } from '../../infra/bundle-checks.ts';

const imported = (path: string, external = false) => ({ path, kind: 'import-statement' as const, external });

/** What esbuild says about a build of two files and a source map, with what a test wants to be different. */
const aMetafile = (
  over: { inputs?: string[]; imports?: Metafile['outputs'][string]['imports'] } = {},
): Metafile => ({
  inputs: Object.fromEntries(
    ['functions/detector/handler.ts', ...(over.inputs ?? [])].map((path) => [
      path,
      { bytes: 1, imports: [] },
    ]),
  ),
  outputs: {
    'dist/detector/index.mjs': output(700_000, over.imports),
    'dist/detector/chunk-A.mjs': output(300_000, [imported('node:crypto', true), imported('http', true)]),
    'dist/detector/index.mjs.map': output(9_000_000),
  },
});

const output = (bytes: number, imports: Metafile['outputs'][string]['imports'] = []) => ({
  bytes,
  imports,
  inputs: {},
  exports: [],
});

describe('a build of the detector', () => {
  test('is fine with two files under the budget, whatever its source maps weigh', () => {
    expect(scriptBytes(aMetafile())).toBe(1_000_000);
    expect(detectorProblems(aMetafile())).toEqual([]);
  });

  test('fails over the budget', () => {
    expect(detectorProblems(aMetafile(), 999_999)).toEqual([
      'the detector has 1000000 bytes of JavaScript, 999999 are allowed',
    ]);
  });

  test.each(['node_modules/x/build/x.node', 'node_modules/y/y.wasm'])('fails with %s inside', (path) => {
    expect(detectorProblems(aMetafile({ inputs: [path] }))).toEqual([
      `the detector contains ${path}, which is built for one platform`,
    ]);
  });

  test('fails when it imports what is neither in it nor in Node.js', () => {
    const imports = [imported('dist/detector/chunk-A.mjs'), imported('@aws-sdk/signature-v4-crt', true)];

    expect(detectorProblems(aMetafile({ imports }))).toEqual([
      'dist/detector/index.mjs imports @aws-sdk/signature-v4-crt, which is not in the bundle',
    ]);
  });
});
