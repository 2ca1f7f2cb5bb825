import { UnknownNameError } from '../shared/app/known-names.ts';

/** A command line that cannot be carried out; the message names the option, its value and the fix. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}

/** What the parts of a request are called on the command line; others are `--field`. */
export type Words = Readonly<Record<string, string>>;

/** One thing that is wrong, in the words of the command line: `--operation "Decrpt": expected ...`. */
export function problemText(path: string, value: unknown, expected: string, words: Words): string {
  const field = path.split('.')[0] ?? '';
  const word = words[field] ?? `--${field}`;
  return value === undefined
    ? `${word}: expected ${expected}`
    : `${word} ${JSON.stringify(value)}: expected ${expected}`;
}

/** To catch with: a name that is not there is a wrong call, anything else stays what it is. */
export const unknownAsUsage =
  (words: Words) =>
  (error: unknown): never => {
    if (!(error instanceof UnknownNameError)) throw error;
    throw new UsageError(problemText(error.field, error.value, error.expected, words));
  };
