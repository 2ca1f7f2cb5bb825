import { factsOf, type KeyDirectory, type KeyFacts } from '../domain/assess/key-facts.ts';
import { nearestNames } from '../domain/nearest.ts';
import { type KeyNames, matchesAny } from '../domain/policy.ts';
import type { KeyArn, Operation, SeriesId } from '../domain/usage/key.ts';
import type { SeriesSource } from '../domain/usage/metric.ts';

/** Names offered for one that is not known, and operations that are listed of a key. */
const OFFERED = 3;
const LISTED_OPERATIONS = 12;

/** Longest unknown name that is compared with the known ones. */
const MAX_COMPARED = 128;

/** What a request may name; absent: everything. */
export interface Wanted {
  /** Key ARNs, ids, aliases with or without `alias/`, patterns. */
  readonly keys?: readonly string[];
  readonly operations?: readonly Operation[];
}

/** What there is in an account and Region for a request to name. */
export interface Nameable {
  /** Keys that KMS or CloudWatch has told of. */
  readonly keys: readonly KeyFacts[];
  /** What CloudWatch lists, or what is stored: used in the last weeks. */
  readonly used: readonly SeriesId[];
}

/** A name that means nothing, and what there is in its place. */
export interface Missing {
  readonly field: 'key' | 'operation';
  readonly value: string;
  /** `the nearest: alias/etl, alias/crm`, `alias/etl uses Decrypt`, or that there is none. */
  readonly instead: string;
}

/**
 * The pattern that a name stands for among these keys: itself if it names one by ARN, id, alias or pattern, else the
 * alias or aliases of that name without `alias/`, as tables print them. Undefined: it names none of them.
 */
export function patternNamed(name: string, keys: readonly KeyNames[]): string | undefined {
  const names = (pattern: string) => keys.some((key) => matchesAny([pattern], key));
  if (names(name)) return name;
  const alias = withPrefix(name);
  return alias !== name && names(alias) ? alias : undefined;
}

/** Everything that the keys and series of a Region can be named by. */
export function nameable(series: readonly SeriesSource[], directory: KeyDirectory): Nameable {
  const used = series.map(({ id }) => id);
  const unlisted = new Set(used.map(({ keyArn }) => keyArn).filter((keyArn) => !directory.keys.has(keyArn)));
  return {
    keys: [...directory.keys.values(), ...[...unlisted].map((keyArn) => factsOf(directory, keyArn))],
    used,
  };
}

/** The series that a request wants: of the keys it names, the operations it names. */
export function chooseSeries(
  series: readonly SeriesSource[],
  directory: KeyDirectory,
  { keys, operations }: Wanted,
): SeriesSource[] {
  const used = [...new Set(series.map(({ id }) => id.keyArn))].map((keyArn) => factsOf(directory, keyArn));
  const patterns = keys?.flatMap((name) => patternNamed(name, used) ?? []);
  const chosen =
    patterns && new Set(used.filter((key) => matchesAny(patterns, key)).map(({ keyArn }) => keyArn));
  return series.filter(
    ({ id }) =>
      (!operations || operations.some((one) => isOperation(one, id.operation))) &&
      (!chosen || chosen.has(id.keyArn)),
  );
}

/** Names of a request that mean nothing in any of these places. A key that KMS knows is none, used or not. */
export function missingNames({ keys, operations }: Wanted, places: readonly Nameable[]): Missing[] {
  const known = places.flatMap((place) => place.keys);
  const lost = (keys ?? []).filter((name) => patternNamed(name, known) === undefined);
  const patterns = keys?.flatMap((name) => patternNamed(name, known) ?? []);
  const chosen = new Map(
    known.filter((key) => !patterns || matchesAny(patterns, key)).map((key) => [key.keyArn, key]),
  );
  const used = places.flatMap((place) => place.used).filter(({ keyArn }) => chosen.has(keyArn));
  const strange = (operations ?? []).filter(
    (name) => used.length > 0 && !used.some(({ operation }) => isOperation(name, operation)),
  );
  return [
    ...lost.map((value): Missing => ({ field: 'key', value, instead: nearestKeys(value, known) })),
    ...strange.map(
      (value): Missing => ({ field: 'operation', value, instead: operationsInstead(value, used, chosen) }),
    ),
  ];
}

/** Keys whose names are most like this one. */
export const nearestKeys = (name: string, known: readonly KeyFacts[]): string =>
  nearestText(
    withPrefix(name),
    known.flatMap(({ keyArn, aliases }) => (aliases.length > 0 ? aliases : [keyArn])),
  );

/** `the nearest: alias/etl, alias/crm`, or that there is none. */
export function nearestText(name: string, known: readonly string[]): string {
  const nearest = nearestNames(name.slice(0, MAX_COMPARED), [...new Set(known)], OFFERED);
  return nearest.length > 0 ? `the nearest: ${nearest.join(', ')}` : 'there is none';
}

/** How people name a key: its first alias, else its ARN. */
export const nameOf = ({ aliases, keyArn }: KeyFacts): string => aliases[0] ?? keyArn;

function operationsInstead(
  name: string,
  used: readonly SeriesId[],
  keys: ReadonlyMap<KeyArn, KeyFacts>,
): string {
  const operations = [...new Set(used.map(({ operation }) => operation))].toSorted();
  const [only, ...others] = new Set(used.map(({ keyArn }) => keyArn));
  const key = only === undefined || others.length > 0 ? undefined : keys.get(only);
  if (!key || operations.length > LISTED_OPERATIONS) return nearestText(name, operations);
  return `${nameOf(key)} uses ${operations.join(', ')}`;
}

/** `ReEncrypt` stands for both of its sides. */
const isOperation = (name: string, operation: Operation): boolean =>
  name === operation || name === operation.replace(/:.*/, '');

/** A name that can be nothing but an alias, with what all aliases begin with. */
const withPrefix = (name: string): string => (/^(alias\/|arn:|\*$)/.test(name) ? name : `alias/${name}`);
