import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseSensitivity, SENSITIVITY_EXPECTED } from '../../shared/sensitivity-setting.ts';
import type { BacktestOptions } from '../backtest/backtest.ts';
import { EXIT } from '../exit-code.ts';
import { paintFor } from '../paint.ts';
import { progressOn } from '../progress.ts';
import { withAccount } from './account-options.ts';

/** Registers `backtest`. */
export const backtestCommand = (program: Command): Command =>
  withAccount(
    program
      .command('backtest')
      .description(
        'say what people would have been told: of a recording, or of your account, which is only read',
      )
      .option('--input <file>', 'CSV timestamp,keyArn,operation,requests, plain or .gz; needs no AWS')
      .option(
        '--last <duration>',
        "without --input: how much of the account's past to judge, ISO 8601",
        'P14D',
      ),
  )
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
    .option('--time-zone <zone>', 'in whose mornings daily digests are told', 'UTC')
    .option('--scores <file>', 'also write every judged bin: CSV, plain or .gz')
    .option('--html <file>', 'also write a report: one page that needs no network')
    .addOption(
      new Option('--format <format>', 'how to answer').choices(['table', 'json', 'csv']).default('table'),
    )
    .option('--fail-on-incident', 'exit with 2 if there was an incident')
    .addHelpText(
      'after',
      '\nExamples:\n  kms-runaway backtest --last P14D --region eu-central-1\n  kms-runaway backtest --input use.csv.gz --format json > result.json',
    )
    .action(async (options: BacktestOptions & { failOnIncident?: true }) => {
      const { runBacktest } = await import('../backtest/backtest.ts');
      const incidents = await runBacktest(options, {
        out: process.stdout,
        width: process.stdout.columns ?? 120,
        paint: paintFor(process.stdout),
        progress: progressOn(process.stderr),
      });
      if (options.failOnIncident && incidents > 0) process.exitCode = EXIT.incident;
    });

function sensitivity(text: string): number {
  const value = parseSensitivity(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError(SENSITIVITY_EXPECTED);
}
