import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const rootManifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  type: z.literal('module'),
  engines: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()),
  files: z.array(z.string()),
  devDependencies: z.object({ dynalite: z.string() }),
});

/**
 * Packs the built tree as npm gets it, and returns the path of the tarball in `target`. The bundles hold what they
 * need, so whoever installs them is spared the dependencies that this repository lists for the build and the audit.
 */
export async function packNpmPackage(target: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'npm-package-'));
  try {
    const { devDependencies, ...manifest } = rootManifest.parse(
      JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')),
    );
    // External source maps help nobody who has not got the sources.
    const filter = (path: string) => !path.endsWith('.map');
    for (const path of manifest.files)
      await cp(join(ROOT, path), join(folder, path), { recursive: true, filter });
    const published = {
      ...manifest,
      // A program without an interface to import, hence without types.
      exports: { './package.json': './package.json' },
      // The embedded DynamoDB of `demo` and `local`; nothing else needs it.
      peerDependencies: { dynalite: devDependencies.dynalite },
      peerDependenciesMeta: { dynalite: { optional: true } },
    };
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
    const args = ['pack', folder, '--json', '--ignore-scripts', '--pack-destination', target];
    const { stdout } = await promisify(execFile)('npm', args, { maxBuffer: 16e6 });
    const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(stdout));
    return join(target, packed?.filename ?? '');
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${await packNpmPackage(ROOT)}\n`);
