import { type Missing, missingNames, type Nameable, type Wanted } from '../../shared/app/requested-names.ts';
import { UsageError } from '../usage-error.ts';

/** What `keys` are called on the command line. */
export const KEY_WORDS = { keys: '[keys]' };

/** A Region that was looked at, what there is in it, and whether nothing of it was asked for. */
export interface Looked {
  readonly region: string;
  readonly there: readonly Nameable[];
  readonly isEmpty: boolean;
}

/** Regions that are named one by one. */
const NAMED_REGIONS = 3;

/**
 * What is to be noted of Regions without such use, and of names that mean nothing in any of them.
 *
 * @throws {UsageError} if names mean nothing and nothing was checked: a slip in a job is not to look like quiet
 */
export function unmatched(wanted: Wanted, looked: readonly Looked[]): readonly string[] {
  const places = looked.flatMap(({ there }) => there);
  const regions = looked.map(({ region }) => region);
  const lines = missingNames(wanted, places).map((missing) => missingText(missing, regions));
  if (lines.length > 0 && looked.every(({ isEmpty }) => isEmpty)) throw new UsageError(lines.join('\n'));
  const empty = looked.filter(({ isEmpty }) => isEmpty);
  return [...empty.map(({ region }) => nothingIn(region, wanted)), ...lines];
}

/**
 * The same of an answer of the deployed detector, which tells that it knows no such use but not what it knows instead.
 *
 * @throws {UsageError} if anything was named
 */
export function refuseUnmatched({ keys = [], operations }: Wanted, detector: string): void {
  if (keys.length === 0 && operations === undefined) return;
  const named = [
    ...(keys.length > 0 ? [`${KEY_WORDS.keys} ${keys.map(quoted).join(' ')}`] : []),
    ...(operations ? [`--operations ${quoted(operations.join(','))}`] : []),
  ];
  throw new UsageError(
    `${named.join(', ')}: the detector knows no such use; \`kms-runaway top --function ${detector}\` lists what there is`,
  );
}

function missingText({ field, value, instead }: Missing, regions: readonly string[]): string {
  const place = regions.length > NAMED_REGIONS ? `any of ${regions.length} Regions` : regions.join(', ');
  return field === 'key'
    ? `${KEY_WORDS.keys} ${quoted(value)}: no such key in ${place}; ${instead}`
    : `--operations ${quoted(value)}: no such use in ${place}; ${instead}`;
}

const quoted = (text: string): string => JSON.stringify(text);

const nothingIn = (region: string, { keys, operations }: Wanted): string =>
  keys || operations
    ? `No such use in ${region}: \`kms-runaway top\` lists the keys that are used`
    : `No KMS use in ${region}; try --region all`;
