import { describe, expect, it } from 'vitest';
import { detect } from '../../shared/app/detect.ts';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const KEYS = 28;
/** A run reads this many keys, then looks at its watch: reading may take half of its time. */
const TOGETHER = 10;
const SECONDS_A_READ = 100;
const RUN_SECONDS = 160;
const LAST = aKeyArn(KEYS - 1);

const metricOf = (index: number): Metric => ({ kind: 'key', keyArn: aKeyArn(index), operation: 'Decrypt' });

/** $27 an hour from START on. */
const storm = (bin: number) => (binsAfterStart(bin) >= 0 ? 750_000 : 10);

/** An account of new keys, the last of which runs away, and a CloudWatch that takes its time. */
function aSlowAccount() {
  const detector = aDetector({
    traces: Array.from({ length: KEYS }, (_, index) => ({
      metric: metricOf(index),
      requests: index === KEYS - 1 ? storm : () => 10,
      fromBin: binAt(START) - 3,
    })),
    until: START + 7200,
  });
  const { metrics } = detector.ports;
  const read: Set<string>[] = [];
  let now = START;
  const ports: DetectPorts = {
    ...detector.ports,
    clock: { now: () => now },
    metrics: {
      get metricsRequested() {
        return metrics.metricsRequested;
      },
      fetch(batch) {
        for (const metric of batch.metrics) if (metric.kind === 'key') read.at(-1)?.add(metric.keyArn);
        now += SECONDS_A_READ;
        return metrics.fetch(batch);
      },
    },
  };
  const run = (at: number): Promise<RunReport> => {
    now = at;
    read.push(new Set());
    const when = { asOf: at, deadline: at + RUN_SECONDS };
    const request = { ...when, runId: `run-${at}`, replay: false, lookbackSeconds: 0, notify: true };
    return detect(ports, { ...detector.settings, metricsReadTogether: TOGETHER }, request);
  };
  /** As many scheduled runs, the first one ten minutes after START. */
  const runs = async (count: number): Promise<RunReport[]> => {
    const reports: RunReport[] = [];
    for (let i = 0; i < count; i++) reports.push(await run(START + 780 + 300 * i));
    return reports;
  };
  return { runs, read };
}

describe('a run whose time is too short for all keys', () => {
  it('reads what it can, says what it left, and the next runs go on from there until each key was read', async () => {
    const { runs, read } = aSlowAccount();

    const reports = await runs(3);

    expect(reports.map(({ resumeAt }) => resumeAt)).toEqual([aKeyArn(10), aKeyArn(20), aKeyArn(2)]);
    expect(reports.map(({ notChecked }) => notChecked['outOfTime']?.count)).toEqual([18, 18, 18]);
    expect(reports[0]?.notChecked['outOfTime']?.examples[0]).toBe(aKeyArn(10));
    expect(new Set(read.flatMap((keys) => [...keys])).size).toBe(KEYS);
    for (const { keys, normal, breaching, insufficientData, notChecked } of reports) {
      const others = [...Object.values(insufficientData), ...Object.values(notChecked)];
      expect(keys).toBe(KEYS);
      expect(normal + breaching + others.reduce((sum, { count }) => sum + count, 0)).toBe(KEYS);
    }
  });

  it('finds the storm on the key that comes last, and reads that key in every run from then on', async () => {
    const { runs, read } = aSlowAccount();

    const reports = await runs(6);

    expect(reports.map(({ breaching }) => breaching)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(read.slice(2).every((keys) => keys.has(LAST))).toBe(true);
    expect(new Set(read.slice(3).flatMap((keys) => [...keys])).size).toBe(KEYS);
  });
});
