import type { Clock, MetricDirectory } from '../../app/ports.ts';
import type { Metric } from '../../domain/usage/metric.ts';
import { BINS_PER_HOUR, BINS_PER_WEEK, binAt } from '../../domain/usage/time.ts';
import type { RecordedMetrics } from './recorded-metrics.ts';

/** Lists recorded metrics as CloudWatch does: those with datapoints in the last three hours, or the last two weeks. */
export class MemoryMetricDirectory implements MetricDirectory {
  readonly #recorded: RecordedMetrics;
  readonly #clock: Clock;

  constructor(recorded: RecordedMetrics, clock: Clock) {
    this.#recorded = recorded;
    this.#clock = clock;
  }

  listMetrics(span: 'recentlyActive' | 'all'): Promise<Metric[]> {
    const endBin = binAt(this.#clock.now()) + 1;
    const bins = span === 'all' ? 2 * BINS_PER_WEEK : 3 * BINS_PER_HOUR;
    return Promise.resolve(this.#recorded.active(endBin - bins, endBin));
  }
}
