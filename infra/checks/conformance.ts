import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingForDynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';
import { CheckError, main, pythonEnvironment, ROOT } from './python-environment.ts';

/** The parts of moto's server that are used here; its extra `server` would bring five times as much. */
const PACKAGES = [
  'moto==5.2.5',
  'flask==3.1.3',
  'flask-cors==6.0.5',
  'werkzeug==3.1.9',
  'py-partiql-parser==0.6.3',
  'boto3==1.44.8',
];

/**
 * moto's server, but one request at a time: its conditional writes are not atomic among threads. It also ends when
 * its input does: not even a parent that is killed leaves it behind.
 */
const SERVER = `
import os, sys, threading
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
application = DomainDispatcherApplication(create_backend_app)
run_simple('127.0.0.1', int(sys.argv[1]), application, threaded=False)
`;

const START_SECONDS = 60;

/** `npm run test:conformance`: the adapters, and the bundle, against AWS as somebody else has understood it. */
await main(async () => {
  const programs = pythonEnvironment('.conformance', PACKAGES);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const moto = spawn(join(programs, 'python'), ['-c', SERVER, String(port)], {
    cwd: ROOT,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, MOTO_PORT: String(port), MOTO_ACCOUNT_ID: '111122223333' },
  });
  const output = lastLines(moto);
  const dynamoDb = await openDynamoDbLocal();
  const stop = () => {
    moto.kill();
    dynamoDb?.process.kill();
  };
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  try {
    await untilReady('moto', `${endpoint}/moto-api/data.json`, moto, output);
    if (dynamoDb) await untilReady('DynamoDB Local', dynamoDb.endpoint, dynamoDb.process, dynamoDb.output);
    const failed = await vitest({
      MOTO_ENDPOINT: endpoint,
      MOTO_PYTHON: join(programs, 'python'),
      ...(dynamoDb && { DYNAMODB_LOCAL_ENDPOINT: dynamoDb.endpoint }),
    });
    if (failed) throw new CheckError('The conformance tests failed.');
  } finally {
    stop();
  }
});

function vitest(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const args = ['run', '--config', 'tests/conformance/vitest.config.ts', ...process.argv.slice(2)];
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  process.once('exit', () => void child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code !== 0));
  });
}

/** AWS's own, where Java and Maven are there; the suites say that they were skipped otherwise. */
async function openDynamoDbLocal() {
  const missing = missingForDynamoDbLocal();
  if (missing.length > 0) {
    process.stdout.write(
      `Skipped: the stores against DynamoDB Local, which needs ${missing.join(' and ')}\n`,
    );
    return undefined;
  }
  const port = await freePort();
  const child = startDynamoDbLocal(port);
  return { process: child, endpoint: `http://127.0.0.1:${port}`, output: lastLines(child) };
}

/** Waits for any answer: DynamoDB Local calls a plain GET a bad request. */
async function untilReady(
  name: string,
  url: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  for (const until = Date.now() + START_SECONDS * 1000; Date.now() < until; await sleep(100)) {
    if (child.exitCode !== null) throw new CheckError(`${name} ended at once:\n${output()}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return;
  }
  throw new CheckError(`${name} did not answer within ${START_SECONDS} s:\n${output()}`);
}

/** Keeps the end of what a process says: it logs each request, which nobody wants to see unless it fails. */
function lastLines({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4000);
  });
  return () => text;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new TypeError('no free port'));
      });
    });
  });
}
