import { factsOf, type KeyDirectory, keyLabel } from '../../domain/assess/key-facts.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Severity } from '../../domain/policy.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import { BIN_SECONDS, type Bin, binEnd, binStart } from '../../domain/usage/time.ts';
import { count, times, usd } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { plain } from '../text.ts';
import { datedMomentText, durationText } from '../time.ts';
import { escapeHtml, scriptJson } from './html.ts';
import type { RecordedChart } from './series-recorder.ts';
import { STYLE } from './style.ts';

/** What a replay found, as far as the page tells it. */
export interface BacktestFacts {
  readonly incidents: readonly Incident[];
  readonly messages: readonly {
    readonly at: number;
    readonly kind: string;
    readonly severity: Severity;
    readonly keyArns: readonly KeyArn[];
  }[];
  readonly series: number;
}

/** What the page is made of besides. */
export interface BacktestPageSettings {
  readonly directory: KeyDirectory;
  readonly fromBin: Bin;
  readonly endBin: Bin;
  readonly charts: readonly RecordedChart[];
  /** The chart library with the page's own script, and the library's style: texts that the build makes. */
  readonly assets: { readonly script: string; readonly style: string };
}

/** Charts on a page; what is left out is counted. */
const MAX_CHARTS = 500;

/** A replay as one self-contained page: what would have been told, what it cost, and each series in its band. */
export function backtestPage(facts: BacktestFacts, settings: BacktestPageSettings): string {
  const { directory, fromBin, endBin, charts, assets } = settings;
  const name = (keyArn: KeyArn) => plain(keyLabel(factsOf(directory, keyArn)), 64);
  const told = facts.incidents.filter(({ severity }) => severity !== 'digest');
  const excess = told.reduce((sum, { tally }) => sum + tally.excessUsd, 0);
  const shown = charts.toSorted((a, b) => b.breaching - a.breaching).slice(0, MAX_CHARTS);
  const data = shown.map(({ id, points }) => ({ points, red: redOf(id, facts.incidents, endBin) }));
  const summary = `From ${datedMomentText(binStart(fromBin), 'UTC')} on, ${durationText((endBin - fromBin) * BIN_SECONDS)}, you would have heard of ${told.length} incidents in ${facts.messages.length} messages. They cost ${usd(excess)} more than usual. ${facts.incidents.length - told.length} more cost too little to be told at once.`;
  const incidents = facts.incidents.map(({ openedBin, endedBin, keyArn, severity, tally, operations }) => [
    moment(binStart(openedBin)),
    cell(name(keyArn)),
    cell(severity),
    cell(durationText(((endedBin ?? endBin) - openedBin) * BIN_SECONDS), (endedBin ?? endBin) - openedBin),
    cell(usd(tally.excessUsd), tally.excessUsd),
    cell(`${usd(tally.peakUsdPerHour)}/h`, tally.peakUsdPerHour),
    cell(times(tally.peakRatio), tally.peakRatio),
    cell(operations.map(operationName).join(', ')),
  ]);
  const messages = facts.messages.map(({ at, kind, severity, keyArns }) => [
    moment(at),
    cell(kind),
    cell(severity),
    cell(keyArns.map(name).join(', ')),
  ]);
  const figures = shown.map(({ id, points, breaching }, i) =>
    figure(`${name(id.keyArn)}: ${operationName(id.operation)}`, points, breaching, i),
  );
  const hidden = charts.length - shown.length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>KMS use, replayed</title><style>${assets.style}${STYLE}</style></head>
<body><main><header><h1>What you would have been told</h1><button type="button" id="theme">Light or dark</button></header>
<p class="lead">${escapeHtml(summary)}</p>
<section><h2>Incidents</h2>${table('Incidents', ['opened', 'key', 'severity', 'lasted', 'extra cost', 'at its peak', 'over the record', 'operations'], incidents)}</section>
<section><h2>Messages</h2>${table('Messages', ['at', 'kind', 'severity', 'keys'], messages)}</section>
<section><h2>Use and band</h2><p>Grey: up to the number of requests that would have opened an incident. There is no lower edge. Red: an incident was open because of this series. Drag over a chart to zoom, click twice to see all. A point is the busiest five minutes of an hour, and every five minutes that were unusual.</p>
${figures.join('\n')}${hidden > 0 ? `<p>${hidden} more series are not drawn.</p>` : ''}</section></main>
<script type="application/json" id="report-data">${scriptJson(data)}</script><script>${assets.script}</script></body></html>
`;
}

interface Cell {
  readonly text: string;
  readonly order: string | number;
}

const cell = (text: string, order: string | number = text): Cell => ({ text, order });
const moment = (at: number): Cell => cell(datedMomentText(at, 'UTC'), at);

function table(label: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const head = heads
    .map((one) => `<th scope="col"><button type="button">${escapeHtml(one)}</button></th>`)
    .join('');
  const body = rows
    .map(
      (cells) =>
        `<tr>${cells.map(({ text, order }) => `<td data-v="${escapeHtml(String(order))}">${escapeHtml(text)}</td>`).join('')}</tr>`,
    )
    .join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function figure(title: string, points: RecordedChart['points'], breaching: number, index: number): string {
  const highest = points.reduce((most, [, requests]) => Math.max(most, requests ?? 0), 0);
  const verdict = breaching === 0 ? 'never beyond the band' : `beyond the band in ${count(breaching)} bins`;
  return `<figure id="chart-${index}" data-chart="${index}"><figcaption><b>${escapeHtml(title)}</b><br>At most ${count(highest)} requests in 5 min; ${verdict}.</figcaption><div class="plot" aria-hidden="true"></div><details><summary>Values as a table</summary></details></figure>`;
}

/** Stretches [from, to) in which an incident was open because of this series, and where each was noticed. */
export const redOf = (
  { keyArn, operation }: RecordedChart['id'],
  incidents: readonly Incident[],
  endBin: Bin,
): { from: Bin; to: Bin; noticed: number }[] =>
  incidents
    .filter((one) => one.keyArn === keyArn && one.operations.includes(operation))
    .map(({ openedBin, endedBin }) => ({
      from: openedBin,
      to: endedBin ?? endBin,
      noticed: binEnd(openedBin),
    }));
