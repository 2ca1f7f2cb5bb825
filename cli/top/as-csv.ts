import type { TopReport } from '../../shared/app/top.ts';
import type { TopKey } from '../../shared/domain/top.ts';
import { csvRow } from '../../shared/render/csv.ts';

const COLUMNS = {
  keyArn: ({ keyArn }) => keyArn,
  alias: ({ aliases }) => aliases[0] ?? '',
  spec: ({ spec }) => spec ?? '',
  requests: ({ requests }) => requests,
  requestsShare: ({ share }) => share.requests,
  costShare: ({ share }) => share.cost,
  usdLow: ({ usd }) => usd.low,
  usdHigh: ({ usd }) => usd.high,
  usdPerMonthLow: ({ usdPerMonth }) => usdPerMonth.low,
  usdPerMonthHigh: ({ usdPerMonth }) => usdPerMonth.high,
  quota: ({ quota }) => quota?.group ?? '',
  quotaAverage: ({ quota }) => quota?.average ?? '',
  quotaPeak: ({ quota }) => quota?.peak ?? '',
  requestsWeekBefore: ({ weekBefore }) => weekBefore ?? '',
  operations: ({ operations }) =>
    operations.map(({ operation, requests }) => `${operation} ${requests}`).join('; '),
} as const satisfies Record<string, (key: TopKey) => string | number>;

/** One row per key; shares are 0..1, an empty cell is unknown. */
export const asCsv = (reports: readonly TopReport[]): string =>
  [
    csvRow(['region', 'rank', ...Object.keys(COLUMNS)]),
    ...reports.flatMap(({ region, keys }) =>
      keys.map((key, i) => csvRow([region, i + 1, ...Object.values(COLUMNS).map((cell) => cell(key))])),
    ),
  ].join('');
