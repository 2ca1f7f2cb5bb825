import { describe, expect, it } from 'vitest';
import { boundedReport } from '../../../shared/adapters/bounded-report.ts';
import type { RunReport } from '../../../shared/domain/run-report.ts';

const aReport = (over: Partial<RunReport> = {}): RunReport => ({
  runId: 'run-1',
  asOf: '2026-11-25T02:18:00Z',
  startedAt: '2026-11-25T02:18:04Z',
  seconds: 7.25,
  keys: 5,
  series: 9,
  normal: 5,
  breaching: 0,
  insufficientData: {},
  notChecked: {},
  excluded: 0,
  incidents: [],
  delivery: { left: 'another run is sending', run: 'run-0' },
  unresolved: [],
  backfill: { done: 0, remaining: 0 },
  stale: [],
  metricsRequested: 9,
  ...over,
});

describe('a stored report', () => {
  it('is the report itself when it is small', () => {
    const report = aReport({
      notChecked: { throttled: { count: 2, examples: ['a', 'b'] } },
      unresolved: ['alias/x'],
    });

    expect(boundedReport(report)).toEqual(report);
  });

  it('keeps the count of a reason when its examples are cut', () => {
    const examples = Array.from({ length: 70 }, (_, i) => `key ${i}`);

    const { notChecked } = boundedReport(aReport({ notChecked: { throttled: { count: 700, examples } } }));

    expect(notChecked).toEqual({ throttled: { count: 700, examples: examples.slice(0, 50) } });
  });

  it('cuts long lists and long texts', () => {
    const failures = Array.from({ length: 300 }, () => ({ receiver: 'slack', reason: 'x'.repeat(10_000) }));
    const delivery = { sent: 0, pending: 300, noAudience: 0, gaveUp: 0, digestOnly: 0, failures };
    const unresolved = Array.from({ length: 5000 }, (_, i) => `alias/${i}`);

    const report = boundedReport(aReport({ delivery, unresolved, stale: ['y'.repeat(501)] }));

    expect(JSON.stringify(report).length).toBeLessThan(60_000);
    expect(report.unresolved).toEqual(unresolved.slice(0, 100));
    expect(report.stale).toEqual([`${'y'.repeat(499)}…`]);
  });

  it('leaves the report it was given alone', () => {
    const report = aReport({ stale: ['y'.repeat(501)] });
    const before = structuredClone(report);

    boundedReport(report);

    expect(report).toEqual(before);
  });
});
