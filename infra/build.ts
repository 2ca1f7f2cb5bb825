import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import * as z from 'zod';
import { shippedPolicyDefaults } from '../shared/config.ts';
import { parsePolicy, policyText } from '../shared/policy-document.ts';
import {
  BuildError,
  DETECTOR_FOLDER as DETECTOR,
  DETECTOR_MODULE,
  detectorProblems,
  scriptBytes,
} from './bundle-checks.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = 'dist/cli';
const POLICY = 'policy.json';

/** CommonJS dependencies call `require` for Node's own modules; ES modules have none. */
const REQUIRE =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";

/** The same for both bundles. ES modules of packages come first: only they can be tree-shaken. */
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  splitting: true,
  chunkNames: 'chunk-[hash]',
  minify: true,
  legalComments: 'none',
  sourcemap: 'external',
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

await buildPolicy();
await Promise.all([buildDetector(), buildCli()]);

/** The policy document, reviewed and deployed like code: checked here, packed beside the bundle. */
async function buildPolicy(): Promise<void> {
  const text = await readFile(join(ROOT, POLICY), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const target = join(ROOT, DETECTOR, POLICY);
  if (text === undefined) {
    await rm(target, { force: true });
    return;
  }
  parsePolicy(parseJson(policyText(text)), shippedPolicyDefaults());
  await mkdir(join(ROOT, DETECTOR), { recursive: true });
  await copyFile(join(ROOT, POLICY), target);
}

async function buildDetector(): Promise<void> {
  const { metafile } = await build({
    ...COMMON,
    entryPoints: { [DETECTOR_MODULE]: 'functions/detector/handler.ts' },
    outdir: DETECTOR,
    banner: { js: REQUIRE },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const problems = detectorProblems(metafile);
  if (problems.length > 0) throw new BuildError(problems);
  await removeStale(DETECTOR, metafile, [POLICY]);
  report(`${DETECTOR}/${DETECTOR_MODULE}.mjs`, metafile);
}

/** The report's script for the browser, chart library included, as a text for the command line. */
async function reportScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['cli/report/browser/main.ts'],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
  });
  return (outputFiles[0]?.text ?? '').replaceAll('</', '<\\/');
}

async function buildCli(): Promise<void> {
  const entry = `${CLI}/kms-runaway.mjs`;
  const style = await readFile(join(ROOT, 'node_modules/uplot/dist/uPlot.min.css'), 'utf8');
  const { metafile } = await build({
    ...COMMON,
    entryPoints: { 'kms-runaway': 'cli/main.ts' },
    outdir: CLI,
    // Optional, native in part, and needed by the local commands only.
    external: ['dynalite'],
    define: {
      REPORT_SCRIPT: JSON.stringify(await reportScript()),
      REPORT_STYLE: JSON.stringify(style),
      VERSION: JSON.stringify(await packageVersion()),
    },
    banner: { js: REQUIRE },
  });
  await makeExecutable(entry);
  await removeStale(CLI, metafile, []);
  report(entry, metafile);
}

async function packageVersion(): Promise<string> {
  const text = await readFile(join(ROOT, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Adds the line that lets a shell run the file, unless the source has brought its own. */
async function makeExecutable(entry: string): Promise<void> {
  const path = join(ROOT, entry);
  const text = await readFile(path, 'utf8');
  if (!text.startsWith('#!')) await writeFile(path, `#!/usr/bin/env node\n${text}`);
  await chmod(path, 0o755);
}

/** Removes what an earlier build has left, after the new files are in place: a reader never finds the folder empty. */
async function removeStale(folder: string, { outputs }: Metafile, kept: readonly string[]): Promise<void> {
  const fresh = new Set([...Object.keys(outputs).map((path) => relative(folder, path)), ...kept]);
  const stale = (await readdir(join(ROOT, folder))).filter((name) => !fresh.has(name));
  await Promise.all(stale.map((name) => rm(join(ROOT, folder, name), { recursive: true })));
}

function report(entry: string, metafile: Metafile): void {
  const files = Object.keys(metafile.outputs).filter((path) => path.endsWith('.mjs')).length;
  const kilobytes = Math.round(scriptBytes(metafile) / 1000);
  process.stdout.write(`${entry}  ${kilobytes} KB in ${files} file${files === 1 ? '' : 's'}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BuildError([
      `${POLICY} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    ]);
  }
}
