import { factsOf, keyLabel } from '../../domain/assess/key-facts.ts';
import type { Ranking, TopKey } from '../../domain/top.ts';
import { midUsd, type UsdRange } from '../../domain/usd-range.ts';
import { count, percent, times, usd } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { plain } from '../text.ts';
import { type Cell, cell, htmlTable } from './html-table.ts';

/** What each key costs, and how full the quotas are that keys share. */
export function useTables({ keys, others, total }: Ranking): string {
  const rest =
    others.keys > 0
      ? `<p>And ${count(others.keys)} more keys: ${count(others.requests)} requests, ${range(others.usd)}.</p>`
      : '';
  const why =
    total.usd.low === total.usd.high
      ? ''
      : ' A range is given where the kind of a key is not known: RSA, ECC and others cost more.';
  return `<section><h2>Cost</h2><p>${count(total.keys)} keys, ${count(total.requests)} requests, ${range(total.usd)}; ${range(total.usdPerMonth)} a month at this pace. Prices are AWS's list for us-east-1.${why}</p>
${htmlTable('Cost', COST, keys.map(costRow))}${rest}</section>
<section><h2>Quotas</h2><p>Shares of the requests a second that KMS admits, of all keys together. Quotas are the Region's documented ones; yours may be higher. Only successful requests are counted.</p>
${htmlTable('Quotas', QUOTAS, total.quotas.map(quotaRow))}
${htmlTable('Quotas by key', KEY_QUOTAS, keys.flatMap(keyQuotaRow))}</section>`;
}

const COST = ['key', 'requests', 'of cost', 'cost', 'a month', 'trend', 'operations'];
const QUOTAS = ['quota', 'requests/s', 'taken', 'at its peak'];
const KEY_QUOTAS = ['key', 'quota', 'taken', 'at its peak'];

const label = ({ keyArn, aliases }: TopKey): string =>
  plain(keyLabel(factsOf({ keys: new Map([[keyArn, { keyArn, aliases }]]) }, keyArn)), 64);

const costRow = (key: TopKey): Cell[] => [
  cell(label(key)),
  cell(count(key.requests), key.requests),
  cell(percent(key.share.cost), key.share.cost),
  dollars(key.usd),
  dollars(key.usdPerMonth),
  trend(key),
  cell(key.operations.map(({ operation }) => operationName(operation)).join(', ')),
];

const quotaRow = ({ group, perSecond, average, peak }: Ranking['total']['quotas'][number]): Cell[] => [
  cell(group),
  cell(count(perSecond), perSecond),
  share(average),
  share(peak),
];

const keyQuotaRow = (key: TopKey): Cell[][] =>
  key.quota
    ? [[cell(label(key)), cell(key.quota.group), share(key.quota.average), share(key.quota.peak)]]
    : [];

const share = (of: number): Cell => cell(percent(of), of);
const dollars = (of: UsdRange): Cell => cell(range(of), midUsd(of));

const range = ({ low, high }: UsdRange): string =>
  usd(low) === usd(high) ? usd(low) : `${usd(low)} to ${usd(high)}`;

/** Against the same length of time a week before: `1.2x`; what was not there before comes last. */
function trend({ requests, weekBefore }: TopKey): Cell {
  if (weekBefore === null) return cell('?', -1);
  if (weekBefore === 0) return cell('new', Number.MAX_SAFE_INTEGER);
  return cell(times(requests / weekBefore), requests / weekBefore);
}
