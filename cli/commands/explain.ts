import { type Command, Option } from 'commander';
import { EXIT } from '../exit-code.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { note, withSource } from './account-options.ts';

/** Registers `explain`. */
export const explainCommand = (program: Command): Command =>
  withSource(
    program
      .command('explain')
      .argument('<key>', 'a key: its alias, id or ARN; alias patterns with * for several')
      .description(
        'say why the use of a key was told, or was not: the band, the last 8 weeks, every condition',
      )
      .option('--operation <name>', 'one operation, such as Decrypt (default: all that are used)')
      .option('--at <time>', 'explain that moment, ISO 8601 (default: now)'),
  )
    .option('--policy <file>', 'policy document, without --function')
    .option('--html <file>', 'also write a report: one page that needs no network')
    .addOption(new Option('--format <format>', 'how to answer').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  kms-runaway explain alias/lake-etl --operation Decrypt\n  kms-runaway explain alias/lake-etl --at 2026-11-25T02:00:00Z --region eu-central-1\n  kms-runaway explain alias/lake-etl --local',
    )
    .action(async (key: string, options: ExplainOptions) => {
      const { runExplain } = await import('../explain/explain.ts');
      const isRead = await runExplain(key, options, {
        out: process.stdout,
        width: process.stdout.columns ?? 100,
        note,
      });
      if (!isRead) process.exitCode = EXIT.fault;
    });
