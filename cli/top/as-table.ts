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
import { NO_PAINT, type Paint } from '../paint.ts';

/** On a narrow screen the picture goes first, then what a key does, its trend and its part in the quota; money stays. */
const columnsOf = (
  shareOf: 'requests' | 'cost',
  keys: readonly TopKey[],
  paint: Paint,
): readonly Column[] => [
  { head: '', align: 'right', leaveOut: 1 },
  { head: 'key', least: 16 },
  { head: 'requests', align: 'right' },
  { head: `of ${shareOf}`, align: 'right', leaveOut: 2 },
  { head: 'cost', align: 'right', leaveOut: 3 },
  { head: 'a month', align: 'right' },
  { head: 'quota, peak', align: 'right', leaveOut: 4, paint: byKey(keys, fillsQuota, paint.alarming) },
  { head: 'trend', align: 'right', leaveOut: 5, paint: byKey(keys, hasGrown, paint.notable) },
  { head: 'use', leaveOut: 7, paint: paint.faint },
  { head: 'operations', least: 16, leaveOut: 6 },
];

const byKey =
  (keys: readonly TopKey[], is: (key: TopKey) => boolean, paint: (text: string) => string) =>
  (text: string, row: number): string =>
    keys.slice(row, row + 1).some(is) ? paint(text) : text;

const ALARMING_QUOTA = 0.5;
const NOTABLE_GROWTH = 2;

const fillsQuota = ({ quota }: TopKey): boolean => (quota?.peak ?? 0) >= ALARMING_QUOTA;

const hasGrown = ({ requests, weekBefore: before }: TopKey): boolean =>
  before !== null && requests >= NOTABLE_GROWTH * before;

/** Columns of a terminal from which on a trace is drawn with all its points. */
const WIDE = 140;
const NARROW_POINTS = 12;

/**
 * The ranking as people read it, in lines of at most `width` characters where that is possible. `askedSeconds`: how far
 * back it was to look, if that is known.
 */
export function asTable(
  report: TopReport,
  width: number,
  paint: Paint = NO_PAINT,
  askedSeconds?: number,
): string {
  const { keys, others } = report;
  const shareOf = report.by === 'cost' ? 'cost' : 'requests';
  const points = width < WIDE ? NARROW_POINTS : Number.POSITIVE_INFINITY;
  const rows = keys.map((key, i) => cellsOf(key, i + 1, shareOf, points));
  const table = keys.length > 0 ? ['', ...tableLines(columnsOf(shareOf, keys, paint), rows, width)] : [];
  const more = `And ${others.keys} more ${others.keys === 1 ? 'key' : 'keys'}: ${count(others.requests)} requests, ${range(others.usd)}.`;
  const text = [
    ...(others.keys > 0 ? [more] : []),
    ...beyondTheKeys(report),
    `Prices: AWS list, us-east-1, ${PRICES.readOn}. Quotas: the Region's documented ones; yours may be higher.`,
    ...remarks(report),
  ];
  const wrapped = (line: string) => wrap(line, width);
  return `${[...head(report, askedSeconds).map(wrapped), ...table, '', ...text.map(wrapped)].join('\n')}\n`;
}

function head(
  { region, from, to, total, periodSeconds }: TopReport,
  askedSeconds: number | undefined,
): string[] {
  const [start, end] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
  const isShort = askedSeconds !== undefined && end - start < askedSeconds;
  const why = isShort ? ', as the newest minutes are not final yet' : '';
  const window = `${windowText(start, end, 'UTC')} (${durationText(end - start)}${why})`;
  if (total.keys === 0) return [`${region}, ${window}: no requests with any key.`];
  const pace = `${range(total.usdPerMonth)} a month at this pace`;
  return [
    `${region}, ${window}: ${count(total.keys)} ${total.keys === 1 ? 'key' : 'keys'}, ${count(total.requests)} requests, ${range(total.usd)}, ${pace}; ${weekBefore(total)}.`,
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

function cellsOf(key: TopKey, rank: number, shareOf: 'requests' | 'cost', points: number): string[] {
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
    sparkline(
      coarser(
        trace.map((mean) => mean ?? Number.NaN),
        points,
      ),
    ),
    operationsText(key.operations, key.requests),
  ];
}

const label = ({ keyArn, aliases }: TopKey): string =>
  plain(keyLabel(factsOf({ keys: new Map([[keyArn, { keyArn, aliases }]]) }, keyArn)), 64);

const quotaText = (quota: QuotaShare | null): string =>
  quota ? `${finePercent(quota.average)}, ${finePercent(quota.peak)}` : '-';

/** With two digits below ten per cent: most keys take little of a quota. */
const finePercent = (share: number): string =>
  share <= 0 || share >= 0.095
    ? percent(share)
    : share < 0.0001
      ? '<0.01%'
      : `${Number((share * 100).toPrecision(2))}%`;

/** Means of neighbours, at most so many. */
function coarser(values: readonly number[], points: number): number[] {
  const stretch = Math.ceil(values.length / points) || 1;
  return Array.from({ length: Math.ceil(values.length / stretch) }, (_, i) => {
    const some = values.slice(i * stretch, (i + 1) * stretch);
    return some.reduce((sum, more) => sum + more, 0) / some.length;
  });
}

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
