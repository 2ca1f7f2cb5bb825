import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { conformancePage, suiteResults, type TestCase, withoutImplementation } from './conformance-page.ts';
import { missingForDynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';
import { MOTO_DIFFERS, NOT_IN_MOTO } from './moto-differences.ts';
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

const PAGE = join(ROOT, 'docs/conformance.md');
/** `--write` writes the page instead of comparing it. What else is given is vitest's; the page is then left alone. */
const WRITE = process.argv.includes('--write');
const CHOSEN = process.argv.slice(2).filter((argument) => argument !== '--write');

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
    const cases = await vitest(['--config', 'tests/conformance/vitest.config.ts', ...CHOSEN], {
      MOTO_ENDPOINT: endpoint,
      MOTO_PYTHON: join(programs, 'python'),
      ...(dynamoDb && { DYNAMODB_LOCAL_ENDPOINT: dynamoDb.endpoint }),
    });
    if (CHOSEN.length === 0) await checkPage(cases, dynamoDb !== undefined);
  } finally {
    stop();
  }
});

/** The page against the cases of this run, with those of the suites that need no stand-in. */
async function checkPage(cases: readonly TestCase[], hasDynamoDbLocal: boolean): Promise<void> {
  const all = [...(await vitest(['tests/contract', '--testTimeout=300000'])), ...cases];
  const tried = hasDynamoDbLocal
    ? all
    : all.filter(({ ancestorTitles }) => !ancestorTitles.join().includes('DynamoDB Local'));
  const page = conformancePage(suiteResults(tried), Object.values(MOTO_DIFFERS), NOT_IN_MOTO);
  if (WRITE) {
    if (!hasDynamoDbLocal) throw new CheckError('The page needs DynamoDB Local: install Java 17 and Maven.');
    writeFileSync(PAGE, page);
    return;
  }
  const comparable = (text: string) =>
    hasDynamoDbLocal ? text : withoutImplementation(text, 'DynamoDB Local');
  if (comparable(readFileSync(PAGE, 'utf8')) === comparable(page)) return;
  throw new CheckError(
    `This run found something else than docs/conformance.md says. npm run docs:conformance writes the page anew.`,
  );
}

/** Runs tests and gives their cases. Throws if any fails. */
async function vitest(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<TestCase[]> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const program = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [program, 'run', ...args, ...reporters], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  process.once('exit', () => void child.kill());
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code !== 0) throw new CheckError('The conformance tests failed.');
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: { assertionResults: TestCase[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
