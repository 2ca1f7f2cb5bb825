import type { Bin } from '../../domain/usage/time.ts';

/** Consecutive bins: [first, first after them). */
export type Stretch = readonly [from: Bin, to: Bin];

/** Adds the bin to the last stretch, or begins another. Bins come in time order. */
export function addBin(stretches: Stretch[], bin: Bin): void {
  const last = stretches.at(-1);
  if (last && last[1] === bin) stretches[stretches.length - 1] = [last[0], bin + 1];
  else stretches.push([bin, bin + 1]);
}

export const binsIn = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, [from, to]) => sum + to - from, 0);

/** What of the stretches lies within any of the limits, which may overlap. */
export function within(stretches: readonly Stretch[], limits: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [from, to] of stretches) {
    for (let bin = from; bin < to; bin++)
      if (limits.some(([start, end]) => bin >= start && bin < end)) addBin(found, bin);
  }
  return found;
}
