import { describe, expect, it } from 'vitest';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BIN_SECONDS, binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, reasonsOf, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };

/** Requests of every bin of a runaway that begins at START and does not end. */
const RUNAWAY = 60_000;

/** Runs every five minutes for five hours; a bin is published when the second bin after it has ended. */
async function tellLate(requests: number) {
  const { run, recorded, email } = aDetector({
    traces: [{ metric: decrypt, requests: (bin) => 300 + (bin % 7) }],
    until: START,
  });
  for (let at = START; at <= START + 5 * HOUR; at += BIN_SECONDS) {
    const published = binAt(at) - 3;
    if (published >= binAt(START)) recorded.record(decrypt, published, [requests]);
    await run(at + 180);
  }
  return email.messages;
}

describe('where datapoints are ten minutes late', () => {
  it('a reminder tells the newest use that is known, and when that was', async () => {
    const messages = await tellLate(RUNAWAY);

    expect(reasonsOf(messages)).toEqual(['opened', 'reminder']);
    const [, reminder] = messages;
    if (reminder?.kind !== 'incident') throw new Error('no reminder');
    const { facts, at } = reminder.notification;
    expect(facts.operations).toMatchObject([{ operation: 'Decrypt' }]);
    expect(facts.usdPerHour).toBeGreaterThan(2);
    expect(facts.recent.at(-1)).toBe(RUNAWAY);
    expect(binAt(at) - 1 - facts.bin).toBe(2);
    expect(facts.excessUsd).toBeGreaterThan(8);
  });
});
