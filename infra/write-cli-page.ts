import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CLI = fileURLToPath(new URL('../dist/cli/kms-runaway.mjs', import.meta.url));

const INTRODUCTION = `# Command line

Every command as its own \`--help\` tells it; \`npm run docs:cli\` writes this page from the built command line.

\`top\`, \`diagnose\`, \`check\`, \`explain\` and \`backtest\` work straight from your account, with your own credentials and read-only, before anything is deployed: what is usual is then learned anew from up to eight weeks of CloudWatch, and mutes and acceptances are not known. \`--function NAME\` asks the deployed detector instead; \`status\`, \`ack\`, \`mute\`, \`unmute\`, \`accept\` and \`test-alert\` need it. \`--local\` looks at a simulated account.

Answers go to stdout, everything else to stderr. Exit codes: 0 quiet, 2 an open incident found by \`check\` (and by \`backtest --fail-on-incident\`), 64 a wrong call, 1 a fault.
`;

/** The page about the command line, from the help of the built one. */
export async function cliPage(): Promise<string> {
  const overview = await help();
  const commands = [...overview.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name = '']) => name);
  const sections: string[] = [];
  for (const command of commands.filter((name) => name !== 'help')) {
    sections.push(`## ${command}\n\n\`\`\`text\n${(await help(command)).trim()}\n\`\`\`\n`);
  }
  return [INTRODUCTION, ...sections].join('\n');
}

/** Without a terminal lines have 80 columns; whoever is logged in is not to stand on the page. */
async function help(...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...command, '--help'], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
  return stdout;
}

if (process.argv[1] === import.meta.filename)
  await writeFile(new URL('../docs/cli.md', import.meta.url), await cliPage());
