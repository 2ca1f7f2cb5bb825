import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, main, ROOT, run } from './python-environment.ts';

/** What Lambda runs the function with: Node.js, AWS's client of the runtime API, and AWS's emulator of that API. */
const NODE = `node-${process.platform}-${process.arch}`;
const PACKAGES = { 'aws-lambda-ric': '4.0.2', [NODE]: '24.21.0' };
const EMULATOR =
  'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@v0.0.0-20261030222936-bef5c4ba774d';

const FOLDER = '.runtime';

/** Programs that the installation needs, with what Debian calls them. */
const NEEDED = { go: 'golang', cmake: 'cmake', make: 'make', 'g++': 'g++' };

/** `npm run test:runtime`: the built function as Lambda runs it, against the embedded AWS. */
await main(() => {
  const home = install();
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const config = ['--config', 'tests/runtime/vitest.config.ts'];
  run(process.execPath, [vitest, 'run', ...config, ...process.argv.slice(2)], {
    RUNTIME_EMULATOR: join(home, 'aws-lambda-rie'),
    RUNTIME_NODE: join(home, 'node_modules', NODE, 'bin/node'),
    RUNTIME_CLIENT: join(home, 'node_modules/aws-lambda-ric/index.mjs'),
  });
});

/** Installs into a folder of the repository that Git ignores; anew only when the versions have changed. */
function install(): string {
  const home = join(ROOT, FOLDER);
  const stamp = join(home, 'installed.json');
  const wanted = JSON.stringify({ ...PACKAGES, EMULATOR });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return home;
  findPrograms();
  process.stdout.write(`Installing the Lambda runtime into ${FOLDER}/ (once; it compiles for a minute)\n`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  // The client builds its native part in its install script, which npm runs for approved packages only.
  const manifest = { private: true, dependencies: PACKAGES, allowScripts: { 'aws-lambda-ric': true } };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', '--loglevel=error']);
  run('go', ['install', EMULATOR], { GOBIN: home });
  writeFileSync(stamp, wanted);
  return home;
}

function findPrograms(): void {
  if (process.platform !== 'linux') {
    throw new CheckError(
      `This check needs Linux, as Lambda does, and runs on ${process.platform}. Everything else in this repository works without it.`,
    );
  }
  const missing = Object.entries(NEEDED).filter(([name]) => spawnSync('which', [name]).status !== 0);
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name).join(', ');
  const packages = missing.map(([, name]) => name).join(' ');
  throw new CheckError(`This check needs ${names}. On Debian: apt install ${packages}`);
}
