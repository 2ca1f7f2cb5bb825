import type { BacktestResult } from '../../shared/app/backtest.ts';
import { csvRow } from '../../shared/render/csv.ts';
import { incidentRecord } from './as-json.ts';

const COLUMNS = [
  'id',
  'keyArn',
  'operations',
  'openedAt',
  'detectedAt',
  'resolvedAt',
  'severity',
  'peakRatio',
  'excessRequests',
  'usd',
  'peakUsdPerHour',
] as const;

/** One row per incident with the fields of the JSON, the head alone where there is none; not resolved is an empty cell. */
export const asCsv = ({ incidents }: BacktestResult): string =>
  [
    csvRow(COLUMNS),
    ...incidents.map(incidentRecord).map((one) =>
      csvRow(
        COLUMNS.map((column) => {
          const cell = one[column];
          return typeof cell === 'object' ? (cell ?? []).join(' ') : cell;
        }),
      ),
    ),
  ].join('');
