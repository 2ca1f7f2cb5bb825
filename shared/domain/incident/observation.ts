import type { Severity } from '../policy.ts';
import type { Operation } from '../usage/key.ts';
import type { Bin } from '../usage/time.ts';
import type { IncidentFacts } from './incident.ts';

/**
 * One key in one bin, judged and assessed.
 * - `breaching`: over the threshold and the floor: opens and escalates.
 * - `above`: over the threshold only: keeps an incident open, opens none.
 * - `insufficientData`: neither opens nor counts as quiet.
 */
export interface Observation {
  readonly bin: Bin;
  readonly state: 'normal' | 'above' | 'breaching' | 'insufficientData';
  /** Whether all operations above their threshold have been so for two days: a level that lasts. */
  readonly standing: boolean;
  /** Severity that the excess would have; `digest` while nothing is breaching. */
  readonly severity: Severity;
  /** Operations above their threshold. */
  readonly operations: readonly Operation[];
  /** Excess of this bin alone. */
  readonly excessRequests: number;
  readonly excessUsd: number;
  /** Excess in dollars an hour, one odd bin aside: what a page is decided by, and a peak is made of. */
  readonly usdPerHour: number;
  readonly ratio: number;
  /** The numbers behind it, made only when somebody is to be told. `totals` are the incident's sums so far. */
  readonly facts: (totals: { excessUsd: number; excessRequests: number }) => IncidentFacts;
}
