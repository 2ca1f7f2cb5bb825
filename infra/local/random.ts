/**
 * Randomness without a state: every value is a hash of a seed and an index, so any part of a world can be made in
 * any order, again and again, and is always the same.
 */

/** An integer of 32 bits, well mixed. */
function mix(seed: number, index: number): number {
  let h = (seed ^ Math.imul(index + 0x9e37, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A seed for everything that belongs to a name. */
export function seedOf(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return h;
}

/** Evenly distributed in [0, 1). */
export const uniform = (seed: number, index: number): number => mix(seed, index) / 4294967296;

/** Normally distributed, mean 0, deviation 1. */
export function gaussian(seed: number, index: number): number {
  const u = (mix(seed, index) + 1) / 4294967297;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * uniform(seed ^ 0x5bd1e995, index));
}

/** A smooth wander around 0 within about [-1, 1] that changes direction about once per unit of `position`. */
export function wander(seed: number, position: number): number {
  const cell = Math.floor(position);
  const within = position - cell;
  const ease = within * within * (3 - 2 * within);
  const before = uniform(seed, cell) * 2 - 1;
  const after = uniform(seed, cell + 1) * 2 - 1;
  return before + (after - before) * ease;
}

/** A count with a Poisson distribution around `mean`. */
export function poisson(mean: number, seed: number, index: number): number {
  if (mean <= 0) return 0;
  if (mean > 12) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian(seed, index)));
  let count = 0;
  let term = Math.exp(-mean);
  let rest = uniform(seed, index) - term;
  while (rest >= 0 && count < 60) {
    count++;
    term *= mean / count;
    rest -= term;
  }
  return count;
}

/** A key id: a UUID that belongs to the seed. */
export function uuid(seed: number): string {
  const hex = [0, 1, 2, 3].map((i) => mix(seed, i).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
