import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { TOP_ORDERS } from '../shared/domain/top.ts';
import { parseSensitivity, SENSITIVITY_EXPECTED } from '../shared/sensitivity-setting.ts';
import { DEFAULT_TOP_LIMIT, DEFAULT_TOP_PERIOD } from '../shared/top-setting.ts';
import type { BacktestOptions } from './backtest/backtest.ts';
import type { DiagnoseOptions } from './diagnose.ts';
import type { TopOptions } from './top/top.ts';

/** Exit codes: 2 for an incident found, 64 for a wrong call (EX_USAGE of sysexits), 1 for a fault. */
const INCIDENT = 2;
const USAGE = 64;
const FAULT = 1;

const program = new Command('kms-runaway')
  .description('Finds AWS KMS keys whose use runs away, says so within minutes, and says what it costs.')
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for examples)')
  .exitOverride();

program
  .command('demo')
  .description('play a working day of a simulated account, or a recording, through the built Lambda')
  .option('--input <file>', 'a recording: CSV timestamp,keyArn,operation,requests, plain or .gz')
  .option(
    '--from <time>',
    'first moment to judge, ISO 8601 (default: after 8 weeks, or 70 % of a shorter recording)',
  )
  .option('--policy <file>', 'policy document to use, as packed beside the Lambda')
  .option('--out <folder>', 'where to leave the messages and the last report', 'demo-out')
  .addHelpText(
    'after',
    '\nExamples:\n  kms-runaway demo\n  kms-runaway demo --input use.csv.gz --from 2026-11-01T00:00:00Z',
  )
  .action(async (options: { input?: string; from?: string; policy?: string; out: string }) => {
    const { demo } = await import('./demo/demo.ts');
    await demo(options, process.stdout);
  });

program
  .command('backtest')
  .description('say what people would have been told: of a recording, or of your account, which is only read')
  .option('--input <file>', 'CSV timestamp,keyArn,operation,requests, plain or .gz; needs no AWS')
  .option('--last <duration>', "without --input: how much of the account's past to judge, ISO 8601", 'P14D')
  .option('--region <region>', 'Region of the account (default: AWS_REGION)')
  .option('--profile <name>', 'profile of ~/.aws/config to use')
  .option(
    '--from <time>',
    'first moment to judge, ISO 8601 (default: after 8 weeks, or 70 % of a shorter recording)',
  )
  .option(
    '--sensitivity <s>',
    'quiet, normal, eager, or accepted false alerts per 100 keys and year',
    sensitivity,
  )
  .option('--policy <file>', 'policy document')
  .option('--scores <file>', 'also write every judged bin: CSV, plain or .gz')
  .option('--html <file>', 'also write a report: one page that needs no network')
  .addOption(new Option('--format <format>', 'how to answer').choices(['table', 'json']).default('table'))
  .option('--fail-on-incident', 'exit with 2 if there was an incident')
  .addHelpText(
    'after',
    '\nExamples:\n  kms-runaway backtest --last P14D --region eu-central-1\n  kms-runaway backtest --input use.csv.gz --format json > result.json',
  )
  .action(async (options: BacktestOptions & { failOnIncident?: true }) => {
    const { runBacktest } = await import('./backtest/backtest.ts');
    const incidents = await runBacktest(options, {
      out: process.stdout,
      progress: showProgress,
      note: (line) => process.stderr.write(`${line}\n`),
    });
    if (options.failOnIncident && incidents > 0) process.exitCode = INCIDENT;
  });

program
  .command('top')
  .description('say which keys use most of your quota and your money; your account is only read')
  .addOption(new Option('--by <order>', 'what to rank by').choices(TOP_ORDERS).default('cost'))
  .option('--last <duration>', 'how far to look back, ISO 8601, PT5M to P63D', DEFAULT_TOP_PERIOD)
  .option('--limit <n>', 'keys to list', String(DEFAULT_TOP_LIMIT))
  .option('--html <file>', 'also write a report: one page that needs no network')
  .option('--diagnose <n>', 'also look into the first n keys: who calls, why, and what ends it')
  .option('--region <regions>', 'Regions, separated by commas, or all (default: AWS_REGION)')
  .option('--profile <name>', 'profile of ~/.aws/config to use')
  .addOption(
    new Option('--format <format>', 'how to answer').choices(['table', 'json', 'csv']).default('table'),
  )
  .option('--local', 'look at a simulated account instead of yours; needs no AWS')
  .addHelpText(
    'after',
    '\nExamples:\n  kms-runaway top --last P7D --region eu-central-1\n  kms-runaway top --by quota --region all --format csv > top.csv\n  kms-runaway top --local',
  )
  .action(async (options: TopOptions) => {
    const { runTop } = await import('./top/top.ts');
    await runTop(options, {
      out: process.stdout,
      width: process.stdout.columns ?? 120,
      note: (line) => process.stderr.write(`${line}\n`),
    });
  });

program
  .command('diagnose')
  .argument('<key>', 'a key: its alias, id or ARN; alias patterns with * for several')
  .description('say who uses a key, what for, what it costs, why so much, and what ends it; reads only')
  .option('--region <region>', 'Region of the account (default: AWS_REGION)')
  .option('--profile <name>', 'profile of ~/.aws/config to use')
  .option('--policy <file>', 'policy document, for your own prices')
  .addOption(new Option('--format <format>', 'how to answer').choices(['text', 'json']).default('text'))
  .option('--local', 'look at a simulated account instead of yours; needs no AWS')
  .addHelpText(
    'after',
    '\nExamples:\n  kms-runaway diagnose alias/lake-etl --region eu-central-1\n  kms-runaway diagnose alias/lake-etl --local',
  )
  .action(async (key: string, options: DiagnoseOptions) => {
    const { runDiagnose } = await import('./diagnose.ts');
    await runDiagnose(key, options, process.stdout);
  });

program
  .command('local')
  .description('run the embedded AWS alone and print the environment variables to use it')
  .option('--port <n>', 'port on 127.0.0.1 (0: any free one)', parsePort, 4599)
  .option('--empty', 'an account without any use of KMS')
  .addHelpText('after', '\nExample:\n  kms-runaway local --port 4599')
  .action(async (options: { port: number; empty?: true }) => {
    const { local } = await import('./local.ts');
    await local(options, process.stdout);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    process.exitCode = isUsageError(error) ? USAGE : FAULT;
    process.stderr.write(`kms-runaway: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port from 0 to 65535');
}

function sensitivity(text: string): number {
  const value = parseSensitivity(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError(SENSITIVITY_EXPECTED);
}

/** One line on a terminal that is written over and over; nothing where nobody watches. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}

/** Input that the user can mend, as opposed to a fault of ours or of the world: also a file that cannot be opened. */
function isUsageError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const unopened = 'code' in error && ['ENOENT', 'EISDIR', 'EACCES'].includes(String(error.code));
  return unopened || ['RecordingError', 'PolicyError', 'UsageError'].includes(error.name);
}
