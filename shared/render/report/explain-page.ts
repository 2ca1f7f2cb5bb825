import type { Gate, WindowTest } from '../../domain/detection/explain.ts';
import type { SeriesExplanation } from '../../domain/detection/series-explanation.ts';
import { BIN_SECONDS, binAt } from '../../domain/usage/time.ts';
import { figureText, gateText, unusualNote, WEEK_TEXTS } from '../explain-text.ts';
import { count } from '../number.ts';
import { operationName } from '../operation-text.ts';
import { plain } from '../text.ts';
import { datedMomentText, durationText } from '../time.ts';
import { chartFigure, legend } from './charts-section.ts';
import { type Drawing, judgedDrawing } from './drawing.ts';
import { escapeHtml } from './html.ts';
import { barCell, type Cell, cell, htmlTable, textCell } from './html-table.ts';
import { page, type ReportAssets } from './page.ts';
import type { RecordedChart } from './series-recorder.ts';

/** A series at one moment, and as it was judged before. */
export interface ExplainedSeries extends SeriesExplanation {
  readonly chart: RecordedChart;
}

const LEGEND = legend(
  'beyond the band',
  '<li><i class="explained"></i>the five minutes that are explained</li>',
);

/** Why series were told at a moment, or were not, as one self-contained page. `faults`: what could not be read. */
export function explainPage(
  series: readonly ExplainedSeries[],
  faults: readonly string[],
  assets: ReportAssets,
): string {
  const drawings = series.map(({ chart, bin }) => judgedDrawing(chart, [], 0, binOf(bin)));
  const body = `${faults.map((one) => `<p>${escapeHtml(one)}</p>`).join('\n')}
${series.map((one, i) => seriesSection(one, drawings[i], i)).join('\n')}
<section><h2>What the charts show</h2>${LEGEND}
<p>A point is five minutes in the last two days, and before that the busiest five minutes of an hour. Drag over a chart to zoom, or use its buttons.</p></section>`;
  return page('Why it was told, or was not', body, drawings, assets);
}

const binOf = (iso: string): number => binAt(Date.parse(iso) / 1000);
const momentOf = (iso: string): string => datedMomentText(Date.parse(iso) / 1000, 'UTC');

function seriesSection(series: ExplainedSeries, drawing: Drawing | undefined, index: number): string {
  const { bin, requests, band, sentence, stoppedBy, historyWeeks, sensitivity, gates, windows } = series;
  const name = plain((series.alias ?? series.keyArn).replace(/^alias\//, ''), 64);
  const title = `${name}: ${operationName(series.operation)}`;
  const note = unusualNote(series);
  const edge =
    band.upper === null
      ? 'no number of requests would be told'
      : `an incident would open from ${count(band.upper)} on`;
  return `<section><h2>${escapeHtml(title)}</h2>
<p class="lead"><b>${stoppedBy ? 'Not told' : 'Told'}</b>: ${escapeHtml(plain(sentence, 400))}.</p>
<p>${escapeHtml(`The ${durationText(BIN_SECONDS)} from ${momentOf(bin)} held ${requests === null ? 'a number that is not known' : `${count(requests)} requests`}. Usual are ${count(band.expected)}; ${edge}. This rests on ${historyWeeks.toFixed(1)} weeks of history, and on ${count(sensitivity)} accepted false alerts per 100 keys and year.`)}</p>
${chartFigure(series.chart, drawing, 'Use and band in the two weeks before', index)}
<h3>The same five minutes in the weeks before</h3>
${htmlTable(`The weeks before: ${title}`, ['when', 'requests', 'to scale', 'UTC'], weekRows(series))}
<p>${band.upper === null ? 'No number of requests would have been told.' : `The line stands at ${count(band.upper)}: from there on it would be told.`}</p>
<h3>Conditions</h3>
${htmlTable(`Conditions: ${title}`, ['condition', 'met', 'value', 'needed'], gates.map(gateRow))}
<h3>Windows</h3>
${htmlTable(`Windows: ${title}`, WINDOWS, windows.map(windowRow))}${note === undefined ? '' : `<p>${escapeHtml(note)}</p>`}</section>`;
}

/** Now and each week before, to one scale. */
function weekRows({ bin, requests, band, sameTime, stoppedBy }: ExplainedSeries): Cell[][] {
  const all = [
    { when: 'now', bin, requests, isRed: stoppedBy === undefined },
    ...sameTime.map((one, back) => ({ ...one, when: WEEK_TEXTS[back] ?? '', isRed: false })),
  ];
  const highest = Math.max(1, band.upper ?? 0, ...all.map((one) => one.requests ?? 0));
  return all.map((one, row) => [
    textCell(one.when, row),
    one.requests === null ? cell('not known', -1) : cell(count(one.requests), one.requests),
    barCell({
      share: (one.requests ?? 0) / highest,
      ...(band.upper === null ? {} : { mark: band.upper / highest }),
      isRed: one.isRed,
    }),
    textCell(momentOf(one.bin), binOf(one.bin)),
  ]);
}

function gateRow(gate: Gate): Cell[] {
  const { asks, value, needed } = gateText(gate);
  return [cell(asks), cell(gate.passed ? 'yes' : 'no'), cell(value, gate.value), cell(needed, gate.needed)];
}

const WINDOWS = ['the last', 'requests', 'usual at most', 'most in six weeks', 'goes on', 'how unusual'];

const windowRow = ({ windowSeconds, requests, usual, record, goingOn, score }: WindowTest): Cell[] => [
  textCell(durationText(windowSeconds), windowSeconds),
  figure(Math.round(requests)),
  figure(Math.round(usual)),
  figure(record === undefined ? null : Math.round(record)),
  cell(goingOn ? 'yes' : 'no'),
  figure(score),
];

/** What is not known comes last. */
const figure = (value: number | null): Cell => cell(figureText(value), value ?? Number.MAX_SAFE_INTEGER);
