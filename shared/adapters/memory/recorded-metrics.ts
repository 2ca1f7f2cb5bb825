import { type Metric, metricName } from '../../domain/usage/metric.ts';
import { isUnknown, UNKNOWN } from '../../domain/usage/series.ts';
import type { Bin } from '../../domain/usage/time.ts';

interface Recording {
  readonly metric: Metric;
  startBin: Bin;
  values: Float64Array;
}

/** Requests of metrics in memory: what CloudWatch is to the real directory and source. */
export class RecordedMetrics {
  readonly #recordings = new Map<string, Recording>();

  /** Adds a stretch of a metric; bins that are there already are overwritten, NaN leaves a gap. */
  record(metric: Metric, startBin: Bin, requests: ArrayLike<number>): void {
    const name = metricName(metric);
    const known = this.#recordings.get(name);
    if (!known) {
      this.#recordings.set(name, { metric, startBin, values: Float64Array.from(requests) });
      return;
    }
    const start = Math.min(known.startBin, startBin);
    const end = Math.max(known.startBin + known.values.length, startBin + requests.length);
    const values = new Float64Array(end - start).fill(UNKNOWN);
    values.set(known.values, known.startBin - start);
    values.set(Float64Array.from(requests), startBin - start);
    known.startBin = start;
    known.values = values;
  }

  /** A copy of a window, NaN where nothing is recorded. */
  read(metric: Metric, startBin: Bin, endBin: Bin): Float64Array {
    const window = new Float64Array(Math.max(0, endBin - startBin)).fill(UNKNOWN);
    const recording = this.#recordings.get(metricName(metric));
    if (!recording) return window;
    const from = Math.max(startBin, recording.startBin);
    const to = Math.min(endBin, recording.startBin + recording.values.length);
    if (from >= to) return window;
    window.set(
      recording.values.subarray(from - recording.startBin, to - recording.startBin),
      from - startBin,
    );
    return window;
  }

  /** Metrics with a datapoint in [startBin, endBin). */
  active(startBin: Bin, endBin: Bin): Metric[] {
    return [...this.#recordings.values()]
      .filter(({ metric }) => this.read(metric, startBin, endBin).some((requests) => !isUnknown(requests)))
      .map(({ metric }) => metric);
  }
}
