import type { MetricFault, MetricOutcome, MetricSource } from '../../app/ports.ts';
import { type Metric, metricName } from '../../domain/usage/metric.ts';
import type { MetricBatch } from '../../domain/usage/query-plan.ts';
import { isUnknown, UNKNOWN } from '../../domain/usage/series.ts';
import { BIN_SECONDS } from '../../domain/usage/time.ts';
import type { RecordedMetrics } from './recorded-metrics.ts';

/** Serves recorded metrics, and the faults it was told of. */
export class MemoryMetricSource implements MetricSource {
  readonly #recorded: RecordedMetrics;
  readonly #faults = new Map<string, MetricFault>();
  #metricsRequested = 0;

  constructor(recorded: RecordedMetrics) {
    this.#recorded = recorded;
  }

  get metricsRequested(): number {
    return this.#metricsRequested;
  }

  /** Lets a metric fail from now on; undefined: lets it answer again. */
  fail(metric: Metric, fault: MetricFault | undefined): void {
    if (fault) this.#faults.set(metricName(metric), fault);
    else this.#faults.delete(metricName(metric));
  }

  fetch({
    metrics,
    startBin,
    endBin,
    periodSeconds = BIN_SECONDS,
  }: MetricBatch): Promise<readonly MetricOutcome[]> {
    if (endBin > startBin) this.#metricsRequested += metrics.length;
    return Promise.resolve(
      metrics.map((metric): MetricOutcome => {
        const fault = this.#faults.get(metricName(metric));
        if (fault) return { kind: 'fault', fault, detail: 'made to fail' };
        return {
          kind: 'values',
          values: { startBin, values: this.#sums(metric, startBin, endBin, periodSeconds / BIN_SECONDS) },
        };
      }),
    );
  }

  #sums(metric: Metric, start: number, end: number, binsPerPeriod: number): Float64Array {
    const bins = this.#recorded.read(metric, start * binsPerPeriod, end * binsPerPeriod);
    if (binsPerPeriod === 1) return bins;
    return Float64Array.from({ length: Math.max(0, end - start) }, (_, i) => {
      const known = bins
        .subarray(i * binsPerPeriod, (i + 1) * binsPerPeriod)
        .filter((requests) => !isUnknown(requests));
      return known.length === 0 ? UNKNOWN : known.reduce((sum, requests) => sum + requests, 0);
    });
  }
}
