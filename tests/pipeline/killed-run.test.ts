import { describe, expect, it } from 'vitest';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_WEEK, binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const storm: Trace = (bin) =>
  binsAfterStart(bin) >= 12 && binsAfterStart(bin) < 24 ? 60_000 : 300 + (bin % 7);

/** The process has died: nothing that it started afterwards reaches the world. */
class Killed extends Error {
  override name = 'Killed' as const;
}

type Moment = 'before' | 'after';

/** Ports of a process that dies before or after its nth call to the world; -1: it lives. */
function mortal(ports: DetectPorts, dieAt: number, moment: Moment) {
  const calls: string[] = [];
  let dead = false;
  const wrap = <T extends object>(port: T, label: string): T =>
    new Proxy(port, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (dead) throw new Killed();
          calls.push(`${label}.${String(property)}`);
          const isLast = calls.length - 1 === dieAt;
          if (isLast) dead = true;
          if (isLast && moment === 'before') throw new Killed();
          const result: unknown = await member.apply(target, args);
          if (isLast) throw new Killed();
          return result;
        };
      },
    });
  const { clock, log, receivers, ...others } = ports;
  const wrapped = Object.fromEntries(Object.entries(others).map(([name, port]) => [name, wrap(port, name)]));
  return {
    calls,
    ports: {
      ...(wrapped as Omit<DetectPorts, 'clock' | 'log' | 'receivers'>),
      clock,
      log,
      receivers: receivers.map((receiver) => wrap(receiver, receiver.name)),
    },
  };
}

/** An account whose key has run away since the last run, and the run that is to tell it. */
async function beforeTheAlert() {
  const detector = aDetector({
    traces: [{ metric: decrypt, requests: storm, fromBin: binAt(START) - 2 * BINS_PER_WEEK }],
  });
  await detector.runSchedule(START, START + HOUR);
  return detector;
}

async function callsOfTheAlertingRun(): Promise<string[]> {
  const detector = await beforeTheAlert();
  const { ports, calls } = mortal(detector.ports, -1, 'before');
  await detector.run(START + HOUR + 480, {}, ports);
  return calls;
}

describe('a run that is killed at any call', () => {
  it('neither loses an alert nor doubles one beyond the message that was sent and not recorded', async () => {
    const calls = await callsOfTheAlertingRun();
    expect(calls).toContain('incidents.put');
    expect(calls).toContain('slack.send');
    expect(calls).toContain('runs.saveReport');

    for (const moment of ['before', 'after'] as const) {
      for (const [index, call] of calls.entries()) {
        const detector = await beforeTheAlert();
        const { ports } = mortal(detector.ports, index, moment);
        await detector.run(START + HOUR + 480, {}, ports).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });

        await detector.runSchedule(START + HOUR + 300, START + 5 * HOUR);

        const sentUnrecorded =
          (moment === 'after' && call.endsWith('.send')) ||
          (moment === 'before' && call === 'incidents.put' && (calls[index - 1] ?? '').endsWith('.send'));
        for (const receiver of [detector.email, detector.slack]) {
          const wasLast = sentUnrecorded && [call, calls[index - 1]].includes(`${receiver.name}.send`);
          const opened = wasLast ? ['opened', 'opened'] : ['opened'];
          expect({ moment, call, index, told: reasonsOf(receiver.messages) }).toEqual({
            moment,
            call,
            index,
            told: [...opened, 'resolved'],
          });
        }
      }
    }
  });

  it('leaves a baseline that has learned every bin once', async () => {
    const whole = await beforeTheAlert();
    await whole.runSchedule(START + HOUR, START + 4 * HOUR);
    const calls = await callsOfTheAlertingRun();

    for (const index of calls.keys()) {
      const detector = await beforeTheAlert();
      const { ports } = mortal(detector.ports, index, 'after');
      await detector.run(START + HOUR + 480, {}, ports).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });

      await detector.runSchedule(START + HOUR + 300, START + 4 * HOUR);

      expect(await baselineOf(detector)).toEqual(await baselineOf(whole));
    }
  });
});

async function baselineOf({ ports }: Awaited<ReturnType<typeof beforeTheAlert>>) {
  const [key] = await ports.baselines.loadAll();
  return key?.operations.get('Decrypt')?.baseline;
}
