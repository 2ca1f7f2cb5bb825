import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { installDetector } from './local/install-detector.ts';
import { uuid } from './local/random.ts';
import { type LocalAws, startLocalAws } from './local/server.ts';
import { createWorld } from './local/simulated-world.ts';

const CLI = fileURLToPath(new URL('../dist/cli/kms-runaway.mjs', import.meta.url));

/** Commands asked at once. */
export const PROCESSES = 3;

const BUNDLE = new URL('../dist/detector/index.mjs', import.meta.url);

/** The moment of all answers: 28 minutes into a day on which a key runs away at ten past twelve. */
const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;
const NOW = NOON + 28 * 60;
const FUNCTION = 'kms-runaway-Detector-1ABC';

/** A command as it was given, and what it answered. */
export interface RecordedAnswer {
  readonly line: string;
  readonly out: string;
  readonly code: number;
}

type Ask = (...args: readonly string[]) => Promise<RecordedAnswer>;

/**
 * The real answers of every command that ends by itself and soon, in an embedded AWS in which the built detector has
 * just told of a key: the same whenever they are recorded. By command.
 */
export async function recordAnswers(): Promise<ReadonlyMap<string, readonly RecordedAnswer[]>> {
  const aws = await worldWithTrouble();
  try {
    return new Map(await everyCommand(askerIn(aws)));
  } finally {
    await aws.close();
  }
}

/** The built function, and what it wants to know of an invocation. */
type Handler = (
  event: unknown,
  context: {
    readonly functionName: string;
    readonly awsRequestId: string;
    readonly getRemainingTimeInMillis: () => number;
  },
) => Promise<unknown>;

const TIMEOUT_MILLISECONDS = 240_000;

/** A small account whose deployed detector has told, four checks long, that lake-etl runs away. */
async function worldWithTrouble(): Promise<LocalAws> {
  const storm = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from: NOON + 600, to: NOON + 36_000 };
  const runaways = [{ ...storm, kind: 'retryStorm', requestsPerSecond: 2000 }] as const;
  const aws = await startLocalAws({
    world: createWorld({ startsAt: NOON, keys: 8, runaways }),
    datedByClock: true,
  });
  const { environment } = await installDetector(aws);
  const quiet = { LOG_LEVEL: 'ERROR', POWERTOOLS_LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' };
  Object.assign(process.env, environment, quiet);
  const { handler } = (await import(BUNDLE.href)) as { readonly handler: Handler };
  let invocations = 0;
  const invoke = (payload: unknown) =>
    handler(payload, {
      functionName: FUNCTION,
      awsRequestId: uuid(invocations++),
      getRemainingTimeInMillis: () => TIMEOUT_MILLISECONDS,
    });
  aws.lambda.deploy(FUNCTION, invoke);
  for (let at = NOON + 780; at <= NOW; at += 300) {
    aws.clock.set(at);
    await invoke({ action: 'check', scheduledTime: new Date(at * 1000).toISOString() });
  }
  return aws;
}

const json = ['--format', 'json'];

/** The account is only read, by a few at a time; the detector, which remembers, is asked one by one. */
async function everyCommand(ask: Ask): Promise<[string, readonly RecordedAnswer[]][]> {
  const here = ['--region', 'eu-central-1'];
  const limited = pLimit(PROCESSES);
  const read = (...lines: readonly (readonly string[])[]) =>
    Promise.all(lines.map((line) => limited(() => ask(...line))));
  const top = ['top', '--last', 'PT1H', '--limit', '5', ...here];
  const diagnose = ['diagnose', 'alias/lake-etl', ...here];
  const check = ['check', ...here];
  const explain = ['explain', 'alias/lake-etl', '--operation', 'Decrypt', ...here];
  const backtest = ['backtest', '--last', 'P1D', ...here];
  const doctor = ['doctor', '--watch', 'PT0S', ...here];
  const answers = await Promise.all([
    read(top, [...top, ...json]),
    read(diagnose, [...diagnose, ...json]),
    read(check, [...check, ...json], [...check, '--format', 'csv']),
    read(explain, [...explain, ...json]),
    read(backtest, [...backtest, ...json]),
    read(doctor, [...doctor, ...json]),
    read(['permissions']),
    everyDeed(ask),
  ]);
  return answers.flat().reduce<[string, RecordedAnswer[]][]>((sections, answer) => {
    const command = answer.line.split(' ')[1] ?? '';
    const section = sections.find(([name]) => name === command);
    if (section) section[1].push(answer);
    else sections.push([command, [answer]]);
    return sections;
  }, []);
}

/** What only the deployed detector can say or do, as a person would on call. */
async function everyDeed(ask: Ask): Promise<RecordedAnswer[]> {
  const deployed = ['--function', FUNCTION];
  const signed = ['--by', 'ada', ...deployed];
  const answers: RecordedAnswer[] = [];
  const deed = async (...line: readonly string[]): Promise<string> => {
    const answer = await ask(...line);
    answers.push(answer);
    return answer.out;
  };
  await deed('status', ...deployed);
  await deed('status', ...deployed, ...json);
  for (const format of [[], json]) {
    await deed('ack', 'alias/lake-etl', ...signed, ...format);
    const muted = await deed(
      ...['mute', 'alias/lake-*', '--until', 'P1D', '--reason', 'load test', ...signed, ...format],
    );
    const mute = /\(mute (\w+)\)|"id": "(\w+)"/.exec(muted);
    await deed('unmute', mute?.[1] ?? mute?.[2] ?? '', ...signed, ...format);
    await deed('accept', 'alias/lake-etl', '--reason', 'twice the data', ...signed, ...format);
    await deed('test-alert', ...deployed, ...format);
  }
  return answers;
}

/** Makes the clock of a Node.js process stand still. */
const STANDING_CLOCK = `data:text/javascript,${encodeURIComponent(`
  const at = ${NOW * 1000};
  globalThis.Date = class extends Date {
    constructor(...given) { super(...(given.length > 0 ? given : [at])); }
    static now() { return at; }
  };
`)}`;

/** Asks the built command line as a process of its own, which nothing in the reader's environment changes. */
const askerIn =
  ({ environment }: LocalAws): Ask =>
  (...args) =>
    new Promise((resolve) => {
      const env = {
        PATH: process.env['PATH'],
        NO_COLOR: '1',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...environment,
      };
      const line = ['kms-runaway', ...args.map((arg) => (/[ *]/.test(arg) ? `"${arg}"` : arg))].join(' ');
      const node = ['--no-warnings', '--import', STANDING_CLOCK, CLI];
      execFile(process.execPath, [...node, ...args], { env, maxBuffer: 64e6 }, (error, out, err) => {
        const code = error === null ? 0 : Number(error.code);
        if (code !== 0 && code !== 2) throw new Error(`${line} ended with ${error?.code}: ${err}`);
        resolve({ line, out, code });
      });
    });
