import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli/kms-runaway.mjs', import.meta.url));

/** What a command printed, progress left out, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Run = (...args: readonly string[]) => Promise<Ended>;

/** Lines that come every ten seconds, so on a slow machine only. */
const PROGRESS = /^.*: [\d.,]+( of [\d.,]+)? (metrics|rows|keys)(, [\d.,]+\/s(, .* left)?)?\n/gm;

/** Runs the built command line as a process of its own, in this environment only. */
const runWith =
  (environment: Readonly<Record<string, string>>): Run =>
  (...args) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      NO_COLOR: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ['--no-warnings', CLI, ...args],
        { env, maxBuffer: 64e6 },
        (error, out, err) => {
          const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
          resolve({ code, out, err: err.replaceAll(PROGRESS, '') });
        },
      );
    });
  };

/** The command line without any AWS, or `with` an environment that points somewhere. */
export const kmsRunaway: Run & { readonly with: typeof runWith } = Object.assign(runWith({}), {
  with: runWith,
});
