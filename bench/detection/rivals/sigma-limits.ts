import { BINS_PER_DAY } from '../../../shared/domain/usage/time.ts';
import type { Rival } from './rival.ts';

const DAYS = 14;

/** Standard deviations above the mean of the last 14 days, whatever the hour; above nothing on the first day. */
export const meanAndSigma: Rival = {
  name: 'mean + k sigma over 14 days',
  score: ({ requests }) => {
    const scores = new Float32Array(requests.length);
    let moments = { mean: 0, sigma: 1 };
    for (let i = 0; i < requests.length; i++) {
      if (i > 0 && i % BINS_PER_DAY === 0)
        moments = momentsOf(requests, Math.max(0, i - DAYS * BINS_PER_DAY), i);
      scores[i] = Math.max(0, ((requests[i] ?? 0) - moments.mean) / moments.sigma);
    }
    return scores;
  },
};

/** One limit for each series, set once from its training weeks; a series without them has none. */
export const staticLimit: Rival = {
  name: 'static limit per key (mean + k sigma of its training weeks)',
  score: ({ requests, judgeFrom }) => {
    const scores = new Float32Array(requests.length);
    if (judgeFrom < BINS_PER_DAY) return scores;
    const { mean, sigma } = momentsOf(requests, 0, judgeFrom);
    for (let i = judgeFrom; i < requests.length; i++)
      scores[i] = Math.max(0, ((requests[i] ?? 0) - mean) / sigma);
    return scores;
  },
};

function momentsOf(requests: Float64Array, from: number, to: number) {
  let sum = 0;
  for (let i = from; i < to; i++) sum += requests[i] ?? 0;
  const mean = sum / (to - from);
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((requests[i] ?? 0) - mean) ** 2;
  return { mean, sigma: Math.max(1, Math.sqrt(squares / (to - from))) };
}
