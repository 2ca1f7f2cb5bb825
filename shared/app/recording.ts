import type { SeriesId } from '../domain/usage/key.ts';
import type { UsageSeries } from '../domain/usage/series.ts';
import type { Bin } from '../domain/usage/time.ts';

/** One series of a recording: from its first row on, zero where the recording has no row. */
export interface RecordedSeries {
  readonly id: SeriesId;
  readonly usage: UsageSeries;
}

/** Recorded use of many keys: [startBin, endBin). */
export interface Recording {
  readonly series: readonly RecordedSeries[];
  readonly startBin: Bin;
  readonly endBin: Bin;
  /** Rows read. */
  readonly rows: number;
}
