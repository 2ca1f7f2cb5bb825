import type { ReportedIncident } from '../../shared/domain/run-report.ts';
import { csvRow } from '../../shared/render/csv.ts';
import type { Checked } from './as-table.ts';

const COLUMNS = {
  id: ({ id }) => id,
  keyArn: ({ keyArn }) => keyArn,
  alias: ({ alias }) => alias ?? '',
  operations: ({ operations }) => operations.join(' '),
  status: ({ status }) => status,
  severity: ({ severity }) => severity,
  openedAt: ({ openedAt }) => openedAt,
  resolvedAt: ({ resolvedAt }) => resolvedAt ?? '',
  usdPerHour: ({ usdPerHour }) => usdPerHour,
  excessUsd: ({ excessUsd }) => excessUsd,
  ratio: ({ ratio }) => ratio,
  ackedBy: ({ ackedBy }) => ackedBy ?? '',
  reason: ({ reason }) => reason,
} as const satisfies Record<string, (incident: ReportedIncident) => string | number>;

/** One row per incident, the head alone where there is none; times are ISO 8601 UTC, an empty cell is unknown. */
export const asCsv = (checked: readonly Checked[]): string =>
  [
    csvRow(['region', ...Object.keys(COLUMNS)]),
    ...checked.flatMap(({ region, report: { incidents } }) =>
      incidents.map((one) => csvRow([region, ...Object.values(COLUMNS).map((cell) => cell(one))])),
    ),
  ].join('');
