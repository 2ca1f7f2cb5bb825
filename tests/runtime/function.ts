import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asRecord, asText, at } from '../template/parse-template.ts';
import { resources } from '../template/the-template.ts';

const template = asRecord(at(resources, 'Detector', 'Properties'));

/** The template's own: megabytes, and seconds. */
export const MEMORY_MEGABYTES = Number(template['MemorySize']);
export const TIMEOUT_SECONDS = Number(template['Timeout']);

const CODE = fileURLToPath(new URL(`../../${asText(template['CodeUri'])}`, import.meta.url));

/** What an invocation gave back. */
export interface Invocation {
  readonly requestId: string;
  readonly answer: unknown;
  readonly bytes: number;
  readonly milliseconds: number;
}

/** The function in one container of its own. */
export interface RunningFunction {
  invoke(payload: string): Promise<Invocation>;
  /** What it has written so far, by line, without the emulator's own lines. */
  log(): readonly string[];
  /** The most memory that its process has used. */
  peakMegabytes(): number;
  close(): Promise<void>;
}

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder with the handler's module. @default the template's */
  readonly code?: string;
  /** @default the template's */
  readonly timeoutSeconds?: number;
}

/** Starts a cold container under AWS's emulator, with AWS's client on Node.js 24, as the template sets it. */
export async function startFunction(options: Options = {}): Promise<RunningFunction> {
  const { environment = {}, code = CODE, timeoutSeconds = TIMEOUT_SECONDS } = options;
  const [front, back] = [await freePort(), await freePort()];
  const handler = asText(template['Handler']);
  const addresses = ['--runtime-interface-emulator-address', `127.0.0.1:${front}`];
  const command = [given('RUNTIME_NODE'), given('RUNTIME_CLIENT'), handler];
  const emulator = spawn(
    given('RUNTIME_EMULATOR'),
    ['--log-level', 'error', ...addresses, '--runtime-api-address', `127.0.0.1:${back}`, ...command],
    {
      cwd: code,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing of this process: Lambda's environment is the template's and its own.
      env: {
        ...environment,
        PATH: process.env['PATH'],
        LAMBDA_TASK_ROOT: code,
        _HANDLER: handler,
        TZ: ':UTC',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
        AWS_LAMBDA_LOG_LEVEL: 'INFO',
        AWS_LAMBDA_FUNCTION_NAME: 'detector',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MEMORY_MEGABYTES),
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
      },
    },
  );
  const output = outputOf(emulator);
  // Both: an invocation that comes before the runtime API is never answered.
  await untilListening(back, emulator, output);
  await untilListening(front, emulator, output);
  return {
    async invoke(payload) {
      const requestId = crypto.randomUUID();
      const start = performance.now();
      const response = await fetch(`http://127.0.0.1:${front}/2015-03-31/functions/function/invocations`, {
        method: 'POST',
        headers: { 'x-amzn-requestid': requestId },
        body: payload,
      });
      const text = await response.text();
      const milliseconds = performance.now() - start;
      return { requestId, answer: parsed(text), bytes: Buffer.byteLength(text), milliseconds };
    },
    log: () =>
      output()
        .split('\n')
        .filter((line) => line !== '' && !/^(START|END|REPORT) RequestId: /.test(line)),
    peakMegabytes: () => Math.max(...childrenOf(emulator.pid).map(peakOf)),
    async close() {
      const ended = new Promise((resolve) => emulator.once('close', resolve));
      const children = childrenOf(emulator.pid);
      emulator.kill('SIGKILL');
      for (const child of children) process.kill(child, 'SIGKILL');
      await ended;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

async function untilListening(port: number, { exitCode }: ChildProcess, output: () => string): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until && exitCode === null; await sleep(20)) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) return;
  }
  throw new Error(`The emulator did not start:\n${output()}`);
}

function childrenOf(parent: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => statusOf(name, 'PPid') === String(parent))
    .map(Number);
}

const peakOf = (pid: number): number => Number.parseInt(statusOf(String(pid), 'VmHWM'), 10) / 1024;

/** A field of a process; empty for one that has just ended. */
function statusOf(pid: string, field: string): string {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address === 'object' && address) return address.port;
  throw new TypeError('no free port');
}

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests by npm run test:runtime`);
  return value;
}
