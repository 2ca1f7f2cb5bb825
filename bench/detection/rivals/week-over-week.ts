import { BINS_PER_HOUR, BINS_PER_WEEK } from '../../../shared/domain/usage/time.ts';
import type { Rival } from './rival.ts';
import { trailingSums } from './trailing-sums.ts';

/** Added to both sides: below the floor of all detection, no multiple is worth telling. */
const SMOOTHING = 500;

/** How many times the same hour a week ago, or the hour before or after it if that was busier: jobs drift. */
export const weekOverWeek: Rival = {
  name: 'week over week, 1-hour sums',
  score: ({ requests }) => {
    const hours = trailingSums(requests, BINS_PER_HOUR);
    return Float32Array.from(hours, (sum, i) => {
      if (i < BINS_PER_WEEK) return 0;
      const then = [-BINS_PER_HOUR, 0, BINS_PER_HOUR].map((shift) => hours[i - BINS_PER_WEEK + shift] ?? 0);
      return (sum + SMOOTHING) / (Math.max(...then) + SMOOTHING);
    });
  },
};
