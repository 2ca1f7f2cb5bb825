import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** One invocation as the container saw it. */
export interface Invoked {
  readonly answer: unknown;
  readonly seconds: number;
  /** Of the container's process alone. */
  readonly cpuSeconds: number;
  /** Largest resident memory so far. */
  readonly megabytes: number;
}

/** A process that runs the built bundle and nothing else, so that its memory and its CPU time can be told. */
export interface Container {
  invoke(payload: unknown): Promise<Invoked>;
  stop(): void;
}

/** Reads payloads line by line from stdin and answers each on stdout, as the Lambda runtime does. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const [bundle, timeoutMs] = process.argv.slice(1);
const { handler } = await import(bundle);
const say = console.log;
console.log = console.info = console.warn = console.error = () => {};
for await (const line of createInterface({ input: process.stdin })) {
  const endsAt = Date.now() + Number(timeoutMs);
  const context = { awsRequestId: crypto.randomUUID(), functionName: 'bench', memoryLimitInMB: '1024',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:bench',
    getRemainingTimeInMillis: () => endsAt - Date.now() };
  const started = performance.now();
  const cpu = process.cpuUsage();
  const answer = await handler(JSON.parse(line), context).catch((error) => ({ error: String(error.stack) }));
  const { user, system } = process.cpuUsage(cpu);
  const peak = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  say(JSON.stringify({ answer, seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6, megabytes: Number(peak) / 1024 }));
}
`;

/** Starts a container. V8's heap is bounded as by a function of this memory, or it would not collect in time. */
export function startContainer(
  environment: Readonly<Record<string, string>>,
  { memoryMegabytes, timeoutSeconds }: { readonly memoryMegabytes: number; readonly timeoutSeconds: number },
): Container {
  const bundle = pathToFileURL(`${import.meta.dirname}/../../dist/detector/index.mjs`).href;
  const heap = `--max-old-space-size=${Math.round(memoryMegabytes * 0.9)}`;
  const child = spawn(
    process.execPath,
    ['--no-warnings', heap, '--input-type=module', '-e', PROGRAM, bundle, String(timeoutSeconds * 1000)],
    { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async invoke(payload) {
      child.stdin.write(`${JSON.stringify(payload)}\n`);
      const { value, done } = await Promise.race([lines.next(), endOf(child)]);
      if (done) throw new Error('the container ended before it answered');
      return JSON.parse(String(value)) as Invoked;
    },
    stop: () => void child.kill(),
  };
}

const endOf = (child: ChildProcess): Promise<never> =>
  new Promise((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`the container ended with ${code ?? signal}`)));
  });
