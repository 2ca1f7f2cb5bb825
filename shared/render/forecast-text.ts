import type { Forecast } from '../domain/forecast.ts';
import { BIN_SECONDS, BINS_PER_WEEK } from '../domain/usage/time.ts';
import { count } from './number.ts';
import { durationText } from './time.ts';

interface Expected {
  readonly notices: Forecast;
  readonly pages: Forecast;
}

/** What is to be expected of the fortnight after so many judged bins; of less than a week nothing is. */
export function forecastText(forecast: Expected, judgedBins: number): string {
  if (judgedBins < BINS_PER_WEEK)
    return `${durationText(judgedBins * BIN_SECONDS)} are too short to say what to expect: judge a week or more.`;
  return `Expect ${expectedText(forecast)}`;
}

/** `0 to 4 notices and 0 to 2 pages in the next fortnight (4 times out of 5).` */
export const expectedText = ({ notices, pages }: Expected): string =>
  `${range(notices)} notices and ${range(pages)} pages in the next fortnight (4 times out of 5).`;

const range = ({ low, high }: Forecast): string => `${count(low)} to ${count(high)}`;
