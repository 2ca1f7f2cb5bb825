import { describe, expect, it } from 'vitest';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decryptOf = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });
const storm: Trace = (bin) =>
  binsAfterStart(bin) >= 12 && binsAfterStart(bin) < 24 ? 60_000 : 300 + (bin % 7);
const BAD = aKeyArn(1);

class ItemTooLargeError extends Error {
  override name = 'ItemTooLargeError' as const;
}
const tooLarge = () =>
  Promise.reject(new ItemTooLargeError('Item size has exceeded the maximum allowed size'));

/** Two keys that run away at the same time, learned, and not told of yet. */
async function twoInTrouble() {
  const detector = aDetector({ traces: [1, 2].map((n) => ({ metric: decryptOf(n), requests: storm })) });
  await detector.runSchedule(START, START + HOUR);
  return detector;
}

/** The ports of a detector with another way of doing one thing. */
const withPort = <Name extends keyof DetectPorts>(
  ports: DetectPorts,
  name: Name,
  changes: Partial<DetectPorts[Name]>,
): DetectPorts => {
  const port: object = ports[name];
  const changed = new Proxy(port, {
    get: (target, property) => {
      const member: unknown = Reflect.get(changes, property) ?? Reflect.get(target, property, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { ...ports, [name]: changed };
};

describe('what cannot be stored of one key', () => {
  it('costs no other key its alert, and the key is reported by name', async () => {
    const detector = await twoInTrouble();
    const { incidents } = detector.ports;
    const ports = withPort(detector.ports, 'incidents', {
      put: (record, version) =>
        record.incident.keyArn === BAD ? tooLarge() : incidents.put(record, version),
    });

    const report = await detector.run(START + HOUR + 480, {}, ports);

    const told = detector.email.messages.map((message) => message.kind === 'incident' && message.key.keyArn);
    expect(told).toEqual([aKeyArn(2)]);
    expect(report).toMatchObject({
      keys: 2,
      breaching: 1,
      notChecked: { incidentNotStored: { count: 1 } },
      delivery: { sent: 2 },
    });
    expect(report.notChecked['incidentNotStored']?.examples[0]).toContain('ItemTooLargeError');
    expect(detector.log.entries.filter(({ level }) => level === 'error')).toHaveLength(1);

    await detector.run(START + HOUR + 780);
    expect(reasonsOf(detector.email.messages)).toEqual(['opened', 'opened']);
  });

  it('is learned by a later run, and the report of this one is kept', async () => {
    const detector = await twoInTrouble();
    const { baselines } = detector.ports;
    const ports = withPort(detector.ports, 'baselines', {
      save: (key) => (key.keyArn === BAD ? tooLarge() : baselines.save(key)),
    });

    const report = await detector.run(START + 3 * HOUR + 480, {}, ports);

    expect(report).toMatchObject({ keys: 2, notChecked: { baselineNotStored: { count: 1 } } });
    expect((await detector.ports.runs.lastReport())?.runId).toBe(report.runId);
    const learned = (await baselines.loadAll()).map(({ operations }) => operations.get('Decrypt')?.baseline);
    const [bad, good] = learned.map((baseline) => baseline?.learnedThrough ?? 0);
    expect((good ?? 0) - (bad ?? 0)).toBe(2);
    await detector.run(START + 3 * HOUR + 780);
    const [mended] = await baselines.loadAll();
    expect(mended?.operations.get('Decrypt')?.baseline.learnedThrough).toBe(good);
  });
});

describe('what became of a message cannot be stored', () => {
  it('and every receiver hears of every key all the same', async () => {
    const detector = await twoInTrouble();
    const { incidents } = detector.ports;
    const ports = withPort(detector.ports, 'incidents', {
      put: (record, version) =>
        record.notifications.some(({ deliveries }) => deliveries.some(({ attempts }) => attempts > 0))
          ? tooLarge()
          : incidents.put(record, version),
    });

    const report = await detector.run(START + HOUR + 480, {}, ports);

    for (const receiver of [detector.email, detector.slack])
      expect(reasonsOf(receiver.messages)).toEqual(['opened', 'opened']);
    expect(report.delivery).toMatchObject({
      sent: 4,
      failures: [{ receiver: 'sns', reason: expect.stringContaining('may be repeated') }, {}, {}, {}],
    });
  });

  it('and a budget that cannot be counted holds nothing back', async () => {
    const detector = await twoInTrouble();
    const fail = () => Promise.reject(new Error('throttled'));
    const ports = withPort(detector.ports, 'runs', { budgetUse: fail, saveBudgetUse: fail });

    await detector.run(START + HOUR + 480, {}, ports);

    for (const receiver of [detector.email, detector.slack])
      expect(reasonsOf(receiver.messages)).toEqual(['opened', 'opened']);
  });
});
