import { entryOf } from '../../shared/domain/entry-of.ts';
import { monthlyCost } from '../../shared/domain/own-cost.ts';
import type { Counted, ReportedIncident, RunReport } from '../../shared/domain/run-report.ts';
import { reasonText } from '../../shared/render/incident-reason.ts';
import { count, times, usd } from '../../shared/render/number.ts';
import { type Column, tableLines } from '../../shared/render/table.ts';
import { plain, wrap } from '../../shared/render/text.ts';
import { momentText } from '../../shared/render/time.ts';
import { RUN_METRICS } from '../../shared/run-metrics.ts';
import { NO_PAINT, type Paint, severityPaint } from '../paint.ts';
import type { Drawn } from './as-page.ts';

/** A check of one Region, and who made it. */
export interface Checked {
  readonly region: string;
  readonly report: RunReport;
  readonly from: 'function' | 'account' | 'simulation';
  /** For a page. */
  readonly drawn?: Drawn | undefined;
}

/** On a narrow screen the operations go first; when, how loud and how dear stay. */
const columnsOf = (paint: Paint): readonly Column[] => [
  { head: 'opened (UTC)' },
  { head: 'key', least: 16 },
  { head: 'severity', paint: severityPaint(paint) },
  { head: 'status', leaveOut: 2 },
  { head: 'excess', align: 'right' },
  { head: 'an hour', align: 'right', leaveOut: 1 },
  { head: 'usual', align: 'right', leaveOut: 3 },
  { head: 'operations', least: 12, leaveOut: 4 },
];

const SHOWN = 25;
const SCHEDULE_MINUTES = 5;

/** A check as people read it, in lines of at most `width` characters where that is possible. */
export function asTable(checked: Checked, width: number, paint: Paint = NO_PAINT): string {
  const { region, report } = checked;
  const incidents = report.incidents.toSorted((a, b) => b.excessUsd - a.excessUsd);
  const shown = incidents.slice(0, SHOWN);
  const wrapped = (line: string) => wrap(line, width);
  const head = `${region}, ${momentText(Date.parse(report.asOf) / 1000, 'UTC')}: ${count(report.keys)} ${report.keys === 1 ? 'key' : 'keys'}, ${count(report.series)} series; ${count(report.normal)} as usual, ${count(report.breaching)} running away.`;
  const table = shown.length > 0 ? ['', ...tableLines(columnsOf(paint), shown.map(cellsOf), width), ''] : [];
  const text = [
    ...shown.flatMap((one) => {
      const reason = reasonText(one);
      return reason === undefined ? [] : [`${nameOf(one)}, ${reason}`];
    }),
    ...(incidents.length > SHOWN ? [`And ${incidents.length - SHOWN} more; --format json lists all.`] : []),
    ...reasons('Not known yet', report.insufficientData),
    ...reasons('NOT CHECKED', report.notChecked),
    ...report.unresolved.map((pattern) => `The policy names ${plain(pattern, 80)}, which no key has.`),
    ...deliveryLines(checked),
    ...costLines(checked),
  ];
  return `${[wrapped(head), ...table, ...text.map(wrapped)].join('\n')}\n`;
}

const cellsOf = (one: ReportedIncident): string[] => [
  one.openedAt.slice(0, 16).replace('T', ' '),
  nameOf(one),
  one.severity,
  one.status,
  usd(one.excessUsd),
  `+${usd(one.usdPerHour)}`,
  times(one.ratio),
  one.operations.map((operation) => plain(operation, 40)).join(' '),
];

const nameOf = ({ alias, keyArn }: ReportedIncident): string =>
  plain((alias ?? keyArn).replace(/^alias\//, ''), 64);

/** What the report's words mean to somebody who reads them for the first time; the others speak for themselves. */
const REASONS: Readonly<Record<string, string>> = {
  backfillPending: 'whose history is still being read',
  young: 'too new to be compared with themselves',
  unknown: 'of which CloudWatch tells nothing at the moment',
  noSettledBin: 'without five minutes that are complete',
};

export const reasons = (what: string, counted: Readonly<Record<string, Counted>>): string[] =>
  Object.entries(counted).map(([reason, { count: n, examples }]) => {
    return `${what}: ${count(n)} ${entryOf(REASONS, reason) ?? plain(reason, 60)} (${examples
      .slice(0, 3)
      .map((one) => plain(one, 120))
      .join('; ')}).`;
  });

export function deliveryLines({ report: { delivery }, from }: Checked): string[] {
  if (from !== 'function')
    return ['Read-only: nobody was told and nothing was written; mutes and acceptances are not known here.'];
  if ('left' in delivery) return [`Nobody was told: ${plain(delivery.left, 120)}.`];
  const { sent, pending, failures } = delivery;
  return [
    `${count(sent)} messages sent, ${count(pending)} pending.`,
    ...failures.map(({ receiver, reason }) => `${plain(receiver, 64)} failed: ${plain(reason, 200)}.`),
  ];
}

/** What the detector itself would cost for these keys. */
export function costLines({ report: { keys, series }, from }: Checked): string[] {
  if (from === 'function') return [];
  const deployment = { keys, series, scheduleMinutes: SCHEDULE_MINUTES, slack: true };
  const { total, getMetricData } = monthlyCost(deployment, Object.keys(RUN_METRICS).length);
  return [
    `Watching these keys every ${SCHEDULE_MINUTES} minutes costs about ${usd(total)} a month, ${usd(getMetricData)} of it for reading CloudWatch (list prices, without free tiers).`,
  ];
}
