import { parseArgs } from 'node:util';
import { type BenchSizes, DEFAULT_SIZES } from './sizes.ts';

/** What the command line asks for. */
export interface BenchOptions {
  readonly sizes: BenchSizes;
  /** Judge PREFIX.csv.gz by PREFIX.labels.json instead of simulated sets. */
  readonly data: readonly string[];
  /** Folder for RESULTS.md and the pictures. */
  readonly out: string;
  /** Folder to write the simulated sets to, in the form that `--data` and `backtest --input` read. */
  readonly csv: string | undefined;
}

export const USAGE = `npm run bench:detection -- [options]
  --seed N          seed of all sets (default ${DEFAULT_SIZES.seed})
  --accounts N      held-out accounts (${DEFAULT_SIZES.accounts})    --keys N        keys in each (${DEFAULT_SIZES.keys})
  --quiet N         quiet half-years (${DEFAULT_SIZES.quiet})     --quiet-keys N  keys in each (${DEFAULT_SIZES.quietKeys})
  --fleets N        small-count fleets (${DEFAULT_SIZES.fleets})   --fleet-keys N  keys in each (${DEFAULT_SIZES.fleetKeys})
  --data PREFIX     judge PREFIX.csv.gz by PREFIX.labels.json instead; may be given more than once
  --out DIR         where RESULTS.md and the pictures go (bench/detection)
  --csv DIR         also write the simulated sets there
`;

const WHOLE_NUMBERS = ['seed', 'accounts', 'keys', 'quiet', 'quiet-keys', 'fleets', 'fleet-keys'] as const;

/** Reads the command line; throws a TypeError that says what was expected. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: text,
      accounts: text,
      keys: text,
      quiet: text,
      'quiet-keys': text,
      fleets: text,
      'fleet-keys': text,
      data: { type: 'string', multiple: true },
      out: text,
      csv: text,
    },
  });
  const given = (name: (typeof WHOLE_NUMBERS)[number], otherwise: number) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new TypeError(`--${name} ${values[name]}: expected a whole number from 1 on`);
  };
  return {
    sizes: {
      seed: given('seed', DEFAULT_SIZES.seed),
      accounts: given('accounts', DEFAULT_SIZES.accounts),
      keys: given('keys', DEFAULT_SIZES.keys),
      quiet: given('quiet', DEFAULT_SIZES.quiet),
      quietKeys: given('quiet-keys', DEFAULT_SIZES.quietKeys),
      fleets: given('fleets', DEFAULT_SIZES.fleets),
      fleetKeys: given('fleet-keys', DEFAULT_SIZES.fleetKeys),
    },
    data: values.data ?? [],
    out: values.out ?? 'bench/detection',
    csv: values.csv,
  };
}
