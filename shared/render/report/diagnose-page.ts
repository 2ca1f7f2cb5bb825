import { factsOf, keyLabel } from '../../domain/assess/key-facts.ts';
import { type Quota, type QuotaGroup, quotaGroup } from '../../domain/assess/quota.ts';
import type { CallerSample, SampledShare } from '../../domain/callers/callers.ts';
import type { Cause } from '../../domain/causes/cause.ts';
import { quotaShares, sumQuotaUse } from '../../domain/quota-use.ts';
import { DAY_SECONDS } from '../../domain/usage/time.ts';
import type { DiagnosisFacts } from '../diagnosis-text.ts';
import { callerName, causeFigures, purposeName, sampleFigures } from '../insight-story.ts';
import { count, percent, times, usd } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { plain } from '../text.ts';
import { datedMomentText } from '../time.ts';
import { escapeHtml } from './html.ts';
import { barCell, type Cell, cell, htmlTable } from './html-table.ts';
import { page, type ReportAssets } from './page.ts';

/** A diagnosis with the kind of the key, by which its requests count against a quota. */
export interface DiagnosedKey extends DiagnosisFacts {
  readonly spec?: string;
}

/** Who uses keys, what for, what it costs, why so much and what ends it, as one self-contained page. */
export const diagnosePage = (
  keys: readonly DiagnosedKey[],
  quota: (group: QuotaGroup, key: DiagnosedKey) => Quota,
  assets: ReportAssets,
): string =>
  page(
    'Who uses a key, and why so much',
    keys.map((key) => keySection(key, (group) => quota(group, key))).join('\n'),
    [],
    assets,
  );

function keySection(key: DiagnosedKey, quota: (group: QuotaGroup) => Quota): string {
  const { keyArn, description, callers, causes, operations, notKnown } = key;
  const name = plain(keyLabel(factsOf({ keys: new Map([[keyArn, key]]) }, keyArn)), 64);
  const { low, high } = key.usdPerMonth;
  const month = high > low * 1.01 ? `${usd(low)} to ${usd(high)}` : usd(low);
  const moment = (iso: string) => datedMomentText(Date.parse(iso) / 1000, 'UTC');
  const missing = notKnown.map((what) => `<li>${escapeHtml(`${plain(what, 300)}.`)}</li>`).join('\n');
  return `<section><h2>${escapeHtml(name)}</h2>
<p class="lead">${escapeHtml(`${count(key.requests)} requests in the day from ${moment(key.from)}: ${usd(key.usd)}, ${month} in a month of such days.`)}</p>
<p>${description === undefined ? '' : `${escapeHtml(plain(description, 300))} `}<span class="arn">${escapeHtml(keyArn)}</span></p>
${causes.map((cause) => causeHtml(cause, key.usd / 24)).join('\n')}
<h3>Who calls</h3>
${callers.kind === 'known' ? sampleHtml(callers.sample, key, name) : `<p>${escapeHtml(`Not known: ${plain(callers.why, 300)}.`)}</p>`}
<h3>Cost</h3>
${htmlTable(`Cost: ${name}`, ['operation', 'requests', 'a week before', 'trend', 'cost of the day'], operations.map(operationRow))}
<h3>Quota</h3>
<p>What these requests took on average of the requests a second that KMS admits to all keys of the Region together. Quotas are the Region's documented ones; yours may be higher. At its busiest the key takes more: <code>kms-runaway top --by quota</code> says how much.</p>
${htmlTable(`Quota: ${name}`, ['quota', 'requests/s', 'taken'], quotaRows(key, quota))}
${missing === '' ? '' : `<h3>Not known</h3>\n<ul class="facts">${missing}</ul>`}</section>`;
}

function causeHtml(cause: Cause, usdPerHour: number): string {
  const figures = causeFigures(cause, usdPerHour)
    .map(({ label, text }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(text)}</dd>`)
    .join('\n');
  const command =
    cause.command === undefined
      ? ''
      : `<p>To paste into a shell:</p><pre tabindex="0"><code>${escapeHtml(cause.command)}</code></pre>`;
  const source = escapeHtml(cause.source);
  const link = cause.source.startsWith('https://') ? `<a href="${source}">${source}</a>` : source;
  return `<dl>${figures}<dt>Source</dt><dd>${link}</dd></dl>${command}`;
}

function sampleHtml(sample: CallerSample, { keyArn }: DiagnosedKey, name: string): string {
  const { callers, purposes, events } = sample;
  // The tables list these two.
  const others = sampleFigures(sample, keyArn).filter(({ label }) => label !== 'Callers' && label !== 'For');
  const facts = others
    .map(({ label, text }) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(text)}</dd>`)
    .join('\n');
  return `<p>${escapeHtml(`A sample of ${count(events)} of CloudTrail's events; the lines across the bars are what it leaves open (95 %).`)}</p>
${htmlTable(
  `Callers: ${name}`,
  ['caller', ...SHARE],
  callers.map((one) => [cell(callerName(one)), ...shareCells(one)]),
)}
${htmlTable(
  `What for: ${name}`,
  ['what for', ...SHARE],
  purposes.map((one) => [cell(purposeName(one)), ...shareCells(one)]),
)}
${facts === '' ? '' : `<dl>${facts}</dl>`}`;
}

const SHARE = ['share', 'to scale', 'between', 'events'];

const shareCells = ({ events, share, low, high }: SampledShare): Cell[] => [
  cell(percent(share), share),
  barCell({ share, ...(low === high ? {} : { range: [low, high] }) }),
  cell(low === high ? 'exact' : `${percent(low)} and ${percent(high)}`, low),
  cell(count(events), events),
];

function operationRow({
  operation,
  requests,
  requestsWeekBefore,
  usd: dollars,
}: DiagnosisFacts['operations'][number]): Cell[] {
  const trend = requestsWeekBefore > 0 ? requests / requestsWeekBefore : Number.MAX_SAFE_INTEGER;
  return [
    cell(operationName(operation)),
    cell(count(requests), requests),
    cell(count(requestsWeekBefore), requestsWeekBefore),
    cell(requestsWeekBefore > 0 ? times(trend) : 'new', trend),
    cell(usd(dollars), dollars),
  ];
}

function quotaRows({ operations, spec }: DiagnosedKey, quota: (group: QuotaGroup) => Quota): Cell[][] {
  const use = sumQuotaUse(
    operations.map(({ operation, requests }) => ({
      group: quotaGroup(operation, spec),
      requests: Float64Array.of(requests),
    })),
  );
  return quotaShares(use, DAY_SECONDS, quota).map(({ group, perSecond, average }) => [
    cell(group),
    cell(count(perSecond), perSecond),
    cell(percent(average), average),
  ]);
}
