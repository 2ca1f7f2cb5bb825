import type { BacktestResult } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { factsOf, type KeyDirectory, keyLabel } from '../../shared/domain/assess/key-facts.ts';
import type { Incident } from '../../shared/domain/incident/incident.ts';
import { BIN_SECONDS, BINS_PER_WEEK, type Bin, binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { forecastText } from '../../shared/render/forecast-text.ts';
import { type Column, tableLines } from '../../shared/render/table.ts';
import { plain, wrap } from '../../shared/render/text.ts';
import { durationText } from '../../shared/render/time.ts';
import { NO_PAINT, type Paint, severityPaint } from '../paint.ts';

/** What was replayed, and from which bin on it was judged. */
interface Replayed {
  readonly recording: Recording;
  readonly directory: KeyDirectory;
  readonly fromBin: Bin;
}

/** On a narrow screen the operations go first; when, how loud and how dear stay. */
const columnsOf = (paint: Paint): readonly Column[] => [
  { head: 'opened (UTC)' },
  { head: 'key', least: 16 },
  { head: 'severity', paint: severityPaint(paint) },
  { head: 'for', align: 'right', leaveOut: 2 },
  { head: 'excess', align: 'right' },
  { head: 'peak', align: 'right', leaveOut: 1 },
  { head: 'operations', least: 12, leaveOut: 3 },
];

const MAX_ROWS = 25;

/** The result as people read it: what would have been told, the dearest incidents first. */
export function asTable(
  result: BacktestResult,
  replayed: Replayed,
  width: number,
  paint: Paint = NO_PAINT,
): string {
  const told = result.incidents.filter(({ severity }) => severity !== 'digest');
  const dearest = told.toSorted((a, b) => b.tally.excessUsd - a.tally.excessUsd).slice(0, MAX_ROWS);
  const rows = dearest.map((incident) => cellsOf(incident, replayed));
  const left = told.length - dearest.length;
  return `${[
    ...summary(result, told.length, replayed).map((line) => wrap(line, width)),
    ...(rows.length > 0 ? ['', ...tableLines(columnsOf(paint), rows, width)] : []),
    ...(left > 0 ? [`and ${left} more; --format json or csv lists all`] : []),
  ].join('\n')}\n`;
}

function summary(
  { series, messages, incidents, forecast }: BacktestResult,
  told: number,
  { recording, fromBin }: Replayed,
): string[] {
  const bins = recording.endBin - fromBin;
  const pages = messages.filter(
    ({ kind, severity }) => severity === 'page' && ['opened', 'escalated', 'group'].includes(kind),
  ).length;
  const digests = messages.filter(({ kind }) => kind === 'digest').length;
  return [
    `${series} series, ${recording.rows} rows; judged from ${isoTime(binStart(fromBin))} on: ${stretchText(bins)}.`,
    `You would have heard of ${counted(told, 'incident')} in ${counted(messages.length - digests, 'message')}${pagesText(pages)}; ` +
      `${incidents.length - told} more cost too little to be told at once: daily digests (${digests}) list them.`,
    forecastText(forecast, bins),
  ];
}

/** A page is a message, too. */
const pagesText = (pages: number): string =>
  pages === 0 ? ', none of them a page' : pages === 1 ? ', 1 of them a page' : `, ${pages} of them pages`;

/** `2.0 weeks`; less than one in days and hours. */
const stretchText = (bins: number): string =>
  bins < BINS_PER_WEEK ? durationText(bins * BIN_SECONDS) : `${(bins / BINS_PER_WEEK).toFixed(1)} weeks`;

const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function cellsOf(
  { openedBin, endedBin, keyArn, severity, tally, operations }: Incident,
  { recording, directory }: Replayed,
): string[] {
  const hours = ((endedBin ?? recording.endBin) - openedBin) / 12;
  return [
    isoTime(binStart(openedBin)).slice(0, 16).replace('T', ' '),
    plain(keyLabel(factsOf(directory, keyArn)), 64),
    severity,
    `${hours.toFixed(1)} h`,
    `$${tally.excessUsd.toFixed(2)}`,
    `$${tally.peakUsdPerHour.toFixed(2)}/h`,
    operations.map((operation) => plain(operation, 40)).join(' '),
  ];
}
