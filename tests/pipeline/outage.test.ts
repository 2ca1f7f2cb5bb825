import { describe, expect, it } from 'vitest';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const encrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Encrypt' };
const steady: Trace = (bin) => 300 + (bin % 7);

/** A storm from +1 h to +6 h that is ten times as strong, a page, from +2 h to +3 h. */
const storm: Trace = (bin) => {
  const at = binsAfterStart(bin);
  if (at >= 24 && at < 36) return 600_000;
  return at >= 12 && at < 72 ? 60_000 : 300 + (bin % 7);
};

const isNoReminder = (reason: string): boolean => reason !== 'reminder';

/** The closed incident, which stays with the open ones while it may be reopened. */
async function lastIncident({ ports }: ReturnType<typeof aDetector>) {
  const { open } = await ports.incidents.loadOpen();
  return open.find(({ record }) => record.incident.keyArn === aKeyArn(1))?.record.incident;
}

describe('CloudWatch cannot be read for hours while an incident is open', () => {
  it.each([
    ['of the whole key', [decrypt, encrypt], decrypt],
    ['of one operation', [encrypt], encrypt],
  ])('tells afterwards what happened meanwhile, and counts all of it: %s', async (_, failing, stormy) => {
    const traces = [decrypt, encrypt].map((metric) => ({
      metric,
      requests: metric === stormy ? storm : steady,
    }));
    const undisturbed = aDetector({ traces });
    await undisturbed.runSchedule(START, START + 16 * HOUR);
    const detector = aDetector({ traces });
    await detector.runSchedule(START, START + 1.5 * HOUR);

    for (const metric of failing) detector.metrics.fail(metric, 'internalError');
    await detector.runSchedule(START + 1.5 * HOUR, START + 5 * HOUR);
    for (const metric of failing) detector.metrics.fail(metric, undefined);
    await detector.runSchedule(START + 5 * HOUR, START + 16 * HOUR);

    const told = ['opened', 'escalated', 'resolved'];
    expect(reasonsOf(undisturbed.email.messages).filter(isNoReminder)).toEqual(told);
    expect(reasonsOf(detector.email.messages).filter(isNoReminder)).toEqual(told);
    const [counted, whole] = await Promise.all([detector, undisturbed].map(lastIncident));
    expect(whole?.status).toBe('resolved');
    expect(counted?.tally).toEqual(whole?.tally);
  });
});

describe('a baseline is lost', () => {
  it('although nobody has been told of the storm before, which is told all the same', async () => {
    const brief: Trace = (bin) =>
      binsAfterStart(bin) >= 14 && binsAfterStart(bin) < 24 ? 60_000 : 300 + (bin % 7);
    const detector = aDetector({ traces: [{ metric: decrypt, requests: brief }] });
    await detector.run(START + 180);
    await detector.run(START + HOUR + 180);

    detector.ports.baselines.lose(decrypt.keyArn);
    for (const hours of [3, 4, 5]) await detector.run(START + hours * HOUR + 180);

    expect(reasonsOf(detector.email.messages).filter(isNoReminder)).toContain('opened');
  });
});

describe('runs are missing for most of a day', () => {
  /** Born half an hour after the last run, in a storm of an hour. */
  const newborn: Trace = (bin) =>
    binsAfterStart(bin) >= 18 && binsAfterStart(bin) < 30 ? 60_000 : 300 + (bin % 7);
  const born = { metric: encrypt, requests: newborn, fromBin: binAt(START) + 18 };

  it('and a key that was born and ran away meanwhile is told of all the same', async () => {
    const other: Metric = { kind: 'key', keyArn: aKeyArn(2), operation: 'Decrypt' };
    const detector = aDetector({ traces: [{ metric: other, requests: steady }, born] });
    await detector.runSchedule(START, START + HOUR);

    await detector.run(START + 20 * HOUR + 180);

    expect(reasonsOf(detector.email.messages)).toContain('opened');
  });

  it('but a first run of all digs up no old stories', async () => {
    const detector = aDetector({ traces: [born] });

    await detector.run(START + 20 * HOUR + 180);

    expect(detector.email.messages).toEqual([]);
  });
});
