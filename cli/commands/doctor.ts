import { type Command, Option } from 'commander';
import type { DoctorOptions } from '../doctor/doctor.ts';
import { EXIT } from '../exit-code.ts';
import { note, withAccount } from './account-options.ts';

/** Registers `doctor`. */
export const doctorCommand = (program: Command): Command =>
  withAccount(
    program
      .command('doctor')
      .description(
        'ask your account what AWS does not document, and whether everything is in order; reads only',
      ),
  )
    .addOption(
      new Option(
        '--function <name>',
        'have the deployed detector ask, with its own role and receivers',
      ).conflicts('local'),
    )
    .option('--local', 'look at a simulated account instead of yours; needs no AWS')
    .option(
      '--watch <duration>',
      'how long to watch whether datapoints still change, ISO 8601, PT0S to PT150S',
      'PT75S',
    )
    .option(
      '--redacted <file>',
      'also write the answers as JSON without ids, names and addresses, to be shared',
    )
    .addOption(new Option('--format <format>', 'how to answer').choices(['table', 'json']).default('table'))
    .addHelpText(
      'after',
      '\nExits with 0 if everything is as assumed or cannot be told, with 2 if something needs attention: AWS differs from what' +
        '\nis assumed, a call is denied, a receiver would hear nothing, the clock is wrong; with 1 after a fault, 64 after a wrong call.' +
        '\n\nExamples:\n  kms-runaway doctor --region eu-central-1\n  kms-runaway doctor --watch PT0S --redacted doctor.json\n  kms-runaway doctor --function kms-runaway-Detector-1ABC\n  kms-runaway doctor --local',
    )
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('../doctor/doctor.ts');
      const attentions = await runDoctor(options, {
        out: process.stdout,
        width: process.stdout.columns ?? 120,
        note,
      });
      if (attentions > 0) process.exitCode = EXIT.attention;
    });
