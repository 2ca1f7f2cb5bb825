import type { BacktestResult } from '../../shared/app/backtest.ts';
import type { Recording } from '../../shared/app/recording.ts';
import { factsOf, type KeyDirectory, keyLabel } from '../../shared/domain/assess/key-facts.ts';
import { BINS_PER_WEEK, type Bin, binStart, isoTime } from '../../shared/domain/usage/time.ts';

/** The result as people read it: what would have been told, the dearest incidents first. */
export function asTable(
  result: BacktestResult,
  recording: Recording,
  directory: KeyDirectory,
  fromBin: Bin,
): string {
  const weeks = (recording.endBin - fromBin) / BINS_PER_WEEK;
  const loud = result.messages.filter(
    ({ kind }) => kind === 'opened' || kind === 'escalated' || kind === 'group',
  );
  const pages = loud.filter(({ severity }) => severity === 'page').length;
  const digests = result.messages.filter(({ kind }) => kind === 'digest').length;
  const told = result.incidents.filter(({ severity }) => severity !== 'digest');
  const lines = [
    `${result.series} series, ${recording.rows} rows; judged from ${isoTime(binStart(fromBin))} on: ${weeks.toFixed(1)} weeks.`,
    `You would have heard of ${told.length} incidents in ${result.messages.length - digests} messages, ${pages} of them pages; ` +
      `${result.incidents.length - told.length} more cost too little to be told at once: daily digests (${digests}) list them.`,
  ];
  const { notices, pages: pagesToCome } = result.forecast;
  lines.push(
    `Expect ${notices.low} to ${notices.high} notices and ${pagesToCome.low} to ${pagesToCome.high} pages in the next fortnight (80 %).`,
  );
  const dearest = told.toSorted((a, b) => b.tally.excessUsd - a.tally.excessUsd).slice(0, MAX_ROWS);
  if (dearest.length > 0)
    lines.push('', row(['opened', 'key', 'severity', 'for', 'excess', 'peak', 'operations']));
  for (const { openedBin, endedBin, keyArn, severity, tally, operations } of dearest) {
    const hours = ((endedBin ?? recording.endBin) - openedBin) / 12;
    lines.push(
      row([
        isoTime(binStart(openedBin)).slice(0, 16).replace('T', ' '),
        keyLabel(factsOf(directory, keyArn)).slice(0, 24),
        severity,
        `${hours.toFixed(1)} h`,
        `$${tally.excessUsd.toFixed(2)}`,
        `$${tally.peakUsdPerHour.toFixed(2)}/h`,
        operations.join(' '),
      ]),
    );
  }
  if (told.length > dearest.length)
    lines.push(`and ${told.length - dearest.length} more; --format json lists all`);
  return `${lines.join('\n')}\n`;
}

const MAX_ROWS = 25;
const WIDTHS = [16, 24, 8, 8, 10, 11] as const;

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, i) =>
      WIDTHS[i] === undefined ? cell : i >= 3 ? cell.padStart(WIDTHS[i]) : cell.padEnd(WIDTHS[i]),
    )
    .join('  ');
