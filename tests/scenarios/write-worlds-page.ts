import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { UNKNOWNS, WORLDS } from '../support/worlds.ts';
import { readScenarios, type Scenario } from './scenario.ts';

const INTRODUCTION = `# Situations and worlds

What AWS documents leaves questions open, which only a live account can answer. The embedded AWS has a switch for each, and a world is one way in which they may be answered. \`npm run test:scenarios\` plays every situation in every world, through the built function over HTTP, and compares what people are told; \`npm run docs:worlds\` writes this page from that suite.
`;

/** The page about the scenario suite, from its data files. */
export function worldsPage(): string {
  const worlds = Object.keys(WORLDS);
  const played = playedWorlds();
  const scenarios = [...readScenarios().values()];
  return [
    INTRODUCTION,
    '## Worlds\n',
    row('', 'In this world', 'What nobody knows'),
    row('---', '---', '---'),
    ...worlds.map((world, i) => row(String(i + 1), world, UNKNOWNS[world] ?? '')),
    '\n## Situations\n',
    'Each receiver must be told this, in this order; (in brackets): in some worlds. What begins or ends otherwise fails.\n',
    row('Situation', 'Email', 'Slack', ...worlds.map((_, i) => String(i + 1))),
    row('---', '---', '---', ...worlds.map(() => '---')),
    ...scenarios.map((scenario) => situationRow(scenario, worlds, played)),
    '',
  ].join('\n');
}

/** Worlds that a test file plays everything in. */
function playedWorlds(): ReadonlySet<string> {
  const folder = new URL('./worlds/', import.meta.url);
  const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  return new Set(files.flatMap((text) => /tellScenarios\('([^']+)'\)/.exec(text)?.[1] ?? []));
}

function situationRow(
  { situation, told }: Scenario,
  worlds: readonly string[],
  played: ReadonlySet<string>,
): string {
  const slack = String(told.slack) === String(told.email) ? 'the same' : messages(told.slack);
  const marks = worlds.map((world) => (played.has(world) ? 'x' : ''));
  return row(situation, messages(told.email), slack, ...marks);
}

const messages = (told: readonly string[]): string => told.map(inWords).join('; ') || 'nothing';

/** `NOTICE lake-etl|PAGE lake-etl?`: `(NOTICE lake-etl or PAGE lake-etl)`. */
function inWords(message: string): string {
  const ways = message.replace(/\?$/, '').replaceAll(' prod eu-central-1', '').split('|');
  const text = ways.map((way) => way.trim()).join(' or ');
  return message.endsWith('?') ? `(${text})` : text;
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

if (process.argv[1] === import.meta.filename)
  await writeFile(new URL('../../docs/worlds.md', import.meta.url), worldsPage());
