import { describe, expect, it } from 'vitest';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import type { Receiver, SendOutcome } from '../../shared/app/ports.ts';
import { readStatus } from '../../shared/app/status.ts';
import type { Message } from '../../shared/domain/incident/message.ts';
import type { EpochSeconds } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const MINUTE = 60;
const HOUR = 3600;
const KEY = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' } as const;

const isNews = (reason: string): boolean => reason !== 'WELCOME' && reason !== 'reminder';

/** A storm of so many requests a bin for half an hour, an hour after START. */
const stormOf =
  (requests: number): Trace =>
  (bin) =>
    binsAfterStart(bin) >= 12 && binsAfterStart(bin) < 18 ? requests : 300 + (bin % 7);

describe('messages of one incident', () => {
  it('reach a receiver in their order, although the first is refused when the next is due', async () => {
    const detector = aDetector({ traces: [{ metric: KEY, requests: stormOf(600_000) }] });
    let isMended = false;
    const refusing = answering(new MemoryReceiver({ name: 'pagerduty' }), () =>
      isMended ? undefined : { kind: 'refused', reason: 'wrong integration key' },
    );
    const ports = { ...detector.ports, receivers: [refusing.receiver] };

    await schedule(detector, ports, START, START + 4 * HOUR);
    isMended = true;
    await schedule(detector, ports, START + 4 * HOUR, START + 5 * HOUR);

    const heard = reasonsOf(refusing.sent).filter(isNews);
    expect(heard.at(0)).toBe('opened');
    expect(heard.at(-1)).toBe('resolved');
    expect(new Set(heard).size).toBe(heard.length);
  });

  it('are not told any more where the budget held them back and a page went past', async () => {
    const worse: Trace = (bin) =>
      binsAfterStart(bin) >= 18 && binsAfterStart(bin) < 36 ? 600_000 : stormOf(60_000)(bin);
    const noise = [2, 3].map((key) => ({
      metric: { ...KEY, keyArn: aKeyArn(key) },
      requests: (bin: number) => (binsAfterStart(bin) === 11 ? 60_000 : 300),
    }));
    const detector = aDetector({
      traces: [...noise, { metric: KEY, requests: worse }],
      maxMessagesPerHour: 1,
    });
    await schedule(detector, detector.ports, START + 50 * MINUTE, START + 3.8 * HOUR);

    const about = detector.email.messages.filter(
      (message) => message.kind === 'incident' && message.key.keyArn === KEY.keyArn,
    );
    const grouped = detector.email.messages.filter((message) => message.kind === 'group');
    expect(reasonsOf(about).slice(0, 1)).toEqual(['escalated']);
    expect(JSON.stringify(grouped)).not.toContain(KEY.keyArn);
    expect(await readStatus(detector.ports)).toMatchObject({ deadReceivers: [] });
  });
});

describe('a receiver that does not answer', () => {
  it('keeps nobody else waiting', async () => {
    const keys = Array.from({ length: 24 }, (_, i) => aKeyArn(i + 1));
    const detector = aDetector({
      traces: keys.map((keyArn, i) => ({
        metric: { ...KEY, keyArn },
        requests: (bin: number) => (i === 0 ? stormOf(600_000)(bin - 30) : stormOf(60_000)(bin)),
      })),
    });
    let isDown = false;
    const hanging = answering(new MemoryReceiver({ name: 'slack' }), () => {
      if (!isDown) return undefined;
      detector.ports.clock.set(detector.ports.clock.now() + 10);
      return { kind: 'retry', reason: 'no answer within 10 s' };
    });
    const pages = new MemoryReceiver({ name: 'pagerduty', severities: ['page'] });
    const ports = { ...detector.ports, receivers: [hanging.receiver, pages] };

    await schedule(detector, ports, START + 50 * MINUTE, START + 2.5 * HOUR);
    isDown = true;
    const runs = await schedule(detector, ports, START + 2.5 * HOUR, START + 5 * HOUR);

    expect(reasonsOf(pages.messages).filter(isNews)).toContain('escalated');
    expect(Math.max(...runs)).toBeLessThanOrEqual(20);
  });
});

/** A receiver that answers as it is told, or takes the message. */
function answering(taking: MemoryReceiver, outcome: () => SendOutcome | undefined) {
  const sent: Message[] = taking.messages;
  const receiver: Receiver = {
    name: taking.name,
    severities: taking.severities,
    groups: taking.groups,
    send: (message) => {
      const instead = outcome();
      return instead ? Promise.resolve(instead) : taking.send(message);
    },
  };
  return { receiver, sent };
}

/** Runs every five minutes; how many seconds each took by the clock. */
async function schedule(
  detector: ReturnType<typeof aDetector>,
  ports: Parameters<ReturnType<typeof aDetector>['run']>[2],
  from: EpochSeconds,
  to: EpochSeconds,
): Promise<number[]> {
  const seconds: number[] = [];
  for (let at = from + 180; at <= to; at += 300) {
    await detector.run(at, {}, ports);
    seconds.push(detector.ports.clock.now() - at);
  }
  return seconds;
}
