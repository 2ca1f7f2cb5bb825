import { factsOf, type KeyDirectory, keyLabel } from '../../domain/assess/key-facts.ts';
import type { ReportedIncident, RunReport } from '../../domain/run-report.ts';
import { type KeyArn, seriesName } from '../../domain/usage/key.ts';
import { type Bin, binStart } from '../../domain/usage/time.ts';
import { reasonText } from '../incident-reason.ts';
import { count, times, usd } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { plain } from '../text.ts';
import { datedMomentText } from '../time.ts';
import { chartsSection } from './charts-section.ts';
import { judgedDrawing } from './drawing.ts';
import { escapeHtml } from './html.ts';
import { type Cell, cell, htmlTable, textCell } from './html-table.ts';
import { page, type ReportAssets } from './page.ts';
import type { RecordedChart } from './series-recorder.ts';
import { type ShownIncident, shownIncident } from './shown-incident.ts';
import { hoursAPoint } from './thin.ts';
import { timeLine } from './time-line.ts';

/** A series as it was judged, and what its requests cost in the time that is drawn. */
export interface CheckedSeries {
  readonly chart: RecordedChart;
  readonly usd: number;
}

/** A check of one Region, and what was seen while it judged. */
export interface CheckedRegion {
  readonly region: string;
  readonly report: RunReport;
  /** What else is to be said: what is not known, what watching would cost. */
  readonly remarks: readonly string[];
  readonly directory: KeyDirectory;
  readonly series: readonly CheckedSeries[];
  /** The stretch that is drawn, and since when incidents were looked for in it. */
  readonly fromBin: Bin;
  readonly judgedFrom: Bin;
  readonly endBin: Bin;
}

/** Charts of what runs away; and of the dearest others. */
const MAX_BREACHING = 500;
const DEAREST = 6;

/** A check as one self-contained page: what runs away, and each such series in its band, with the dearest others. */
export function checkPage(regions: readonly CheckedRegion[], assets: ReportAssets): string {
  const incidents = regions.flatMap(({ report }) => report.incidents);
  const shown = incidents.map(shownIncident);
  const charts = chosen(
    regions.flatMap(({ series }) => series),
    shown,
  );
  const names = new Map(regions.flatMap(({ directory }) => [...directory.keys]));
  const name = (keyArn: KeyArn) => plain(keyLabel(factsOf({ keys: names }, keyArn)), 64);
  const fromBin = Math.min(...regions.map((one) => one.fromBin));
  const endBin = Math.max(...regions.map((one) => one.endBin));
  const hours = hoursAPoint(fromBin, endBin);
  const drawings = charts.map((chart) => judgedDrawing(chart, shown, hours));
  const places = new Map(charts.map(({ id }, i) => [seriesName(id), `chart-${i}`]));
  const rows = incidents.map((one) => incidentRow(one, name(one.keyArn), places));
  const reasons = incidents.flatMap((one) => {
    const reason = reasonText(one);
    return reason === undefined ? [] : [`${name(one.keyArn)}, ${reason}`];
  });
  const line = shown.length > 0 ? timeLine(shown, ({ keyArn }) => name(keyArn), fromBin, endBin) : '';
  const all = regions.reduce((sum, { series }) => sum + series.length, 0);
  const body = `${regions.map(summary).join('\n') || '<p class="lead">No KMS use.</p>'}
<section><h2>Incidents</h2>${incidents.length > 0 ? line + htmlTable('Incidents', INCIDENTS, rows) + factList(reasons) : '<p>No incident.</p>'}</section>
${charts.length > 0 ? chartsSection(charts, drawings, name, hours, all - charts.length, 'beyond the band') : ''}`;
  return page('What is running away', body, drawings, assets);
}

/** What runs away, the dearest first, and then the dearest of the others. */
function chosen(series: readonly CheckedSeries[], incidents: readonly ShownIncident[]): RecordedChart[] {
  const isTold = ({ id }: RecordedChart) =>
    incidents.some((one) => one.keyArn === id.keyArn && one.operations.includes(id.operation));
  const dearest = series.toSorted((a, b) => b.usd - a.usd).map(({ chart }) => chart);
  return [
    ...dearest.filter(isTold).slice(0, MAX_BREACHING),
    ...dearest.filter((chart) => !isTold(chart)).slice(0, DEAREST),
  ];
}

function summary({ region, report, remarks, judgedFrom }: CheckedRegion): string {
  const { asOf, keys, series, normal, breaching } = report;
  const lead = `${region}, ${datedMomentText(Date.parse(asOf) / 1000, 'UTC')}: ${count(keys)} ${keys === 1 ? 'key' : 'keys'}, ${count(series)} series; ${count(normal)} as usual, ${count(breaching)} running away.`;
  const judged = `Incidents are those since ${datedMomentText(binStart(judgedFrom), 'UTC')}; what was before is only drawn.`;
  return `<p class="lead">${escapeHtml(lead)}</p>${factList([judged, ...remarks])}`;
}

const factList = (facts: readonly string[]): string =>
  `<ul class="facts">${facts.map((one) => `<li>${escapeHtml(one)}</li>`).join('\n')}</ul>`;

const INCIDENTS = [
  'opened',
  'key',
  'severity',
  'status',
  'extra cost',
  'an hour',
  'over the record',
  'operations',
];

function incidentRow(one: ReportedIncident, name: string, places: ReadonlyMap<string, string>): Cell[] {
  const { keyArn, operations, openedAt } = one;
  const opened = Date.parse(openedAt) / 1000;
  const to = operations
    .map((operation) => places.get(seriesName({ keyArn, operation })))
    .find((place) => place !== undefined);
  return [
    textCell(datedMomentText(opened, 'UTC'), opened),
    { ...cell(name), ...(to === undefined ? {} : { to }) },
    cell(one.severity),
    cell(one.status),
    cell(usd(one.excessUsd), one.excessUsd),
    cell(`+${usd(one.usdPerHour)}`, one.usdPerHour),
    cell(times(one.ratio), one.ratio),
    cell(operations.map(operationName).join(', ')),
  ];
}
