import { describe, expect, it } from 'vitest';
import type { MetricOutcome, MetricSource } from '../../shared/app/ports.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import type { MetricBatch } from '../../shared/domain/usage/query-plan.ts';
import { binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const SERIES = 2000;
const TIMEOUT_SECONDS = 240;

/** Rate of GetMetricData for data older than three hours, in datapoints a second of the whole account. */
const DATAPOINTS_PER_SECOND = 396_000;
/** How long one full request takes beyond that: a slow answer, so that several runs are needed. */
const SECONDS_PER_REQUEST = 2;

describe('back-fill', () => {
  it('learns 2,000 new series over several runs within the timeout and the rates of the API', async () => {
    const metrics = Array.from(
      { length: SERIES },
      (_, i): Metric => ({ kind: 'key', keyArn: aKeyArn(i), operation: 'Decrypt' }),
    );
    const fromBin = binAt(START) - 72;
    const detector = aDetector({
      traces: metrics.map((metric, i) => ({ metric, requests: (bin) => 5 + ((bin + i) % 3), fromBin })),
      until: START + 3600,
    });
    let now = START;
    let requests = 0;
    const clock = { now: () => now };
    const slow: MetricSource = {
      get metricsRequested() {
        return detector.metrics.metricsRequested;
      },
      fetch(batch: MetricBatch): Promise<readonly MetricOutcome[]> {
        requests++;
        now +=
          (batch.metrics.length * (batch.endBin - batch.startBin)) / DATAPOINTS_PER_SECOND +
          SECONDS_PER_REQUEST;
        return detector.metrics.fetch(batch);
      },
    };
    const ports = { ...detector.ports, metrics: slow, clock };

    const runs: { done: number; remaining: number; seconds: number }[] = [];
    for (let at = START + 180; runs.at(-1)?.remaining !== 0; at += 300) {
      now = at;
      const { backfill, seconds } = await detector.run(at, {}, ports);
      runs.push({ ...backfill, seconds });
      expect(runs.length).toBeLessThan(20);
    }

    expect(runs.length).toBeGreaterThan(1);
    expect(runs.reduce((sum, { done }) => sum + done, 0)).toBe(SERIES);
    expect(Math.max(...runs.map(({ seconds }) => seconds))).toBeLessThan(TIMEOUT_SECONDS);
    expect(await detector.ports.baselines.loadAll()).toHaveLength(SERIES);
    expect(detector.email.messages).toEqual([]);
    // Six series a request, and a few full requests for each run's own look.
    expect(requests).toBeLessThan(SERIES / 6 + 60);
  }, 60_000);
});
