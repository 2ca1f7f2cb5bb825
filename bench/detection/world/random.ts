/** A source of chance that gives the same numbers for the same seeds, on every machine. */
export interface Random {
  /** Uniform in 0..1. */
  readonly uniform: () => number;
  readonly between: (low: number, high: number) => number;
  /** Uniform on the logarithm: as many between 1 and 10 as between 10 and 100. */
  readonly logBetween: (low: number, high: number) => number;
  /** A whole number from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly normal: () => number;
  /** A factor around 1 whose logarithm has this standard deviation. */
  readonly factor: (spread: number) => number;
  /** A count with this mean. */
  readonly poisson: (mean: number) => number;
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
  /** One of the names, by weight. */
  readonly weighted: <T extends string>(weights: Readonly<Record<T, number>>) => T;
}

/** Above this mean a count is drawn from the normal curve: indistinguishable, and many times as fast. */
const POISSON_EXACT = 40;

/** Starts a stream of its own for each combination of seeds, so that one key more or less changes no other. */
export function randomFrom(...seeds: readonly number[]): Random {
  const uniform = uniformFrom(seeds);
  let spare: number | undefined;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const between = (low: number, high: number) => low + (high - low) * uniform();
  return {
    uniform,
    between,
    logBetween: (low, high) => low * (high / low) ** uniform(),
    whole: (low, high) => low + Math.floor((high - low + 1) * uniform()),
    chance: (probability) => uniform() < probability,
    normal,
    factor: (spread) => Math.exp(spread * normal()),
    poisson: (mean) => {
      if (mean > POISSON_EXACT) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      if (mean <= 0) return 0;
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = uniform(); product > limit; product *= uniform()) count++;
      return count;
    },
    pick: (values) => values[Math.floor(values.length * uniform())] ?? values[0],
    weighted: (weights) => pickWeighted(weights, uniform()),
  };
}

function pickWeighted<T extends string>(weights: Readonly<Record<T, number>>, share: number): T {
  const names = Object.keys(weights) as T[];
  const total = names.reduce((sum, name) => sum + weights[name], 0);
  let left = share * total;
  for (const name of names) {
    left -= weights[name];
    if (left < 0) return name;
  }
  const last = names.at(-1);
  if (last === undefined) throw new RangeError('nothing to pick from');
  return last;
}

/** Small fast counter generator (sfc32): passes the usual batteries of tests, and needs 32-bit arithmetic only. */
function uniformFrom(seeds: readonly number[]): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (const seed of seeds) {
    a ^= Math.imul(seed | 0, 0x85ebca6b);
    b ^= seed | 0;
    for (let i = 0; i < 12; i++) next();
  }
  return next;
}
