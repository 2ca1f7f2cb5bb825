import { BINS_PER_DAY, BINS_PER_HOUR, type Bin } from '../../domain/usage/time.ts';
import type { ChartPoint, RecordedChart } from './series-recorder.ts';

/** Points of a series that was never beyond its band. */
const QUIET_POINTS = 400;

/** Hours of a quiet time that share a point, in a replay of this length. */
export const hoursAPoint = (fromBin: Bin, endBin: Bin): number =>
  Math.max(1, Math.ceil((endBin - fromBin) / BINS_PER_HOUR / QUIET_POINTS));

/** Every point within a day of a bin beyond the band; elsewhere the busiest of so many hours, every point with 0. */
export function thinned({ points, beyond }: RecordedChart, hours: number): ChartPoint[] {
  if (hours === 0) return [...points];
  const isNear = ([bin]: ChartPoint) =>
    beyond.some(([from, to]) => bin >= from - BINS_PER_DAY && bin < to + BINS_PER_DAY);
  const kept: ChartPoint[] = [];
  let stretch = -1;
  for (const point of points) {
    const its = isNear(point) ? -1 : Math.floor(point[0] / (hours * BINS_PER_HOUR));
    const last = kept.at(-1);
    if (its < 0 || its !== stretch || !last) kept.push(point);
    else if ((point[1] ?? -1) > (last[1] ?? -1)) kept[kept.length - 1] = point;
    stretch = its;
  }
  return kept;
}
