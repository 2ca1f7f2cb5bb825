import type { TopReport } from '../../shared/app/top.ts';
import { factsOf, keyLabel } from '../../shared/domain/assess/key-facts.ts';
import { PRICES } from '../../shared/domain/assess/price.ts';
import type { QuotaShare } from '../../shared/domain/quota-use.ts';
import type { OperationUse, TopKey, UseTotal } from '../../shared/domain/top.ts';
import type { UsdRange } from '../../shared/domain/usd-range.ts';
import { count, percent, times, usd } from '../../shared/render/number.ts';
import { operationName } from '../../shared/render/operation-text.ts';
import { sparkline } from '../../shared/render/sparkline.ts';
import { type Column, tableLines } from '../../shared/render/table.ts';
import { plain, wrap } from '../../shared/render/text.ts';
import { durationText, windowText } from '../../shared/render/time.ts';

const columnsOf = (shareOf: 'requests' | 'cost'): readonly Column[] => [
  { head: '', align: 'right' },
  { head: 'key', least: 16 },
  { head: 'requests', align: 'right' },
  { head: `of ${shareOf}`, align: 'right' },
  { head: 'cost', align: 'right' },
  { head: 'a month', align: 'right' },
  { head: 'quota, peak', align: 'right' },
  { head: 'trend', align: 'right', leaveOut: 1 },
  { head: 'use', leaveOut: 2 },
  { head: 'operations', least: 12, leaveOut: 3 },
];

/** The ranking as people read it, in lines of at most `width` characters where that is possible. */
export function asTable(report: TopReport, width: number): string {
  const { keys, others } = report;
  const shareOf = report.by === 'cost' ? 'cost' : 'requests';
  const rows = keys.map((key, i) => cellsOf(key, i + 1, shareOf));
  const table = keys.length > 0 ? ['', ...tableLines(columnsOf(shareOf), rows, width)] : [];
  const more = `And ${others.keys} more keys: ${count(others.requests)} requests, ${range(others.usd)}.`;
  const text = [
    ...(others.keys > 0 ? [more] : []),
    ...beyondTheKeys(report),
    `Prices: AWS list, us-east-1, ${PRICES.readOn}. Quotas: the Region's documented ones; yours may be higher.`,
    ...remarks(report),
  ];
  const wrapped = (line: string) => wrap(line, width);
  return `${[...head(report).map(wrapped), ...table, '', ...text.map(wrapped)].join('\n')}\n`;
}

function head({ region, from, to, total, periodSeconds }: TopReport): string[] {
  const [start, end] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
  const window = `${windowText(start, end, 'UTC')} (${durationText(end - start)})`;
  if (total.keys === 0) return [`${region}, ${window}: no requests with any key.`];
  const pace = `${range(total.usdPerMonth)} a month at this pace`;
  return [
    `${region}, ${window}: ${count(total.keys)} keys, ${count(total.requests)} requests, ${range(total.usd)}, ${pace}; ${weekBefore(total)}.`,
    ...total.quotas.map(
      ({ group, perSecond, average, peak }) =>
        `Quota ${group}: ${count(perSecond)} requests/s, of which keys took ${finePercent(average)}, ${finePercent(peak)} in the busiest ${durationText(periodSeconds)}.`,
    ),
  ];
}

const weekBefore = ({ weekBefore: before }: UseTotal): string =>
  before === null ? 'a week before is not known' : `a week before ${count(before)} requests`;

/** Requests against those a week before: `1.2x`; `new` where there were none, `?` where that is not known. */
const trendOf = ({ requests, weekBefore: before }: UseTotal): string =>
  before === null ? '?' : before === 0 ? 'new' : times(requests / before);

function cellsOf(key: TopKey, rank: number, shareOf: 'requests' | 'cost'): string[] {
  const { share, quota, trace, complete } = key;
  const atLeast = complete ? '' : '>=';
  return [
    String(rank),
    label(key),
    atLeast + count(key.requests),
    percent(share[shareOf]),
    atLeast + range(key.usd),
    range(key.usdPerMonth),
    quotaText(quota),
    trendOf(key),
    sparkline(trace.map((mean) => mean ?? Number.NaN)),
    operationsText(key.operations, key.requests),
  ];
}

const label = ({ keyArn, aliases }: TopKey): string =>
  plain(keyLabel(factsOf({ keys: new Map([[keyArn, { keyArn, aliases }]]) }, keyArn)), 64);

const quotaText = (quota: QuotaShare | null): string =>
  quota ? `${finePercent(quota.average)}, ${finePercent(quota.peak)}` : '-';

/** With two digits below ten per cent: most keys take little of a quota. */
const finePercent = (share: number): string =>
  share < 0.0001 || share >= 0.095 ? percent(share) : `${Number((share * 100).toPrecision(2))}%`;

const SHOWN_OPERATIONS = 3;

function operationsText(operations: readonly OperationUse[], requests: number): string {
  const all = Math.max(requests, ...operations.map((operation) => operation.requests));
  const shown = operations
    .slice(0, SHOWN_OPERATIONS)
    .map((one) => `${operationName(one.operation)} ${percent(one.requests / all)}`);
  const more = operations.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function beyondTheKeys({ notAttributed, total }: TopReport): string[] {
  const { keyless, keyStorage, freeTierUsdPerMonth } = notAttributed;
  const storage = `Not in these figures: ${range(keyStorage.usdPerMonth)} a month for keeping the ${keyStorage.keys} customer keys in use (unused ones cost as much each); ${usd(freeTierUsdPerMonth)} off for the free requests of a month, which all Regions share.`;
  if (total.keys === 0 && !keyless?.length) return [];
  if (keyless === null) return [storage, 'How many calls came without a key (GenerateRandom) is not known.'];
  const calls = keyless
    .filter((one) => one.calls > 0)
    .map(
      ({ group, calls: number, counted, usdPerMonthAtMost }) =>
        `Beyond the keys, ${group}: ${count(number)} of ${count(counted)} calls, worth ${usd(usdPerMonthAtMost)} a month at most (GenerateRandom, refused calls, keys counted in another account).`,
    );
  return [storage, ...calls];
}

function remarks({ notRead, notes }: TopReport): string[] {
  const [example] = notRead.examples;
  return [
    ...(example === undefined
      ? []
      : [`${notRead.count} series could not be read, so figures are too low: ${plain(example, 200)}`]),
    ...notes.map((note) => plain(note, 300)),
  ];
}

const range = ({ low, high }: UsdRange): string =>
  high > low * 1.01 ? `${usd(low)}-${usd(high).slice(1)}` : usd(low);
