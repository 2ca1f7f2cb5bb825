import { describe, expect, it } from 'vitest';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;

const metricOf = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });

/** A steady 300 requests a bin; 60,000 a bin between these bins after START. */
const storm =
  (...spans: readonly (readonly [from: number, to: number])[]): Trace =>
  (bin) => {
    const after = binsAfterStart(bin);
    return spans.some(([from, to]) => after >= from && after < to) ? 60_000 : 300 + (bin % 7);
  };

/** Runs the schedule with one receiver that says where its messages are, until everything has been told. */
async function tell(traces: readonly Trace[], hours: number): Promise<MemoryReceiver> {
  const { run, ports } = aDetector({
    traces: traces.map((requests, n) => ({ metric: metricOf(n + 1), requests })),
    until: START + (hours + 1) * HOUR,
  });
  const receiver = new MemoryReceiver({ name: 'slack', references: true });
  for (let at = START + 180; at <= START + hours * HOUR; at += 300) {
    await run(at, {}, { ...ports, receivers: [receiver] });
  }
  return receiver;
}

describe('where a message of an incident is', () => {
  it('is told with the next one of that incident, and forgotten with the incident', async () => {
    const { messages, earlier } = await tell([storm([12, 24], [360, 372])], 37);

    expect(reasonsOf(messages)).toEqual(['opened', 'resolved', 'opened', 'resolved']);
    expect(earlier).toEqual([undefined, 'at 1', undefined, 'at 3']);
  });

  it('is the same for all that were told together', async () => {
    const { messages, earlier } = await tell([storm([12, 24]), storm([12, 24]), storm([12, 24])], 6);

    expect(reasonsOf(messages)).toEqual(['group', 'resolved', 'resolved', 'resolved']);
    expect(earlier).toEqual([undefined, 'at 1', 'at 1', 'at 1']);
  });
});
