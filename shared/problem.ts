import type * as z from 'zod';
import { meantName } from './domain/nearest.ts';

/** One thing that is wrong with an input: where, what was there, and what belongs there. */
export interface Problem {
  /** Dotted path of the field, `thresholds.0.period`; empty for the whole input. */
  readonly path: string;
  readonly value: unknown;
  readonly expected: string;
}

/** Problems that are named at most, and how much of each: an answer must fit into a Lambda's, whatever was sent. */
const MAX_PROBLEMS = 50;
const MAX_PATH = 200;
const MAX_VALUE = 200;

/** Longest name of an unknown field that is compared with the known ones. */
const MAX_COMPARED = 64;

/**
 * The problems of a failed parse, with the offending values: at most 50, and how many more there are. `fields` are
 * those of the input itself, of which one may have been meant.
 */
export function problemsOf(
  error: z.core.$ZodError,
  input: unknown,
  fields: readonly string[] = [],
): Problem[] {
  const all = error.issues.flatMap((issue): { path: PropertyKey[]; expected: string | undefined }[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], expected: undefined }))
      : [{ path: issue.path, expected: issue.message }],
  );
  const named = all.slice(0, MAX_PROBLEMS).map(
    ({ path, expected }): Problem => ({
      path: path.join('.').slice(0, MAX_PATH),
      value: quotable(valueAt(input, path)),
      expected: expected ?? noSuchField(path, fields),
    }),
  );
  const more = all.length - named.length;
  if (more > 0) named.push({ path: '', value: `${more} more problems`, expected: 'none' });
  return named;
}

function noSuchField([field, ...deeper]: readonly PropertyKey[], fields: readonly string[]): string {
  const isComparable = typeof field === 'string' && deeper.length === 0 && field.length <= MAX_COMPARED;
  const meant = isComparable ? meantName(field, fields) : undefined;
  return meant === undefined ? 'no such field' : `no such field; did you mean ${meant}?`;
}

/** A value as a problem may repeat it: itself, or the start of its JSON where that is long. */
export function quotable(value: unknown): unknown {
  if (typeof value === 'string' && value.length > MAX_VALUE) return `${value.slice(0, MAX_VALUE)}...`;
  if (typeof value !== 'object' || value === null) return value;
  try {
    const json = JSON.stringify(value);
    return json.length > MAX_VALUE ? `${json.slice(0, MAX_VALUE)}...` : value;
  } catch (error) {
    // Nested so deeply that it cannot be written out.
    if (error instanceof RangeError) return 'nested too deeply';
    throw error;
  }
}

/** A problem in one line: `thresholds.0.period = "1h": an ISO 8601 duration such as PT1H`. */
export const problemLine = ({ path, value, expected }: Problem): string =>
  `${path || '(whole input)'} = ${shortJson(value)}: expected ${expected}`;

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
