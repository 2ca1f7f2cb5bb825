import { posix } from 'node:path';
import { codeOnly, importsOf } from './source-text.ts';

/** A part of the house: which files it is, what it may import, and what it may not even mention. */
interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Layers whose modules it may import, its own aside. */
  readonly below: readonly string[];
  /** Packages it may import; absent: all. Node's own modules count as packages. */
  readonly packages?: RegExp;
  /** What its code may not use, with the reason. */
  readonly banned?: readonly (readonly [RegExp, string])[];
}

const NO_CLOCK = [
  [/\bDate\.now\b|\bnew Date\s*\(\s*\)|\bperformance\b/, 'reads the clock'],
  [/\bMath\.random\b|\brandomUUID\b/, 'is random'],
  [/\bprocess\b/, 'reads the process'],
  [/\bconsole\b/, 'prints'],
] as const;

const PURE = [
  ...NO_CLOCK,
  [/\bPromise\b|\basync\b|\bawait\b|\bsetTimeout\b|\bsetInterval\b/, 'waits'],
  [/\bfetch\s*\(/, 'calls the network'],
] as const;

/** From the inside out: each layer may import those it names, and nothing may import outwards. */
export const LAYERS: readonly Layer[] = [
  { name: 'domain', files: /^shared\/domain\//, below: [], packages: /^$/, banned: PURE },
  {
    name: 'render',
    files: /^shared\/render\//,
    below: ['domain'],
    packages: /^@slack\/types$/,
    banned: PURE,
  },
  {
    name: 'documents',
    files: /^shared\/[^/]+\.ts$/,
    below: ['domain', 'render'],
    packages: /^zod(\/mini)?$/,
    banned: PURE,
  },
  {
    name: 'app',
    files: /^shared\/app\//,
    below: ['domain', 'render'],
    packages: /^(?!node:|@aws-sdk\/|@aws-lambda-powertools\/|@middy\/|@slack\/)/,
    banned: NO_CLOCK,
  },
  {
    name: 'adapters',
    files: /^shared\/adapters\//,
    below: ['domain', 'render', 'documents', 'app'],
    packages: /^(?!@aws-lambda-powertools\/|@middy\/)/,
    banned: [[/\bprocess\b/, 'reads the process']],
  },
  {
    name: 'functions',
    files: /^functions\//,
    below: ['domain', 'render', 'documents', 'app', 'adapters'],
  },
  // It stands in for AWS, so it shares no code with the adapters it is there to test.
  {
    name: 'local',
    files: /^infra\/local\//,
    below: ['domain', 'app'],
    packages: /^(?!@middy\/|@aws-lambda-powertools\/)/,
  },
  { name: 'infra', files: /^infra\/(?!local\/)/, below: ['domain', 'render', 'documents', 'local'] },
  {
    name: 'cli',
    files: /^cli\//,
    below: ['domain', 'render', 'documents', 'app', 'adapters', 'local'],
  },
];

/** Breaches of the rules, one sentence each. The sources are named by their path in the repository. */
export function violations(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([path, source]) => {
    const layer = layerOf(path);
    if (!layer) return [`${path} belongs to no layer`];
    return [...importViolations(path, source, layer), ...bannedCode(path, source, layer)];
  });
}

const layerOf = (path: string): Layer | undefined => LAYERS.find(({ files }) => files.test(path));

function importViolations(path: string, source: string, layer: Layer): string[] {
  return importsOf(source).flatMap((name) => {
    if (!name.startsWith('.')) {
      return layer.packages && !layer.packages.test(name) ? [`${path} (${layer.name}) imports ${name}`] : [];
    }
    const target = posix.join(posix.dirname(path), name);
    const owner = layerOf(target)?.name ?? 'no layer';
    if (owner === layer.name || layer.below.includes(owner)) return [];
    return [`${path} (${layer.name}) imports ${target} (${owner})`];
  });
}

function bannedCode(path: string, source: string, { name, banned = [] }: Layer): string[] {
  const code = codeOnly(source);
  return banned.flatMap(([pattern, what]) => {
    const found = pattern.exec(code)?.[0];
    return found === undefined ? [] : [`${path} (${name}) ${what}: ${found}`];
  });
}
