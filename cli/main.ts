import { Command, CommanderError, InvalidArgumentError } from 'commander';

/** Exit codes: 64 for a wrong call, 1 for a fault (sysexits' EX_USAGE, and the shell's custom). */
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

/** Input that the user can mend, as opposed to a fault of ours or of the world. */
function isUsageError(error: unknown): boolean {
  return error instanceof Error && ['RecordingError', 'PolicyError', 'UsageError'].includes(error.name);
}
