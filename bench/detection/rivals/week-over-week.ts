import { BINS_PER_HOUR, BINS_PER_WEEK } from '../../../shared/domain/usage/time.ts';
import type { Rival } from './rival.ts';
import { trailingSums } from './trailing-sums.ts';

/** Added to both sides: a few requests after a silent hour are no multiple worth telling. */
const SMOOTHING = 100;

/** How many times the same hour a week ago. */
export const weekOverWeek: Rival = {
  name: 'week over week, 1-hour sums',
  score: ({ requests }) => {
    const hours = trailingSums(requests, BINS_PER_HOUR);
    return Float32Array.from(hours, (sum, i) =>
      i < BINS_PER_WEEK ? 0 : (sum + SMOOTHING) / ((hours[i - BINS_PER_WEEK] ?? 0) + SMOOTHING),
    );
  },
};
