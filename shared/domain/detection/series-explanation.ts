import type { KeyArn, Operation } from '../usage/key.ts';
import type { Explanation, WindowTest } from './explain.ts';

/** Why a series was told of, or was not, at one moment. */
export interface SeriesExplanation extends Explanation {
  readonly keyArn: KeyArn;
  readonly alias?: string;
  readonly operation: Operation;
  /** The five minutes that were judged: their start, ISO 8601 UTC. */
  readonly bin: string;
  /** Requests in them; null if CloudWatch does not say. */
  readonly requests: number | null;
  /**
   * Requests usual in such five minutes, and from how many on they would open an incident; null if no number would.
   * There is no lower edge: few requests are never told.
   */
  readonly band: { readonly expected: number; readonly upper: number | null };
  readonly windows: readonly WindowTest[];
  /** The same five minutes of the last eight weeks, newest first; null where nothing is known. */
  readonly sameTime: readonly { readonly bin: string; readonly requests: number | null }[];
  /** Weeks of history that this rests on. */
  readonly historyWeeks: number;
  /** Accepted false alerts per 100 keys and year. */
  readonly sensitivity: number;
}
