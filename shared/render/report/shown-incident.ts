import type { Incident } from '../../domain/incident/incident.ts';
import type { ReportedIncident } from '../../domain/run-report.ts';
import { binAt } from '../../domain/usage/time.ts';

/** An incident as far as charts and time lines show it. */
export type ShownIncident = Pick<
  Incident,
  'keyArn' | 'operations' | 'severity' | 'openedBin' | 'endedBin'
> & { readonly tally: Pick<Incident['tally'], 'excessUsd'> };

/** The same of an incident that a run reported. */
export const shownIncident = (one: ReportedIncident): ShownIncident => ({
  keyArn: one.keyArn,
  operations: one.operations,
  severity: one.severity,
  openedBin: binAt(Date.parse(one.openedAt) / 1000),
  ...(one.resolvedAt === undefined ? {} : { endedBin: binAt(Date.parse(one.resolvedAt) / 1000) }),
  tally: { excessUsd: one.excessUsd },
});
