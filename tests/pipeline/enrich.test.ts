import { describe, expect, it } from 'vitest';
import type { Callers } from '../../shared/domain/callers/callers.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;

/** 60,000 requests a bin for four hours from an hour after START on. */
const storm: Trace = (bin) =>
  binsAfterStart(bin) >= 12 && binsAfterStart(bin) < 60 ? 60_000 : 300 + (bin % 7);

const NOT_YET: Callers = { kind: 'unknown', why: 'CloudTrail shows no events yet', mayCome: true };
const KNOWN: Callers = {
  kind: 'known',
  sample: {
    events: 400,
    from: START,
    to: START + HOUR,
    callers: [{ name: 'role/etl', events: 332, share: 0.83, low: 0.79, high: 0.86 }],
    purposes: [],
    operations: { Decrypt: 400 },
    refused: {},
  },
};

/** A detector of keys that all run away at the same time. */
const inTrouble = (keys = 1) =>
  aDetector({
    traces: Array.from({ length: keys }, (_, i) => ({
      metric: { kind: 'key', keyArn: aKeyArn(i + 1), operation: 'Decrypt' } as const,
      requests: storm,
    })),
  });

const callersIn = (message: Message | undefined) =>
  message?.kind === 'incident' ? message.insight?.callers.kind : undefined;

describe('who is calling', () => {
  it('is in the opening, if CloudTrail knows it by then', async () => {
    const { runSchedule, callers, email } = inTrouble();
    callers.answer = KNOWN;

    await runSchedule(START, START + 8 * HOUR);

    expect(reasonsOf(email.messages)).toEqual(['opened', 'reminder', 'resolved']);
    expect(email.messages.map(callersIn)).toEqual(['known', 'known', 'known']);
    expect(callers.questions).toHaveLength(1);
  });

  it('is told once in an update to those who heard of the opening, if it comes later', async () => {
    const { runSchedule, callers, email, slack } = inTrouble();
    callers.answer = NOT_YET;
    await runSchedule(START, START + 1.25 * HOUR);
    callers.answer = KNOWN;

    await runSchedule(START + 1.25 * HOUR, START + 3 * HOUR);

    expect(reasonsOf(email.messages)).toEqual(['opened', 'updated']);
    expect(reasonsOf(slack.messages)).toEqual(['opened', 'updated']);
    expect(email.messages.map(callersIn)).toEqual(['unknown', 'known']);
  });

  it('is looked for during an hour, and then no more', async () => {
    const { runSchedule, callers, email } = inTrouble();
    callers.answer = NOT_YET;

    await runSchedule(START, START + 2.5 * HOUR);
    const asked = callers.questions.length;
    callers.answer = KNOWN;
    await runSchedule(START + 2.5 * HOUR, START + 4 * HOUR);

    expect(asked).toBeGreaterThanOrEqual(11);
    expect(asked).toBeLessThanOrEqual(13);
    expect(callers.questions).toHaveLength(asked);
    expect(reasonsOf(email.messages)).toEqual(['opened']);
  });

  it('is not looked for again where looking is forbidden', async () => {
    const { runSchedule, callers, email } = inTrouble();
    callers.answer = { kind: 'unknown', why: 'AccessDenied: cloudtrail:LookupEvents', mayCome: false };

    await runSchedule(START, START + 3 * HOUR);

    expect(callers.questions).toHaveLength(1);
    expect(reasonsOf(email.messages)).toEqual(['opened']);
  });

  it('is asked of the five dearest of many keys, and nobody gets an update for each of the others', async () => {
    const { runSchedule, callers, email } = inTrouble(12);
    callers.answer = KNOWN;

    await runSchedule(START, START + 2 * HOUR);

    expect(callers.questions).toHaveLength(5);
    expect(reasonsOf(email.messages)).toEqual(['group']);
  });
});
