import type { MetricSource } from '../shared/app/ports.ts';

const USD_PER_METRIC = 0.01 / 1000;

/** What reading so many metrics costs at most: `1,012 metrics, at most $0.02, read-only`. */
export const metricsCost = (metrics: number): string =>
  `${metrics.toLocaleString('en-US')} ${metrics === 1 ? 'metric' : 'metrics'}, at most $${(Math.ceil(metrics * USD_PER_METRIC * 100) / 100).toFixed(2)}, read-only`;

/** A source that says what its first round of requests asks for, before it makes the first of them. */
export function announced(source: MetricSource, announce: (metrics: number) => void): MetricSource {
  let planned = 0;
  let isTold = false;
  return {
    get metricsRequested() {
      return source.metricsRequested;
    },
    async fetch(batch) {
      planned += batch.metrics.length;
      // A round is asked for in one go, so that all of it is counted when the first request goes on.
      await Promise.resolve();
      if (!isTold) announce(planned);
      isTold = true;
      return source.fetch(batch);
    },
  };
}
