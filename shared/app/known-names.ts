import { factsOf, type KeyFacts } from '../domain/assess/key-facts.ts';
import { nearestNames } from '../domain/nearest.ts';
import { matchesAny } from '../domain/policy.ts';
import type { KeyArn } from '../domain/usage/key.ts';
import type { DetectPorts } from './detect-request.ts';

/** Names offered for one that is not known. */
const OFFERED = 3;

/** Longest unknown name that is compared with the known ones. */
const MAX_COMPARED = 128;

/** The keys that a name or pattern means: those KMS or CloudWatch has told of. */
export async function keysNamed(
  { facts, baselines }: Pick<DetectPorts, 'facts' | 'baselines'>,
  field: string,
  name: string,
): Promise<KeyFacts[]> {
  const directory = await facts.load();
  const known = [...directory.keys.values()];
  const matching = known.filter((key) => matchesAny([name], key));
  if (matching.length > 0) return matching;
  // A key that KMS has not told of yet is known by its use.
  const used = (await baselines.loadAll()).map(({ keyArn }) => factsOf(directory, keyArn));
  const found = used.filter((key) => matchesAny([name], key));
  if (found.length > 0) return found;
  throw unknownName(field, name, [...known, ...used].map(nameOf), 'a key that the detector knows');
}

/** How people name a key: its first alias, else its ARN. */
export const nameOf = ({ aliases, keyArn }: KeyFacts): string => aliases[0] ?? keyArn;

/** An error that offers the names most like the one given. */
export function unknownName(
  field: string,
  name: string,
  known: readonly (string | KeyArn)[],
  expected: string,
): UnknownNameError {
  const nearest = nearestNames(name.slice(0, MAX_COMPARED), [...new Set(known)], OFFERED);
  const offer = nearest.length > 0 ? `; the nearest: ${nearest.join(', ')}` : '; there is none';
  return new UnknownNameError(field, name, expected + offer);
}

/** A command names something that is not there: an answer for whoever asked. */
export class UnknownNameError extends Error {
  override name = 'UnknownNameError' as const;
  readonly field: string;
  readonly value: string;
  /** What belongs there, with the nearest known names. */
  readonly expected: string;

  constructor(field: string, value: string, expected: string) {
    super(`${field} = ${JSON.stringify(value)}: expected ${expected}`);
    this.field = field;
    this.value = value;
    this.expected = expected;
  }
}
