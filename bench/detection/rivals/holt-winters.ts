import { BINS_PER_DAY, BINS_PER_WEEK } from '../../../shared/domain/usage/time.ts';
import type { Rival } from './rival.ts';

/** Smoothing of the level, the trend and the season, as RRDtool's users set them for five-minute steps. */
const ALPHA = 0.1;
const BETA = 0.0035;
const GAMMA = 0.2;

/**
 * Holt-Winters forecasting with the confidence band of Brutlag (LISA 2000): additive, a season of one week, the band's
 * width smoothed for each bin of the week, and no narrower than the mean deviation: without that floor, bins that are
 * silent in most weeks would alert at every request. The score is the number of widths above the forecast; the first day
 * is judged by a band around nothing, as with the other rivals.
 */
export const holtWinters: Rival = {
  name: "Holt-Winters with Brutlag's band",
  score: ({ requests }) => {
    const scores = new Float32Array(requests.length);
    const season = new Float64Array(BINS_PER_WEEK);
    const width = new Float64Array(BINS_PER_WEEK);
    let level = requests[0] ?? 0;
    let trend = 0;
    let usualDeviation = 0;
    for (const [i, value] of requests.entries()) {
      const slot = i % BINS_PER_WEEK;
      const usual = season[slot] ?? 0;
      const forecast = level + trend + usual;
      const deviation = Math.abs(value - forecast);
      const seen = width[slot] ?? 0;
      const isKnown = i >= BINS_PER_WEEK;
      const band = Math.max(1, isKnown ? seen : 0, usualDeviation);
      scores[i] = i < BINS_PER_DAY ? value : Math.max(0, value - forecast) / band;
      usualDeviation += (deviation - usualDeviation) / Math.min(i + 1, BINS_PER_WEEK);
      const before = level;
      level = ALPHA * (value - usual) + (1 - ALPHA) * (level + trend);
      trend = BETA * (level - before) + (1 - BETA) * trend;
      season[slot] = isKnown ? GAMMA * (value - level) + (1 - GAMMA) * usual : value - level;
      width[slot] = isKnown ? GAMMA * deviation + (1 - GAMMA) * seen : deviation;
    }
    return scores;
  },
};
