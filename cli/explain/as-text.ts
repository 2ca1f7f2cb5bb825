import type { ExplainReport } from '../../shared/app/explain-series.ts';
import type { Gate, WindowTest } from '../../shared/domain/detection/explain.ts';
import type { SeriesExplanation } from '../../shared/domain/detection/series-explanation.ts';
import { BIN_SECONDS } from '../../shared/domain/usage/time.ts';
import { figureText, gateText, unusualNote, WEEK_TEXTS } from '../../shared/render/explain-text.ts';
import { count } from '../../shared/render/number.ts';
import { tableLines } from '../../shared/render/table.ts';
import { plain, wrap } from '../../shared/render/text.ts';
import { datedMomentText, durationText } from '../../shared/render/time.ts';

/** Why each series was told, or was not, in words and bars. */
export const asText = (report: ExplainReport, width: number): string =>
  [
    ...report.series.filter((one) => !isUnread(one, report)).map((one) => seriesText(one, width)),
    ...report.unread.map(({ keyArn, operation, detail }) => {
      return `${plain(keyArn, 200)} ${plain(operation, 40)} could not be read: ${plain(detail, 300)}\n`;
    }),
  ].join('\n');

/** Whether CloudWatch could not be asked about a series, so that nothing is to be said of it. */
export const isUnread = ({ keyArn, operation }: SeriesExplanation, { unread }: ExplainReport): boolean =>
  unread.some((one) => one.keyArn === keyArn && one.operation === operation);

function seriesText(series: SeriesExplanation, width: number): string {
  const { keyArn, alias, operation, bin, requests, band, sentence, stoppedBy, historyWeeks, sensitivity } =
    series;
  const name = plain((alias ?? keyArn).replace(/^alias\//, ''), 64);
  const moment = datedMomentText(Date.parse(bin) / 1000, 'UTC');
  const note = unusualNote(series);
  const edge =
    band.upper === null
      ? 'no number of requests would be told'
      : `an incident would open from ${count(band.upper)} on`;
  return `${[
    `${name} ${plain(operation, 40)}, the ${durationText(BIN_SECONDS)} from ${moment}: ${requestsText(requests)}`,
    '',
    wrap(`${stoppedBy ? 'Not told' : 'Told'}: ${plain(sentence, 400)}.`, width),
    wrap(
      `Usual are ${count(band.expected)}; ${edge}. This rests on ${historyWeeks.toFixed(1)} weeks of history, and on ${count(sensitivity)} accepted false alerts per 100 keys and year.`,
      width,
    ),
    '',
    ...chart(series, width),
    '',
    ...tableLines(GATE_COLUMNS, series.gates.map(gateCells), width),
    '',
    ...tableLines(WINDOW_COLUMNS, series.windows.map(windowCells), width),
    ...(note === undefined ? [] : ['', wrap(note, width)]),
    '',
    plain(keyArn, 200),
  ].join('\n')}\n`;
}

const requestsText = (requests: number | null): string =>
  requests === null ? 'not known' : `${count(requests)} requests`;

const LABEL = 'seven weeks before'.length;
const FIGURE = 9;
const WIDEST = 60;

/** One bar for now and for each week before, all to one scale; the upper edge of now stands in each as a line. */
function chart({ requests, band, sameTime }: SeriesExplanation, width: number): string[] {
  const rows = [
    { label: 'now', requests },
    ...sameTime.map((one, back) => ({ label: WEEK_TEXTS[back] ?? '', requests: one.requests })),
  ];
  const highest = Math.max(1, band.upper ?? 0, ...rows.map((row) => row.requests ?? 0));
  const columns = Math.max(10, Math.min(WIDEST, width - LABEL - FIGURE - 4));
  const edge = band.upper === null ? undefined : Math.round((band.upper / highest) * (columns - 1));
  return [
    ...rows.map((row) => {
      const filled = Math.round(((row.requests ?? 0) / highest) * columns);
      const bar = Array.from({ length: columns }, (_, i) => (i === edge ? '┃' : i < filled ? '█' : ' ')).join(
        '',
      );
      const figure = row.requests === null ? 'not known' : count(row.requests);
      return `${row.label.padEnd(LABEL)}  ${figure.padStart(FIGURE)}  ${bar}`.trimEnd();
    }),
    ...(band.upper === null
      ? []
      : [
          `${''.padEnd(LABEL)}  ${''.padStart(FIGURE)}  ┃ ${count(band.upper)}: from here on it would be told`,
        ]),
  ];
}

const GATE_COLUMNS = [
  { head: 'condition', least: 20 },
  { head: 'met' },
  { head: 'value', align: 'right' },
  { head: 'needed', align: 'right' },
] as const;

function gateCells(gate: Gate): string[] {
  const { asks, value, needed } = gateText(gate);
  return [asks, gate.passed ? 'yes' : 'no', value, needed];
}

const WINDOW_COLUMNS = [
  { head: 'the last' },
  { head: 'requests', align: 'right' },
  { head: 'usual at most', align: 'right' },
  { head: 'most in six weeks', align: 'right' },
  { head: 'goes on' },
  { head: 'how unusual', align: 'right' },
] as const;

const windowCells = ({ windowSeconds, requests, usual, record, goingOn, score }: WindowTest): string[] => [
  durationText(windowSeconds),
  count(requests),
  count(usual),
  record === undefined ? '-' : count(record),
  goingOn ? 'yes' : 'no',
  figureText(score),
];
