import type { IncidentFacts } from '../domain/incident/incident.ts';

/** A full quota shows as a little less: a 5-minute mean has slower seconds, too. */
export const NEARLY_FULL = 0.95;

/**
 * How the Region's request quota stands. `full`: KMS refuses what comes on top, and the metric cannot show it.
 * `nearlyFull`: it is used up but for a little and use no longer rises, so KMS probably refuses already. `higherThanDocumented`: more was served than the documented quota admits, so the account's own must be higher.
 */
export function quotaState({
  regionQuotaShare,
  minutesToThrottling,
  assumed,
}: IncidentFacts): 'open' | 'nearlyFull' | 'full' | 'higherThanDocumented' {
  if (regionQuotaShare < 1 && minutesToThrottling !== 0)
    return regionQuotaShare >= NEARLY_FULL && minutesToThrottling === undefined ? 'nearlyFull' : 'open';
  return assumed.includes('quota') && regionQuotaShare > 1.05 ? 'higherThanDocumented' : 'full';
}
