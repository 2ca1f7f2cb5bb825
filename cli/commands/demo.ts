import type { Command } from 'commander';
import { requireEmbeddedTable } from '../optional-package.ts';

/** Registers `demo`. */
export const demoCommand = (program: Command): Command =>
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
      requireEmbeddedTable();
      const { demo } = await import('../demo/demo.ts');
      await demo(options, process.stdout);
    });
