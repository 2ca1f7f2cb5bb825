import type { Difference } from './moto-differences.ts';

/** A test case as vitest's JSON report has it. */
export interface TestCase {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

export const IMPLEMENTATIONS = ['memory twin', 'embedded AWS', 'moto', 'DynamoDB Local'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** A port's suite against an implementation. */
export interface SuiteResult {
  readonly port: string;
  readonly implementation: Implementation;
  readonly passed: number;
  /** Titles of the cases that were left out. */
  readonly leftOut: readonly string[];
}

/** What the suites call the ports of shared/app/ports.ts. */
const PORTS: Readonly<Record<string, string>> = {
  'a baseline store': 'BaselineStore',
  'a caller source': 'CallerSource',
  'a store of commands': 'CommandStore',
  'an incident store': 'IncidentStore',
  'a store of key facts': 'KeyFactsStore',
  'a key lookup': 'KeyLookup',
  'a metric directory': 'MetricDirectory',
  'a metric source': 'MetricSource',
  'a store of notices': 'NoticeStore',
  'a quota lookup': 'QuotaLookup',
  'a run store': 'RunStore',
  'a store of shards': 'ShardStore',
  'a usage query': 'UsageQuery',
};

/** The results of the suites of ports among the cases of a run; other cases belong to no port. */
export function suiteResults(cases: readonly TestCase[]): SuiteResult[] {
  const results = new Map<string, { port: string; implementation: Implementation; cases: TestCase[] }>();
  for (const one of cases) {
    const suite = one.ancestorTitles.map(suiteOf).find((found) => found !== undefined);
    if (!suite) continue;
    const id = `${suite.port} ${suite.implementation}`;
    const entry = results.get(id) ?? { ...suite, cases: [] };
    entry.cases.push(one);
    results.set(id, entry);
  }
  return [...results.values()].map(({ port, implementation, cases: its }) => ({
    port,
    implementation,
    passed: its.filter(({ status }) => status === 'passed').length,
    leftOut: its.filter(({ status }) => status !== 'passed').map(({ title }) => title),
  }));
}

/** The port and the implementation that a suite's title names. */
export function suiteOf(title: string): { port: string; implementation: Implementation } | undefined {
  const receiver = /^receiver contract: (.+)$/.exec(title)?.[1];
  if (receiver) {
    const name = receiver.replace(/ of moto$/, '');
    return { port: `Receiver: ${name}`, implementation: implementationOf(receiver) };
  }
  const [, name = '', called = ''] = /^(.+) as (an? .+)$/.exec(title) ?? [];
  const port = PORTS[called];
  return port === undefined ? undefined : { port, implementation: implementationOf(name) };
}

function implementationOf(name: string): Implementation {
  if (/^memory$/i.test(name)) return 'memory twin';
  if (name.endsWith(' of moto')) return 'moto';
  return name.endsWith('DynamoDB Local') ? 'DynamoDB Local' : 'embedded AWS';
}

const INTRODUCTION = `# Conformance

The adapters keep one suite of tests for each port (\`tests/contract\`). The same suites run against the twin in memory that other tests use, against the embedded AWS over HTTP, and against AWS as others have understood it: [moto](https://docs.getmoto.org) and AWS's own DynamoDB Local, each in a process of its own. \`npm run docs:conformance\` writes this page from such a run, and \`npm run test:conformance\` fails when a run finds anything else. No live account has been asked.
`;

/** The page about a run. Throws if a suite has left something out and no difference of that port says why. */
export function conformancePage(
  results: readonly SuiteResult[],
  differences: readonly Difference[],
  notTried: Readonly<Record<string, string>>,
): string {
  const ports = [...new Set(results.map(({ port }) => port))].toSorted();
  const rows = ports.map((port) => {
    const cells = IMPLEMENTATIONS.map((implementation) => {
      const result = results.find((one) => one.port === port && one.implementation === implementation);
      return result ? cell(result, differences) : implementation === 'moto' && notTried[port] ? 'no' : '—';
    });
    return `| ${port} | ${cells.join(' | ')} |`;
  });
  const numbered = differences.map(
    ({ port, what, source }, i) => `${i + 1}. ${port}: ${what}. [AWS](${source})`,
  );
  const leftOut = results.flatMap(({ port, implementation, leftOut: titles }) =>
    titles.map((title) => `- ${port}, ${implementation}: ${title}`),
  );
  return [
    INTRODUCTION,
    `| port | ${IMPLEMENTATIONS.join(' | ')} |\n| --- |${' --- |'.repeat(IMPLEMENTATIONS.length)}\n${rows.join('\n')}\n`,
    '`pass`: every case of the suite. `differs`: every case but those left out below, because of the numbered differences. `no`: the stand-in cannot do it. —: not a part of it, or not tried.\n',
    `## How moto differs\n\nA test shows each, so that a moto that has learned it makes itself heard.\n\n${numbered.join('\n')}\n`,
    `Its conditional writes are not atomic among threads either; it is started with one.\n`,
    `## What is left out\n\n${leftOut.toSorted().join('\n')}\n`,
    `## What moto cannot do\n\n${Object.entries(notTried)
      .map(([port, why]) => `- ${port}: ${why}.`)
      .join('\n')}\n`,
  ].join('\n');
}

function cell({ port, implementation, leftOut }: SuiteResult, differences: readonly Difference[]): string {
  const numbers = differences.flatMap((one, i) =>
    one.port === port && implementation === 'moto' ? [i + 1] : [],
  );
  if (leftOut.length > 0 && numbers.length === 0)
    throw new TypeError(
      `The suite of ${port} against ${implementation} leaves out "${leftOut[0]}", and infra/checks/moto-differences.ts does not say why.`,
    );
  return numbers.length > 0 ? `differs: ${numbers.join(', ')}` : 'pass';
}

/** A page without what it says of an implementation that a machine has not: columns and lines. */
export function withoutImplementation(page: string, implementation: Implementation): string {
  const column = IMPLEMENTATIONS.indexOf(implementation) + 2;
  return page
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.split('|').toSpliced(column, 1).join('|') : line))
    .filter((line) => !line.includes(`, ${implementation}: `))
    .join('\n');
}
