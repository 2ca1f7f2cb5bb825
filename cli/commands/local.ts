import { type Command, InvalidArgumentError } from 'commander';
import { requireEmbeddedTable } from '../optional-package.ts';

/** Registers `local`. */
export const localCommand = (program: Command): Command =>
  program
    .command('local')
    .description('run the embedded AWS with the detector in it and print the environment variables to use it')
    .option('--port <n>', 'port on 127.0.0.1 (0: any free one)', parsePort, 4599)
    .option('--empty', 'an account without any use of KMS')
    .addHelpText('after', '\nExample:\n  kms-runaway local --port 4599')
    .action(async (options: { port: number; empty?: true }) => {
      requireEmbeddedTable();
      const { local } = await import('../local.ts');
      await local(options, process.stdout);
    });

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port from 0 to 65535');
}
