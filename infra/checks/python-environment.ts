import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const OLDEST = [3, 10] as const;

/**
 * A private Python environment with exactly the packages given, in a folder of the repository that Git ignores.
 * Returns the folder of its programs. The environment is made anew when the list has changed, and kept otherwise.
 */
export function pythonEnvironment(folder: string, packages: readonly string[]): string {
  const home = join(ROOT, folder);
  const programs = join(home, 'bin');
  const stamp = join(home, 'packages.txt');
  const wanted = `${packages.join('\n')}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return programs;
  const python = findPython();
  process.stdout.write(`Installing ${packages.join(', ')} into ${folder}/ (once)\n`);
  rmSync(home, { recursive: true, force: true });
  run(python, ['-m', 'venv', home]);
  run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  writeFileSync(stamp, wanted);
  return programs;
}

function findPython(): string {
  const found = ['python3', 'python'].find((name) => {
    const { status, stdout } = spawnSync(
      name,
      ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])'],
      {
        encoding: 'utf8',
      },
    );
    const [major = 0, minor = 0] = (stdout ?? '').split(' ').map(Number);
    return status === 0 && (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
  });
  if (found) return found;
  throw new CheckError(
    `This check needs Python ${OLDEST.join('.')} or newer with its venv module, and found none as python3 or python. On Debian: apt install python3-venv. Everything else in this repository works without Python.`,
  );
}

/** Runs a program to its end with its output shown. Throws a CheckError if it fails. */
export function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(program, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (error) throw new CheckError(`${program} could not be started: ${error.message}`);
  if (status !== 0)
    throw new CheckError(`${[program, ...args].join(' ')} failed with ${status ?? 'a signal'}`);
}

/** A check that did not pass, or could not be made. */
export class CheckError extends Error {
  override name = 'CheckError' as const;
}

/** Runs a check; what it says about its failure is for people, so it comes without a stack. */
export async function main(check: () => void | Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
