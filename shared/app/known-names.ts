import { factsOf, type KeyFacts } from '../domain/assess/key-facts.ts';
import { matchesAny } from '../domain/policy.ts';
import type { DetectPorts } from './detect-request.ts';
import {
  type Missing,
  missingNames,
  type Nameable,
  nearestKeys,
  nearestText,
  patternNamed,
  type Wanted,
} from './requested-names.ts';

/** Keys that somebody named, and the pattern that means them for good. */
export interface NamedKeys {
  readonly pattern: string;
  readonly keys: readonly KeyFacts[];
}

/** The keys that a name or pattern means: those KMS or CloudWatch has told of. */
export async function keysNamed(
  { facts, baselines }: Pick<DetectPorts, 'facts' | 'baselines'>,
  field: string,
  name: string,
): Promise<NamedKeys> {
  const directory = await facts.load();
  const known = [...directory.keys.values()];
  const found = among(known, name);
  if (found) return found;
  // A key that KMS has not told of yet is known by its use.
  const used = (await baselines.loadAll()).map(({ keyArn }) => factsOf(directory, keyArn));
  const inUse = among(used, name);
  if (inUse) return inUse;
  throw unknownKey(field, name, [...known, ...used], 'a key that the detector knows');
}

function among(keys: readonly KeyFacts[], name: string): NamedKeys | undefined {
  const pattern = patternNamed(name, keys);
  return pattern === undefined
    ? undefined
    : { pattern, keys: keys.filter((key) => matchesAny([pattern], key)) };
}

/** An error that offers the keys whose names are most like the one given. */
export const unknownKey = (
  field: string,
  name: string,
  known: readonly KeyFacts[],
  expected: string,
): UnknownNameError => new UnknownNameError(field, name, `${expected}; ${nearestKeys(name, known)}`);

/** An error that offers the names most like the one given. */
export const unknownName = (
  field: string,
  name: string,
  known: readonly string[],
  expected: string,
): UnknownNameError => new UnknownNameError(field, name, `${expected}; ${nearestText(name, known)}`);

/** Throws if a request that nothing answers names a key or an operation that is not there. `key`: what a key should be. */
export function expectNames(wanted: Wanted, there: Nameable, key: string): void {
  const [missing] = missingNames(wanted, [there]);
  if (missing) throw new UnknownNameError(missing.field, missing.value, expectedIn(missing, key));
}

const expectedIn = ({ field, instead }: Missing, key: string): string =>
  `${field === 'key' ? key : 'an operation of the key'}; ${instead}`;

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
