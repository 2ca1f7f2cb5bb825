import { type Command, Option } from 'commander';
import type { CheckOptions } from '../check/check.ts';
import { EXIT } from '../exit-code.ts';
import { paintFor } from '../paint.ts';
import { progressOn } from '../progress.ts';
import { withSource } from './account-options.ts';

/** Registers `check`. */
export const checkCommand = (program: Command): Command =>
  withSource(
    program
      .command('check')
      .argument('[keys...]', 'keys to judge: aliases, ids, ARNs, alias patterns with * (default: all)')
      .description('judge the use of keys now, or at another time; exits with 2 if an incident is open')
      .option('--operations <list>', 'operations to judge, separated by commas, such as Decrypt,Sign')
      .option('--at <time>', 'judge that moment, ISO 8601')
      .option(
        '--lookback <duration>',
        'also judge the time before, ISO 8601, PT5M to P56D (default without --function: P1D)',
      )
      .option('--notify', 'with --function: tell people what is found, also of chosen keys')
      .option('--no-notify', 'with --function: tell nobody and write nothing'),
    'Regions, separated by commas, or all (default: AWS_REGION)',
  )
    .option('--policy <file>', 'policy document, without --function')
    .option('--html <file>', 'also write a report: one page that needs no network')
    .addOption(
      new Option('--format <format>', 'how to answer').choices(['table', 'json', 'csv']).default('table'),
    )
    .addHelpText(
      'after',
      '\nWithout --function nothing is written and nobody is told: what is usual is learned anew from eight weeks of CloudWatch.' +
        '\n\nExamples:\n  kms-runaway check --region eu-central-1\n  kms-runaway check "alias/etl-*" --at 2026-11-25T02:00:00Z\n  kms-runaway check --function kms-runaway-Detector-1ABC --no-notify',
    )
    .action(async (keys: readonly string[], options: CheckOptions) => {
      const { runCheck } = await import('../check/check.ts');
      const progress = progressOn(process.stderr);
      const open = await runCheck(keys, options, {
        out: process.stdout,
        width: process.stdout.columns ?? 120,
        paint: paintFor(process.stdout),
        progress,
        note: progress.note,
      });
      if (open > 0) process.exitCode = EXIT.incident;
    });
