import { Command, CommanderError } from 'commander';
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
import { explainCommand } from './commands/explain.ts';
import { localCommand } from './commands/local.ts';
import { topCommand } from './commands/top.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';

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
  demoCommand,
  localCommand,
] as const;

const program = new Command('kms-runaway')
  .description('Finds AWS KMS keys whose use runs away, says so within minutes, and says what it costs.')
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for examples)')
  .exitOverride();
for (const register of COMMANDS) register(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`kms-runaway: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
