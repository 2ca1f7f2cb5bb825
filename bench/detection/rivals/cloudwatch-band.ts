import { BINS_PER_DAY, BINS_PER_HOUR, hourOfBin } from '../../../shared/domain/usage/time.ts';
import type { Rival, RivalInput } from './rival.ts';

const TRAINING_DAYS = 14;
const SLOTS = 168;

/**
 * CloudWatch anomaly detection as its documentation describes it: a model of up to two weeks, with hourly, daily and
 * weekly patterns, and a band of a number of standard deviations around it. Retrained here every day; the score is the
 * number of deviations at which the band would end just below the bin. Nobody has an alarm on a key that was born
 * today; to its advantage, the first day is judged by a band around nothing.
 */
export const cloudwatchBand: Rival = { name: 'CloudWatch anomaly detection (emulated)', score: scoreBand };

function scoreBand({ requests, startBin }: RivalInput): Float32Array {
  const scores = new Float32Array(requests.length);
  const model = { sum: new Float64Array(SLOTS), count: new Float64Array(SLOTS), sigma: 1, mean: 0 };
  const slotOf = (i: number) => hourOfBin(startBin + i) % SLOTS;
  const expectedIn = (slot: number) =>
    (model.count[slot] ?? 0) > 0 ? (model.sum[slot] ?? 0) / (model.count[slot] ?? 1) : model.mean;
  for (let i = 0; i < requests.length; i++) {
    if (i % BINS_PER_DAY === 0) {
      const from = Math.max(0, i - TRAINING_DAYS * BINS_PER_DAY);
      train(model, requests, from, i, slotOf, expectedIn);
    }
    scores[i] = Math.max(0, ((requests[i] ?? 0) - expectedIn(slotOf(i))) / model.sigma);
  }
  return scores;
}

interface Model {
  readonly sum: Float64Array;
  readonly count: Float64Array;
  sigma: number;
  mean: number;
}

function train(
  model: Model,
  requests: Float64Array,
  from: number,
  to: number,
  slotOf: (i: number) => number,
  expectedIn: (slot: number) => number,
): void {
  model.sum.fill(0);
  model.count.fill(0);
  let total = 0;
  for (let i = from; i < to; i++) {
    const slot = slotOf(i);
    model.sum[slot] = (model.sum[slot] ?? 0) + (requests[i] ?? 0);
    model.count[slot] = (model.count[slot] ?? 0) + 1;
    total += requests[i] ?? 0;
  }
  model.mean = to > from ? total / (to - from) : 0;
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((requests[i] ?? 0) - expectedIn(slotOf(i))) ** 2;
  // A constant series has no deviation at all; one request in five minutes is the least that counts.
  model.sigma = Math.max(1, Math.sqrt(squares / Math.max(BINS_PER_HOUR, to - from)));
}
