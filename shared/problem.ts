import type * as z from 'zod';

/** One thing that is wrong with an input: where, what was there, and what belongs there. */
export interface Problem {
  /** Dotted path of the field, `thresholds.0.period`; empty for the whole input. */
  readonly path: string;
  readonly value: unknown;
  readonly expected: string;
}

/** The problems of a failed parse, with the offending values. */
export function problemsOf(error: z.core.$ZodError, input: unknown): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        value: valueAt(input, [...issue.path, key]),
        expected: 'no such field',
      }));
    }
    return [{ path: issue.path.join('.'), value: valueAt(input, issue.path), expected: issue.message }];
  });
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
