import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  conformancePage,
  IMPLEMENTATIONS,
  suiteOf,
  suiteResults,
  type TestCase,
  withoutImplementation,
} from '../../infra/checks/conformance-page.ts';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/conformance.md', root), 'utf8');

/** The cells of a port, by implementation. */
const cellsOf = (text: string, port: string): Record<string, string> => {
  const row = text.split('\n').find((line) => line.startsWith(`| ${port} |`)) ?? '';
  const cells = row.split('|').slice(2, -1);
  return Object.fromEntries(IMPLEMENTATIONS.map((name, i) => [name, cells[i]?.trim() ?? 'no row']));
};

describe('the page about conformance', () => {
  /** Suites that the tests' source starts, as their titles will be. */
  const titles = ['tests/contract/', 'tests/conformance/'].flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => started(readFileSync(new URL(folder + file, root), 'utf8'))),
  );

  it('has a result of every suite that is started', () => {
    const missing = titles.filter((title) => {
      const suite = suiteOf(title);
      return (
        !suite || !/^(pass|differs: [\d, ]+)$/.test(cellsOf(page, suite.port)[suite.implementation] ?? '')
      );
    });

    expect(titles.length).toBeGreaterThan(35);
    expect(missing).toEqual([]);
  });
});

/** `describeRunStore('Memory'` becomes `Memory as a run store`, by the contract's own title. */
function started(source: string): string[] {
  const calls = [...source.matchAll(/\b(describe[A-Z]\w+|receiverContract)\((?:'([^']+)'|NAME)/g)];
  return calls.map(([, suite = '', name = 'DynamoDB Local']) =>
    (contracts[suite] ?? suite).replace(/\$\{name\}/, name),
  );
}

const contracts: Record<string, string> = Object.fromEntries(
  readdirSync(new URL('tests/contract/', root))
    .filter((file) => file.endsWith('.contract.ts'))
    .map((file) => readFileSync(new URL(`tests/contract/${file}`, root), 'utf8'))
    .map((source) => [
      /export function (\w+)\(\s*name/.exec(source)?.[1] ?? '',
      /describe\(`([^`]+)`/.exec(source)?.[1] ?? '',
    ]),
);

describe('a run', () => {
  const aCase = (suite: string, title: string, status = 'passed'): TestCase => ({
    ancestorTitles: ['some file', suite],
    title,
    status,
  });
  const cases = [
    aCase('Memory as a run store', 'keeps'),
    aCase('DynamoDB as a run store', 'keeps'),
    aCase('AWS’s own DynamoDB Local as a run store', 'keeps'),
    aCase('CloudWatch of moto as a metric directory', 'lists'),
    aCase('CloudWatch of moto as a metric directory', 'forgets', 'skipped'),
    aCase('something else', 'works'),
  ];
  const forgets = { port: 'MetricDirectory', what: 'it never forgets', source: 'https://example.com' };

  it('is told by port and implementation, with what differs and what was left out', () => {
    const text = conformancePage(suiteResults(cases), [forgets], { RunStore: 'it has none' });

    expect(cellsOf(text, 'RunStore')).toEqual({
      'memory twin': 'pass',
      'embedded AWS': 'pass',
      moto: 'no',
      'DynamoDB Local': 'pass',
    });
    expect(cellsOf(text, 'MetricDirectory')).toMatchObject({ moto: 'differs: 1', 'memory twin': '—' });
    expect(text).toContain('1. MetricDirectory: it never forgets. [AWS](https://example.com)');
    expect(text).toContain('- MetricDirectory, moto: forgets');
  });

  it('that leaves out something without a named difference makes no page', () => {
    expect(() => conformancePage(suiteResults(cases), [], {})).toThrow(
      /MetricDirectory against moto leaves out "forgets"/,
    );
  });

  it('without DynamoDB Local is compared by the rest', () => {
    const all = conformancePage(suiteResults(cases), [forgets], {});
    const rest = conformancePage(
      suiteResults(cases.filter(({ ancestorTitles }) => !ancestorTitles.join().includes('DynamoDB Local'))),
      [forgets],
      {},
    );

    expect(all).not.toBe(rest);
    expect(withoutImplementation(all, 'DynamoDB Local')).toBe(withoutImplementation(rest, 'DynamoDB Local'));
  });
});
