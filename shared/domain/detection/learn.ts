import { isUnknown } from '../usage/series.ts';
import { BINS_PER_HOUR } from '../usage/time.ts';
import { type Baseline, SCALAR, WINDOW_BINS } from './baseline.ts';
import { distanceOf, scoreOf } from './score.ts';

/** Score from which an hour is kept out of what is usual, and the lower one at which learning goes on again. */
const QUARANTINE_OPENS = 0.5;
const QUARANTINE_CLOSES = 0;

/** Hours that a quarantine lasts at most before the level is taken as new: two days. */
const QUARANTINE_HOURS = 48;

/** What a slot's peaks keep from one week to the next: old records fade. */
const PEAK_KEPT = 0.97;

/** Weight of a new hour in a slot's mean, once four weeks are learned. */
const MEAN_WEIGHT = 0.25;

/** Steps of the tail's learning: small, because it sees every bin. */
const QUANTILE_STEP = 0.02;
const BEYOND_STEP = 0.01;
const BEYOND_LEAST = 0.08;
const TAIL_SHARE = 0.05;

/** Learns the next hour from its twelve final bins, in place. Unknown bins teach nothing. */
export function learnHour(baseline: Baseline, bins: Float64Array): void {
  const hour = baseline.learnedThrough;
  const { scalars, lastBins, hourSums, dayHour, dayBin } = baseline;
  let sum = 0;
  let peak = 0;
  let known = 0;
  for (let i = 0; i < BINS_PER_HOUR; i++) {
    const requests = bins[i] ?? Number.NaN;
    const isKnown = !isUnknown(requests);
    lastBins[i] = isKnown ? requests : 0;
    if (!isKnown) continue;
    known++;
    sum += requests;
    peak = Math.max(peak, requests);
  }
  const day = Math.floor(hour / 24) % 28;
  if (hour % 24 === 0) {
    dayHour[day] = 0;
    dayBin[day] = 0;
    scalars[SCALAR.usualHour] = medianOf(hourSums);
  }
  hourSums[hour % 168] = sum;
  if (known === BINS_PER_HOUR) {
    const score = Math.max(scoreOf(baseline, hour, 0, peak), scoreOf(baseline, hour, 1, sum));
    const isLearning = updateQuarantine(baseline, score);
    if (isLearning) {
      learnTails(baseline, bins, sum);
      learnSlot(baseline, sum);
      dayHour[day] = Math.max(dayHour[day] ?? 0, sum);
      dayBin[day] = Math.max(dayBin[day] ?? 0, peak);
    }
  }
  scalars[SCALAR.hoursLearned] = (scalars[SCALAR.hoursLearned] ?? 0) + 1;
  baseline.learnedThrough = hour + 1;
}

/** Takes the present level as usual from now on. */
export function acceptLevel(baseline: Baseline): void {
  baseline.scalars[SCALAR.quarantined] = 0;
  const { hourSums, slotMean, slotTop, slotSecond } = baseline;
  for (let slot = 0; slot < 168; slot++) {
    slotMean[slot] = hourSums[slot] ?? 0;
    slotTop[slot] = Math.max(slotTop[slot] ?? 0, hourSums[slot] ?? 0);
    slotSecond[slot] = Math.max(slotSecond[slot] ?? 0, hourSums[slot] ?? 0);
  }
}

/** Whether the hour may teach: a hysteresis on its score, so that a storm does not become usual while it lasts. */
function updateQuarantine({ scalars }: Baseline, score: number): boolean {
  if ((scalars[SCALAR.hoursLearned] ?? 0) < 24) return true;
  const hours = scalars[SCALAR.quarantined] ?? 0;
  if (hours === 0 && score < QUARANTINE_OPENS) return true;
  if (score <= QUARANTINE_CLOSES || hours >= QUARANTINE_HOURS) {
    scalars[SCALAR.quarantined] = 0;
    return true;
  }
  scalars[SCALAR.quarantined] = hours + 1;
  return false;
}

function learnSlot(baseline: Baseline, sum: number): void {
  const slot = baseline.learnedThrough % 168;
  const { slotMean, slotWeeks, slotTop, slotSecond } = baseline;
  const weeks = slotWeeks[slot] ?? 0;
  const mean = slotMean[slot] ?? 0;
  slotMean[slot] = mean + (sum - mean) * Math.max(MEAN_WEIGHT, 1 / (weeks + 1));
  slotWeeks[slot] = weeks + 1;
  const top = PEAK_KEPT * (slotTop[slot] ?? 0);
  const second = PEAK_KEPT * (slotSecond[slot] ?? 0);
  slotTop[slot] = Math.max(top, sum);
  slotSecond[slot] = sum >= top ? Math.max(top, second) : Math.max(second, sum);
}

function learnTails(baseline: Baseline, bins: Float64Array, sum: number): void {
  if ((baseline.scalars[SCALAR.hoursLearned] ?? 0) < 168) return;
  for (let i = 0; i < BINS_PER_HOUR; i++) learnTail(baseline, 0, bins[i] ?? 0);
  for (let i = 0; i < WINDOW_BINS.length; i++) if (i === 1) learnTail(baseline, 1, sum);
}

function learnTail(baseline: Baseline, window: number, requests: number): void {
  const { tail } = baseline;
  const distance = distanceOf(baseline, baseline.learnedThrough, window, requests);
  const quantile = tail[2 * window] ?? 0;
  const isBeyond = distance > quantile;
  tail[2 * window] = Math.max(0, quantile + QUANTILE_STEP * (isBeyond ? 1 - TAIL_SHARE : -TAIL_SHARE));
  if (!isBeyond) return;
  const beyond = tail[2 * window + 1] ?? 1;
  tail[2 * window + 1] = Math.max(BEYOND_LEAST, beyond + BEYOND_STEP * (distance - quantile - beyond));
}

function medianOf(values: Float32Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1] ?? 0;
}
