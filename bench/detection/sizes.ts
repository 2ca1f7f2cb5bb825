/** How large a run of the benchmark is. */
export interface BenchSizes {
  /** All seeds follow from this one. */
  readonly seed: number;
  /** Held-out accounts in dollars, and keys in each; the training account has as many keys. */
  readonly accounts: number;
  readonly keys: number;
  /** Quiet accounts of half a year, and keys in each. */
  readonly quiet: number;
  readonly quietKeys: number;
  /** Fleets of small counts, and keys in each. */
  readonly fleets: number;
  readonly fleetKeys: number;
}

/** Done in a few minutes on two slow cores. */
export const DEFAULT_SIZES: BenchSizes = {
  seed: 1,
  accounts: 4,
  keys: 80,
  quiet: 1,
  quietKeys: 70,
  fleets: 2,
  fleetKeys: 100,
};

/** The seeds of a run: no two sets share one, and a larger run keeps those of a smaller one. */
export function seedsOf({ seed, accounts, quiet, fleets }: BenchSizes) {
  const from = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => 1000 * seed + first + i);
  return {
    training: 1000 * seed + 1,
    quietTraining: 1000 * seed + 2,
    accounts: from(100, accounts),
    quiet: from(300, quiet),
    fleets: from(500, fleets),
  };
}
