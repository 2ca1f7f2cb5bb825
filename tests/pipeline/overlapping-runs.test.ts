import { describe, expect, it } from 'vitest';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const storm: Trace = (bin) => (binsAfterStart(bin) >= 12 ? 60_000 : 300 + (bin % 7));

describe('two runs that start at once', () => {
  it('send what was pending once, though the second gets the lease when the first has ended', async () => {
    const detector = aDetector({ traces: [{ metric: decrypt, requests: storm }] });
    await detector.runSchedule(START, START + HOUR);
    detector.slack.failWith({ kind: 'retry', reason: 'HTTP 503' });
    await detector.run(START + HOUR + 480);
    expect(reasonsOf(detector.slack.messages)).toEqual([]);

    const at = START + HOUR + 780;
    const { runs } = detector.ports;
    const acquireLease: DetectPorts['runs']['acquireLease'] = async (runId, now, seconds) => {
      await detector.run(at);
      return runs.acquireLease(runId, now, seconds);
    };
    const second = new Proxy<DetectPorts['runs']>(runs, {
      get(target, property) {
        if (property === 'acquireLease') return acquireLease;
        const member: unknown = Reflect.get(target, property, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    await detector.run(at, {}, { ...detector.ports, runs: second });

    expect(reasonsOf(detector.slack.messages)).toEqual(['opened']);
  });
});
