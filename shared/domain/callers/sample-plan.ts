import type { EpochSeconds } from '../usage/time.ts';

/** A stretch of time to read one page of events from: [from, to). */
export interface SampleWindow {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** Shorter windows than this say nothing new. */
const MIN_WINDOW_SECONDS = 20;
/** Fractional part of the golden ratio: its multiples never fall into step with a schedule. */
const GOLDEN = 0.618034;

/**
 * The windows to sample [from, to) by, in the order to read them. A page holds the newest events of its window, so
 * one page of the whole time would show its last busy second only. The windows lie side by side: of a quiet key
 * their pages hold everything, of a busy one they are glimpses spread over the whole time. Their ends are uneven, so
 * that a job that calls at every full minute is not met in each of them. Wherever the reading stops, what has been
 * read is spread about evenly; the newest comes first.
 */
export function planWindows(from: EpochSeconds, to: EpochSeconds, limit: number): SampleWindow[] {
  const seconds = Math.floor(to) - Math.floor(from);
  const count = Math.min(limit, Math.max(1, Math.floor(seconds / MIN_WINDOW_SECONDS)));
  if (seconds <= 0 || limit < 1) return [];
  const windows = Array.from({ length: count }, (_, n) => ({
    from: n === count - 1 ? Math.floor(from) : edge(to, seconds, count, n + 1),
    to: edge(to, seconds, count, n),
  }));
  return windows
    .map((window, n) => ({ window, turn: reversedFraction(n) }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ window }) => window);
}

/** The nth edge, counted from the end, moved by up to a quarter of a window. */
function edge(to: EpochSeconds, seconds: number, count: number, n: number): EpochSeconds {
  if (n === 0) return Math.floor(to);
  const shift = ((n * GOLDEN) % 1) / 2 - 0.25;
  return Math.floor(to - (seconds * (n + shift)) / count);
}

/** 0, 1, 2, 3, ... to 0, 1/2, 1/4, 3/4, ...: sorted by it, numbers take turns over the whole range. */
function reversedFraction(n: number): number {
  let fraction = 0;
  for (let rest = n, half = 0.5; rest > 0; rest = Math.floor(rest / 2), half /= 2)
    fraction += (rest % 2) * half;
  return fraction;
}

/**
 * What is left of the windows after a page of the whole time, whose oldest event is `oldestRead`: the windows it did
 * not touch, then the rest of the one it ends in. Not all calls of the oldest second need be on the page, so that
 * second is read again.
 */
export const unreadWindows = (
  windows: readonly SampleWindow[],
  oldestRead: EpochSeconds,
): readonly SampleWindow[] => [
  ...windows.filter(({ to }) => to <= oldestRead),
  ...windows
    .filter(({ from, to }) => from <= oldestRead && oldestRead < to)
    .map(({ from }) => ({ from, to: Math.floor(oldestRead) + 1 })),
];
