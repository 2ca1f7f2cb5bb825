import { type Command, Option } from 'commander';
import type { DiagnoseOptions } from '../diagnose.ts';
import { withSource } from './account-options.ts';

/** Registers `diagnose`. */
export const diagnoseCommand = (program: Command): Command =>
  withSource(
    program
      .command('diagnose')
      .argument('<key>', 'a key: its alias, id or ARN; alias patterns with * for several')
      .description('say who uses a key, what for, what it costs, why so much, and what ends it; reads only'),
  )
    .option('--policy <file>', 'policy document, for your own prices')
    .option('--html <file>', 'also write a report: one page that needs no network')
    .addOption(new Option('--format <format>', 'how to answer').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  kms-runaway diagnose alias/lake-etl --region eu-central-1\n  kms-runaway diagnose alias/lake-etl --function kms-runaway-Detector-1ABC\n  kms-runaway diagnose alias/lake-etl --local',
    )
    .action(async (key: string, options: DiagnoseOptions) => {
      const { runDiagnose } = await import('../diagnose.ts');
      await runDiagnose(key, options, process.stdout);
    });
