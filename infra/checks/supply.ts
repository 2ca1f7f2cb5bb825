import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CheckError, main, ROOT } from './python-environment.ts';

/** Tests that touch what install scripts are for: esbuild's program, the bundles, the licences of what is in them. */
const QUICK = ['tests/docs/licences-page.test.ts', 'tests/docs/cli-page.test.ts'];

const auditAnswer = z.object({
  metadata: z.object({ vulnerabilities: z.object({ total: z.number() }) }).optional(),
  message: z.string().optional(),
});

/** `npm run test:supply`: a clean copy works though no package may run a script, and npm knows of no hole in it. */
await main(() => {
  withoutInstallScripts();
  audit();
});

/** Installs, builds and tests the last commit in a folder of its own. */
function withoutInstallScripts(): void {
  const home = mkdtempSync(join(tmpdir(), 'supply-'));
  try {
    const archive = join(home, 'commit.tar');
    writeFileSync(archive, output('git', ['archive', 'HEAD'], ROOT));
    output('tar', ['-xf', archive], home);
    output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], home);
    output('npm', ['run', 'build'], home);
    output('npx', ['vitest', 'run', '--testTimeout=300000', ...QUICK], home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  process.stdout.write('npm ci --ignore-scripts: builds, and the tests of the bundles pass\n');
}

/** Fails on any advisory. A registry that offers no audit is named: then nothing is known. */
function audit(): void {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: ROOT, encoding: 'utf8' });
  const { metadata, message } = auditAnswer.parse(JSON.parse(stdout));
  if (!metadata) {
    process.stdout.write(`npm audit: not known, the registry does not answer it (${message})\n`);
    return;
  }
  const { total } = metadata.vulnerabilities;
  if (total > 0) throw new CheckError(`npm audit knows of ${total} vulnerabilities: run it to see them.`);
  process.stdout.write('npm audit: no vulnerability known\n');
}

function output(program: string, args: readonly string[], cwd: string): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, maxBuffer: 1e9 });
  if (status === 0) return stdout;
  throw new CheckError(
    `${[program, ...args].join(' ')} failed:\n${String(stdout).slice(-2000)}${String(stderr).slice(-2000)}`,
  );
}
