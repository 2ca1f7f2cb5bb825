import { factsOf, type KeyDirectory, keyLabel } from '../../domain/assess/key-facts.ts';
import type { Forecast } from '../../domain/forecast.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Severity } from '../../domain/policy.ts';
import type { Ranking } from '../../domain/top.ts';
import { type KeyArn, type SeriesId, seriesName } from '../../domain/usage/key.ts';
import { BIN_SECONDS, type Bin, binStart } from '../../domain/usage/time.ts';
import { forecastText } from '../forecast-text.ts';
import { count, times, usd } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { plain } from '../text.ts';
import { datedMomentText, durationText } from '../time.ts';
import { chartsSection } from './charts-section.ts';
import { drawingOf } from './drawing.ts';
import { escapeHtml } from './html.ts';
import { type Cell, cell, htmlTable } from './html-table.ts';
import { page, type ReportAssets } from './page.ts';
import type { RecordedChart } from './series-recorder.ts';
import { binsIn } from './stretch.ts';
import { hoursAPoint } from './thin.ts';
import { timeLine } from './time-line.ts';
import { useTables } from './use-tables.ts';

/** What a replay found, as far as the page tells it. */
export interface BacktestFacts {
  readonly incidents: readonly Incident[];
  readonly messages: readonly {
    readonly at: number;
    readonly kind: string;
    readonly severity: Severity;
    readonly keyArns: readonly KeyArn[];
  }[];
  readonly forecast: { readonly notices: Forecast; readonly pages: Forecast };
}

/** What the page is made of besides. */
export interface BacktestPageSettings {
  readonly directory: KeyDirectory;
  readonly fromBin: Bin;
  readonly endBin: Bin;
  readonly charts: readonly RecordedChart[];
  /** What the keys cost in the time that was judged. */
  readonly ranking: Ranking;
  readonly assets: ReportAssets;
}

/** Charts on a page; what is left out is counted. */
const MAX_CHARTS = 500;

/** A replay as one self-contained page: what would have been told, what it cost, and each series in its band. */
export function backtestPage(facts: BacktestFacts, settings: BacktestPageSettings): string {
  const { directory, fromBin, endBin, ranking } = settings;
  const name = (keyArn: KeyArn) => plain(keyLabel(factsOf(directory, keyArn)), 64);
  const shown = settings.charts.toSorted((a, b) => binsIn(b.beyond) - binsIn(a.beyond)).slice(0, MAX_CHARTS);
  const hours = hoursAPoint(fromBin, endBin);
  const drawings = shown.map((chart) => drawingOf(chart, facts.incidents, endBin, hours));
  const line = timeLine(facts.incidents, ({ keyArn }) => name(keyArn), fromBin, endBin);
  const incidents = facts.incidents.map((one) => incidentRow(one, name(one.keyArn), endBin, chartIds(shown)));
  const messages = facts.messages.map(({ at, kind, severity, keyArns }) => [
    moment(at),
    cell(kind),
    cell(severity),
    cell(keyArns.map(name).join(', ')),
  ]);
  const body = `<p class="lead">${escapeHtml(summary(facts, settings))}</p>
<section><h2>Incidents</h2>${facts.incidents.length > 0 ? line : ''}${htmlTable('Incidents', INCIDENTS, incidents)}</section>
<section><h2>Messages</h2>${htmlTable('Messages', MESSAGES, messages)}</section>
${useTables(ranking)}
${chartsSection(shown, drawings, name, hours, settings.charts.length - shown.length)}`;
  return page('What you would have been told', body, drawings, settings.assets);
}

const INCIDENTS = [
  'opened',
  'key',
  'severity',
  'lasted',
  'extra cost',
  'at its peak',
  'over the record',
  'operations',
];
const MESSAGES = ['at', 'kind', 'severity', 'keys'];

function summary(
  { incidents, messages, forecast }: BacktestFacts,
  { fromBin, endBin }: BacktestPageSettings,
): string {
  const told = incidents.filter(({ severity }) => severity !== 'digest');
  const excess = told.reduce((sum, { tally }) => sum + tally.excessUsd, 0);
  const since = `From ${datedMomentText(binStart(fromBin), 'UTC')} on, in ${durationText((endBin - fromBin) * BIN_SECONDS)},`;
  const small = incidents.length - told.length;
  return [
    `${since} you would have heard of ${many(told.length, 'incident')} in ${many(messages.length, 'message')}; they cost ${usd(excess)} more than usual.`,
    ...(small > 0 ? [`${count(small)} more cost too little to be told at once.`] : []),
    forecastText(forecast, endBin - fromBin),
  ].join(' ');
}

const many = (number: number, what: string): string => `${count(number)} ${what}${number === 1 ? '' : 's'}`;

/** Where the chart of each series is. */
const chartIds = (shown: readonly RecordedChart[]): ReadonlyMap<string, string> =>
  new Map(shown.map(({ id }, i) => [seriesName(id), `chart-${i}`]));

function incidentRow(
  { openedBin, endedBin, keyArn, severity, tally, operations }: Incident,
  name: string,
  endBin: Bin,
  charts: ReadonlyMap<string, string>,
): Cell[] {
  const bins = (endedBin ?? endBin) - openedBin;
  const ids = operations.map((operation): SeriesId => ({ keyArn, operation }));
  const to = ids.map((id) => charts.get(seriesName(id))).find((one) => one !== undefined);
  return [
    moment(binStart(openedBin)),
    { ...cell(name), ...(to === undefined ? {} : { to }) },
    cell(severity),
    cell(durationText(bins * BIN_SECONDS) + (endedBin === undefined ? ', open' : ''), bins),
    cell(usd(tally.excessUsd), tally.excessUsd),
    cell(`${usd(tally.peakUsdPerHour)}/h`, tally.peakUsdPerHour),
    cell(times(tally.peakRatio), tally.peakRatio),
    cell(operations.map(operationName).join(', ')),
  ];
}

const moment = (at: number): Cell => ({ text: datedMomentText(at, 'UTC'), order: at, isMoment: true });
