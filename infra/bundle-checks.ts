import { isBuiltin } from 'node:module';
import type { Metafile } from 'esbuild';

/** Where the build puts what Lambda runs; the template's CodeUri and Handler name the same. */
export const DETECTOR_FOLDER = 'dist/detector';
export const DETECTOR_MODULE = 'index';

/** All JavaScript of the detector together; what Lambda has to load and a reviewer has to trust. */
export const DETECTOR_BUDGET_BYTES = 1_200_000;

/** Bytes of all JavaScript files of a build, source maps left out. */
export const scriptBytes = ({ outputs }: Metafile): number =>
  Object.entries(outputs)
    .filter(([path]) => path.endsWith('.mjs'))
    .reduce((sum, [, { bytes }]) => sum + bytes, 0);

/**
 * What keeps a bundle from running on Lambda, one sentence each: too large, a module for one platform only, or an
 * import that nothing beside the bundle would answer.
 */
export function detectorProblems(metafile: Metafile, budgetBytes = DETECTOR_BUDGET_BYTES): string[] {
  const bytes = scriptBytes(metafile);
  const tooLarge =
    bytes > budgetBytes ? [`the detector has ${bytes} bytes of JavaScript, ${budgetBytes} are allowed`] : [];
  const binary = Object.keys(metafile.inputs)
    .filter((path) => /\.(node|wasm)(\?|$)/.test(path))
    .map((path) => `the detector contains ${path}, which is built for one platform`);
  const missing = Object.entries(metafile.outputs).flatMap(([output, { imports }]) =>
    imports
      .filter(({ external, path }) => external && !isBuiltin(path))
      .map(({ path }) => `${output} imports ${path}, which is not in the bundle`),
  );
  return [...tooLarge, ...binary, ...missing];
}

/** A build that must not be used, and everything that is wrong with it. */
export class BuildError extends Error {
  override name = 'BuildError' as const;

  constructor(problems: readonly string[]) {
    super(problems.map((problem) => `- ${problem}`).join('\n'));
  }
}
