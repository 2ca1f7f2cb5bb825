import type { IncidentFacts } from '../domain/incident/incident.ts';

/**
 * How the Region's request quota stands. `full`: KMS refuses what comes on top, and the metric cannot show it.
 * `higherThanDocumented`: more was served than the documented quota admits, so the account's own must be higher.
 */
export function quotaState({
  regionQuotaShare,
  minutesToThrottling,
  assumed,
}: IncidentFacts): 'open' | 'full' | 'higherThanDocumented' {
  if (regionQuotaShare < 1 && minutesToThrottling !== 0) return 'open';
  return assumed.includes('quota') && regionQuotaShare > 1.05 ? 'higherThanDocumented' : 'full';
}
