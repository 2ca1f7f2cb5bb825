import { type Command, Option } from 'commander';
import { TOP_ORDERS } from '../../shared/domain/top.ts';
import { DEFAULT_TOP_LIMIT, DEFAULT_TOP_PERIOD } from '../../shared/top-setting.ts';
import { paintFor } from '../paint.ts';
import { progressOn } from '../progress.ts';
import type { TopOptions } from '../top/top.ts';
import { withSource } from './account-options.ts';

/** Registers `top`. */
export const topCommand = (program: Command): Command =>
  withSource(
    program
      .command('top')
      .description('say which keys use most of your quota and your money; your account is only read')
      .addOption(new Option('--by <order>', 'what to rank by').choices(TOP_ORDERS).default('cost'))
      .option('--last <duration>', 'how far to look back, ISO 8601, PT5M to P63D', DEFAULT_TOP_PERIOD)
      .option('--limit <n>', 'keys to list', String(DEFAULT_TOP_LIMIT))
      .option('--html <file>', 'also write a report: one page that needs no network')
      .option('--diagnose <n>', 'also look into the first n keys: who calls, why, and what ends it'),
    'Regions, separated by commas, or all (default: AWS_REGION)',
  )
    .addOption(
      new Option('--format <format>', 'how to answer').choices(['table', 'json', 'csv']).default('table'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  kms-runaway top --last P7D --region eu-central-1\n  kms-runaway top --by quota --region all --format csv > top.csv\n  kms-runaway top --function kms-runaway-Detector-1ABC\n  kms-runaway top --local',
    )
    .action(async (options: TopOptions) => {
      const { runTop } = await import('../top/top.ts');
      const progress = progressOn(process.stderr);
      await runTop(options, {
        out: process.stdout,
        width: process.stdout.columns ?? 120,
        paint: paintFor(process.stdout),
        progress,
        note: progress.note,
      });
    });
