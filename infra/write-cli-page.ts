import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { PROCESSES, type RecordedAnswer, recordAnswers } from './recorded-answers.ts';

const CLI = fileURLToPath(new URL('../dist/cli/kms-runaway.mjs', import.meta.url));

const INTRODUCTION = `# Command line

Every command as its own \`--help\` tells it; \`npm run docs:cli\` writes this page from the built command line.

\`top\`, \`diagnose\`, \`check\`, \`explain\` and \`backtest\` work straight from your account, with your own credentials and read-only, before anything is deployed: what is usual is then learned anew from up to eight weeks of CloudWatch, and mutes and acceptances are not known. \`--function NAME\` asks the deployed detector instead; \`status\`, \`ack\`, \`mute\`, \`unmute\`, \`accept\` and \`test-alert\` need it. \`--local\` looks at a simulated account.

Answers go to stdout, everything else to stderr. Exit codes: 0 quiet, 2 an open incident found by \`check\` (and by \`backtest --fail-on-incident\`), 64 a wrong call, 1 a fault.
`;

/** The page about the command line, from the help and the answers of the built one. */
async function cliPage(): Promise<string> {
  const overview = await help();
  const commands = [...overview.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name = '']) => name);
  const answers = await recordAnswers();
  const limited = pLimit(PROCESSES);
  const section = async (command: string): Promise<string> => {
    const told = (answers.get(command) ?? []).map(answerBlock);
    return `## ${command}\n\n${[block((await help(command)).trim()), ...told].join('\n')}`;
  };
  const sections = commands
    .filter((name) => name !== 'help')
    .map((command) => limited(() => section(command)));
  return [INTRODUCTION, ...(await Promise.all(sections))].join('\n');
}

const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\`\n`;

const TEXT_LINES = 60;
const PROGRAM_LINES = 14;
const LINE_CHARACTERS = 300;

/** A command as it is typed, and the first lines of its answer. */
function answerBlock({ line, out, code }: RecordedAnswer): string {
  const lines = out.trimEnd().split('\n');
  const most = /--format (json|csv)/.test(line) ? PROGRAM_LINES : TEXT_LINES;
  const shown = lines.slice(0, most).map((text) => shortened(text.trimEnd()));
  const left = lines.length - shown.length;
  const more = left > 0 ? [`[... ${left} more ${left === 1 ? 'line' : 'lines'}]`] : [];
  const ended = code === 0 ? [] : [`[exit code ${code}]`];
  return block([`$ ${line}`, ...shown, ...more, ...ended].join('\n'));
}

const shortened = (line: string): string =>
  line.length <= LINE_CHARACTERS
    ? line
    : `${line.slice(0, LINE_CHARACTERS)} [... ${line.length - LINE_CHARACTERS} more characters]`;

/** Without a terminal lines have 80 columns; whoever is logged in is not to stand on the page. */
async function help(...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...command, '--help'], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
  return stdout;
}

if (process.argv[1] === import.meta.filename) {
  const page = await cliPage();
  if (process.argv.includes('--print')) process.stdout.write(page);
  else await writeFile(new URL('../docs/cli.md', import.meta.url), page);
}
