import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Processes started of each kind, in turn, after one of each that is not counted. */
const RUNS = 15;

/** Milliseconds that importing a module takes in a fresh process. */
function importMs(file: string): number {
  const program = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - start);`;
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return Number(
    execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
      encoding: 'utf8',
      env,
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'startup-'));
const empty = join(folder, 'index.mjs');
writeFileSync(empty, 'export const handler = async () => ({ ok: true });\n');
const kinds = {
  'empty handler': empty,
  'dist/detector/index.mjs': join(import.meta.dirname, '../dist/detector/index.mjs'),
};
const samples = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
for (let i = 0; i <= RUNS; i++) {
  for (const [kind, file] of Object.entries(kinds)) {
    const ms = importMs(file);
    if (i > 0) samples.get(kind)?.push(ms);
  }
}
rmSync(folder, { recursive: true });

process.stdout.write(
  `import in a fresh process, ${RUNS} each, in turn; Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}\n`,
);
for (const [kind, values] of samples) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    `${(sorted[Math.round(share * (sorted.length - 1))] ?? 0).toFixed(1)} ms`.padStart(9);
  process.stdout.write(`${kind.padEnd(24)} min ${at(0)}  median ${at(0.5)}  max ${at(1)}\n`);
}
