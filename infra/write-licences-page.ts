import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Licences under which a package may be shipped, as SPDX names them. */
export const ALLOWED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
];

const INTRODUCTION = `# Licences

What is shipped besides this project's own code (Apache-2.0): the packages that the build puts into the function and into the command line, by the source maps of the build. A test reads them anew and fails on any other package, version or licence; \`npm run docs:licences\` writes this page. Allowed are ${ALLOWED_LICENCES.join(', ')}.
`;

/** A package of which something is shipped. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly parts: readonly string[];
}

/** The packages in the built bundles, by name. The build has to be there. */
export function shippedPackages(): ShippedPackage[] {
  const folders = new Map<string, Set<string>>();
  const add = (part: string, paths: readonly string[]) => {
    for (const path of paths) {
      const folder = packageFolderOf(path);
      if (folder) folders.set(folder, (folders.get(folder) ?? new Set()).add(part));
    }
  };
  add('function', sourcesOf('dist/detector'));
  add('command line', sourcesOf('dist/cli'));
  // The report's script is in the command line as one text, without a source map.
  add(
    'report',
    importsOf('cli/report/browser').map((name) => `node_modules/${name}/index.js`),
  );
  return [...folders]
    .map(([folder, parts]) => ({ ...manifestOf(folder), parts: [...parts] }))
    .toSorted((a, b) => `${a.name} ${a.version}`.localeCompare(`${b.name} ${b.version}`, 'en'));
}

/** The page about licences, from the built bundles. */
export function licencesPage(packages: readonly ShippedPackage[] = shippedPackages()): string {
  const rows = packages.map(
    ({ name, version, licence, parts }) => `| ${name} | ${version} | ${licence} | ${parts.join(', ')} |`,
  );
  return `${INTRODUCTION}\n| package | version | licence | in |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** The innermost package of a path: `node_modules/a/node_modules/@b/c/d.js` is of `node_modules/a/node_modules/@b/c`. */
export const packageFolderOf = (path: string): string | undefined =>
  /^(?:\.\.\/)*(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];

function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.map'))
    .flatMap((file) => {
      const map = JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8')) as { sources: string[] };
      return map.sources;
    });
}

/** Packages that the source files of a folder import. */
function importsOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|css)$/.test(file))
    .flatMap((file) => [...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(/from '([^'.][^']*)'/g)])
    .map(([, name = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    .filter((name) => !name.startsWith('node:'));
}

function manifestOf(folder: string): Pick<ShippedPackage, 'name' | 'version' | 'licence'> {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  return { name: manifest.name, version: manifest.version, licence: manifest.license ?? 'not stated' };
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(ROOT, 'docs/licences.md'), licencesPage());
