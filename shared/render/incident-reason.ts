import type { ReportedIncident } from '../domain/run-report.ts';
import { plain } from './text.ts';

/** Longest reason that is printed. */
const MAX_REASON = 300;

/**
 * Why an incident was told, with when that was: its figures are those of that moment, and others now. Undefined: the
 * check saw nothing happen to it.
 */
export function reasonText({
  reason,
  event,
  openedAt,
}: Pick<ReportedIncident, 'reason' | 'event' | 'openedAt'>): string | undefined {
  if (reason === '') return undefined;
  const held = plain(reason, MAX_REASON).replace(/^(the last [a-z0-9 ]+) hold /, '$1 held ');
  switch (event) {
    case 'opened':
      return `when it opened (${openedAt.slice(11, 16)} UTC): ${held}.`;
    case 'escalated':
      return `when it last got worse: ${held}.`;
    case 'updated':
      return `when it had lasted two days: ${held}.`;
    case 'resolved':
      return `when it ended: ${held}.`;
    case undefined:
      return `${held}.`;
    default:
      return event satisfies never;
  }
}
