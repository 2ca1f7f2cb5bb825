import type { KeyArn } from '../domain/usage/key.ts';

/** Longest reason that reports repeat of what a store said. */
const MAX_REASON = 200;

/** Keys whose items could not be written, and why. */
export interface StoreFaults {
  readonly incidents: ReadonlyMap<KeyArn, string>;
  readonly baselines: ReadonlyMap<KeyArn, string>;
}

/** What a store that failed said, short enough for a report. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, MAX_REASON);
