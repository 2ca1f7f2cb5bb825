import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kmsRunaway } from '../support/a-cli.ts';

const PAGE = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const SECTIONS = PAGE.split(/^## /m).slice(1);
const nameOf = (section: string): string => section.split('\n')[0] ?? '';

/** `npm run test:cli` compares the whole page, answers included; `npm run docs:cli` writes it anew. */
describe('the page about the command line', () => {
  it('has the help of every command, as the built one gives it', async () => {
    const overview = (await kmsRunaway('--help')).out;
    const commands = [...overview.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name = '']) => name);
    expect(SECTIONS.map(nameOf)).toEqual(commands.filter((name) => name !== 'help'));

    for (const section of SECTIONS) {
      const name = nameOf(section);
      const help = (await kmsRunaway(name, '--help')).out.trim();
      expect(section.startsWith(`${name}\n\n\`\`\`text\n${help}\n\`\`\`\n`), name).toBe(true);
    }
  });

  it('has an example of every command, and the answer of all but those that go on', () => {
    expect(SECTIONS.length).toBeGreaterThan(12);
    expect(SECTIONS.filter((section) => !/Examples?:\n {2}kms-runaway /.test(section))).toEqual([]);
    const unanswered = SECTIONS.filter((section) => !section.includes('\n$ kms-runaway '));
    expect(unanswered.map(nameOf)).toEqual(['demo', 'local']);
  });
});
