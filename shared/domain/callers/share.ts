import { groupBy } from '../group-by.ts';
import type { SampledShare } from './callers.ts';

/** Quantile of the normal distribution for a two-sided interval of 95 %. */
const Z = 1.959964;

/**
 * Share of a sample with the Wilson score interval, 95 % (Wilson, J. Am. Stat. Assoc. 22, 1927): unlike the usual
 * ± it stays within 0..1 and is right for few events and for shares near 0 and 1. It takes the events as drawn at
 * random; they come in short runs, so where callers come in bursts the truth may lie further out.
 */
export function sampledShare(events: number, of: number): SampledShare {
  if (of <= 0) return { events, share: 0, low: 0, high: 1 };
  const share = events / of;
  const centre = share + (Z * Z) / (2 * of);
  const reach = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  return {
    events,
    share,
    // The ends are exact where nobody or everybody is seen; rounding would miss them by a hair.
    low: events === 0 ? 0 : (centre - reach) / scale,
    high: events === of ? 1 : (centre + reach) / scale,
  };
}

/** How often each text comes. */
export const countEach = (texts: Iterable<string>): Map<string, number> =>
  new Map([...groupBy(texts, (text) => text)].map(([text, same]) => [text, same.length]));

/** The largest counts, largest first; equal ones by name, so that the order is always the same. */
export const largest = (counts: ReadonlyMap<string, number>, limit: number): [string, number][] =>
  [...counts].sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)).slice(0, limit);
