import type { CallerQuestion } from '../../app/ports.ts';
import type { Callers } from '../../domain/callers/callers.ts';
import type { KeyEvent } from '../../domain/callers/key-event.ts';
import { sampleOf } from '../../domain/callers/sample.ts';
import { HOUR_SECONDS } from '../../domain/usage/time.ts';
import type { PageOutcome } from './cloudtrail-lookup.ts';

/** Events of the last hour may still come: CloudTrail is minutes late. */
const LATE_SECONDS = HOUR_SECONDS;

/** What is asked, and what has been read for it so far. */
export interface Reading {
  readonly question: CallerQuestion;
  readonly untilMs: number;
  readonly events: KeyEvent[];
  readonly unreadable: Set<string>;
  pages: number;
  /** What ended the reading early. */
  stopped?: Exclude<PageOutcome, { kind: 'page' }>;
}

/** The sample, or why the reading was cut short before there was one; undefined: CloudTrail shows no use. */
export function answerOf({
  events,
  unreadable,
  stopped,
  question: { from, to },
}: Reading): Callers | undefined {
  const sample = sampleOf(events.filter(({ at }) => at >= from && at < to));
  if (sample) {
    return {
      kind: 'known',
      sample: { ...sample, ...(unreadable.size > 0 ? { unreadable: unreadable.size } : {}) },
    };
  }
  if (unreadable.size > 0) {
    const which = unreadable.size === 1 ? 'an event that' : `${unreadable.size} events that`;
    return unknownCallers(`CloudTrail shows ${which} cannot be read`);
  }
  return stopped && becauseOf(stopped);
}

function becauseOf(stopped: NonNullable<Reading['stopped']>): Callers {
  if (stopped.kind === 'late') return unknownCallers('there was no time left to look into CloudTrail', true);
  switch (stopped.fault) {
    case 'forbidden':
      return unknownCallers(
        `the detector may not read CloudTrail: it needs cloudtrail:LookupEvents (${stopped.detail})`,
      );
    case 'throttled':
      return unknownCallers(
        'CloudTrail allows two look-ups a second for the whole account, and others have used them up',
        true,
      );
    case 'internalError':
    case 'incomplete':
    case 'unreachable':
      return unknownCallers(`CloudTrail did not answer (${stopped.detail})`, true);
    default:
      return stopped.fault satisfies never;
  }
}

/** CloudTrail shows no use: it may be late, unless the time is long past. */
export const nothingYet = ({ question: { to } }: Reading, now: number): Callers =>
  to > now - LATE_SECONDS
    ? unknownCallers('CloudTrail shows no use of the key yet: its events come minutes late', true)
    : unknownCallers('CloudTrail shows no use of the key in this time');

/** Nobody is known, and why. */
export const unknownCallers = (why: string, mayCome = false): Callers => ({ kind: 'unknown', why, mayCome });
