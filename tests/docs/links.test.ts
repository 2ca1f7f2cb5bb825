import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file));

const PAGES = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...filesIn('docs', /\.(md|html)$/),
  ...filesIn('bench', /\.md$/),
];

interface Link {
  readonly from: string;
  /** From the root of the repository; the page itself where only a heading is named. */
  readonly to: string;
  readonly heading: string | undefined;
}

/** Links of a page within the repository: not what stands in blocks or spans of code. */
function linksOf(page: string, text: string): Link[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path = '', heading]) => ({
    from: page,
    to: path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path)),
    heading,
  }));
}

/** Headings by the names that GitHub gives them in links. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const links = PAGES.filter((page) => page.endsWith('.md')).flatMap((page) => linksOf(page, read(page)));
const shown = ({ from, to, heading }: Link): string => `${from}: ${to}${heading ? `#${heading}` : ''}`;

describe('the pages of the documentation', () => {
  it('link to files that exist', () => {
    const dead = links.filter(({ to }) => !existsSync(join(ROOT, to)));

    expect(dead.map(shown)).toEqual([]);
    expect(links.length).toBeGreaterThan(30);
  });

  it('link to headings that exist', () => {
    const dead = links.filter(
      ({ to, heading }) => heading !== undefined && !headingsOf(read(to)).includes(heading),
    );

    expect(dead.map(shown)).toEqual([]);
  });

  it('can all be reached from the README', () => {
    const reached = new Set<string>();
    const follow = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      const path = join(ROOT, page);
      const next = statSync(path).isDirectory()
        ? readdirSync(path).map((file) => join(page, file))
        : links.filter(({ from }) => from === page).map(({ to }) => to);
      for (const to of next.filter((one) => existsSync(join(ROOT, one)))) follow(to);
    };

    follow('README.md');

    expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});

describe('the reader of links', () => {
  it('finds them in prose, relative to their page', () => {
    const text = 'See [a](b.md#some-part), [c](../README.md), [d](#here), [e](https://example.com/x.md).';

    expect(linksOf('docs/page.md', text)).toEqual([
      { from: 'docs/page.md', to: 'docs/b.md', heading: 'some-part' },
      { from: 'docs/page.md', to: 'README.md', heading: undefined },
      { from: 'docs/page.md', to: 'docs/page.md', heading: 'here' },
    ]);
  });

  it('leaves code alone', () => {
    expect(linksOf('a.md', 'As `[x](y.md)` or\n```md\n[x](z.md)\n```\n')).toEqual([]);
  });

  it('names headings as GitHub does', () => {
    expect(headingsOf('# Slack: a webhook or a bot\n\n### `top`, 2nd\n')).toEqual([
      'slack-a-webhook-or-a-bot',
      'top-2nd',
    ]);
  });
});
