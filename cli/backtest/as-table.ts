import type { BacktestResult } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { factsOf, type KeyDirectory, keyLabel } from '../../shared/domain/assess/key-facts.ts';
import type { Incident } from '../../shared/domain/incident/incident.ts';
import { BINS_PER_WEEK, type Bin, binStart, isoTime } from '../../shared/domain/usage/time.ts';
import { type Column, tableLines } from '../../shared/render/table.ts';
import { plain, wrap } from '../../shared/render/text.ts';
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
  { series, messages, incidents, forecast: { notices, pages: pagesToCome } }: BacktestResult,
  told: number,
  { recording, fromBin }: Replayed,
): string[] {
  const weeks = (recording.endBin - fromBin) / BINS_PER_WEEK;
  const pages = messages.filter(
    ({ kind, severity }) => severity === 'page' && ['opened', 'escalated', 'group'].includes(kind),
  ).length;
  const digests = messages.filter(({ kind }) => kind === 'digest').length;
  return [
    `${series} series, ${recording.rows} rows; judged from ${isoTime(binStart(fromBin))} on: ${weeks.toFixed(1)} weeks.`,
    `You would have heard of ${counted(told, 'incident')} in ${counted(messages.length - digests, 'message')}, ${pages} of them pages; ` +
      `${incidents.length - told} more cost too little to be told at once: daily digests (${digests}) list them.`,
    `Expect ${notices.low} to ${notices.high} notices and ${pagesToCome.low} to ${pagesToCome.high} pages in the next fortnight (80 %).`,
  ];
}

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
