import { BINS_PER_DAY, BINS_PER_HOUR } from '../../../shared/domain/usage/time.ts';
import type { Rival } from './rival.ts';
import { trailingSums } from './trailing-sums.ts';

const DAYS = 28;

/** How many times the largest five minutes of the 28 days before today. */
export const binToMaximum: Rival = {
  name: '5-minute ratio to the 28-day maximum',
  score: ({ requests }) => ratioToMaximum(requests),
};

/** How many times the largest hour of the 28 days before today. */
export const hourToMaximum: Rival = {
  name: '1-hour ratio to the 28-day maximum',
  score: ({ requests }) => ratioToMaximum(trailingSums(requests, BINS_PER_HOUR)),
};

/** Today is left out of the maximum: a storm must not hide itself. */
function ratioToMaximum(values: Float64Array): Float32Array {
  const scores = new Float32Array(values.length);
  const days: number[] = [];
  let maximum = 0;
  let today = 0;
  for (const [i, value] of values.entries()) {
    if (i > 0 && i % BINS_PER_DAY === 0) {
      days.push(today);
      if (days.length > DAYS) days.shift();
      maximum = Math.max(...days);
      today = 0;
    }
    today = Math.max(today, value);
    scores[i] = value / Math.max(1, maximum);
  }
  return scores;
}
