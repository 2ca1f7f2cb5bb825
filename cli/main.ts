import { Command, CommanderError } from 'commander';
import { awsAdvice } from './aws-advice.ts';
import { backtestCommand } from './commands/backtest.ts';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import {
  acceptCommand,
  ackCommand,
  muteCommand,
  statusCommand,
  testAlertCommand,
  unmuteCommand,
} from './commands/deployed.ts';
import { diagnoseCommand } from './commands/diagnose.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { localCommand } from './commands/local.ts';
import { permissionsCommand } from './commands/permissions.ts';
import { topCommand } from './commands/top.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { denialAdvice } from './permissions/denials.ts';

/** The package's version, put in by the build. */
declare const VERSION: string;

/** THE COMMANDS, in the order of the help: each is light here and loads its work when it is called. */
const COMMANDS = [
  topCommand,
  diagnoseCommand,
  checkCommand,
  explainCommand,
  backtestCommand,
  statusCommand,
  ackCommand,
  muteCommand,
  unmuteCommand,
  acceptCommand,
  testAlertCommand,
  doctorCommand,
  permissionsCommand,
  demoCommand,
  localCommand,
] as const;

// The command line runs where its user has a Node.js that the AWS SDK is about to leave behind: no answer of ours.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const program = new Command('kms-runaway')
  .description('Finds AWS KMS keys whose use runs away, says so within minutes, and says what it costs.')
  .version(VERSION)
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for examples)')
  .exitOverride();
for (const register of COMMANDS) register(program);
let profile = process.env['AWS_PROFILE'];
program.hook('preAction', (_, command) => {
  const named: unknown = command.opts()['profile'];
  if (typeof named === 'string') profile = named;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`kms-runaway: ${messageOf(error)}\n`);
  }
}
const advice = denialAdvice();
if (advice) process.stderr.write(`${advice}\n`);

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return awsAdvice(error, profile) ?? error.message;
}
