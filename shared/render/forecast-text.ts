import type { Forecast } from '../domain/forecast.ts';
import { BIN_SECONDS, BINS_PER_WEEK } from '../domain/usage/time.ts';
import { count } from './number.ts';
import { durationText } from './time.ts';

/** What is to be expected of the fortnight after so many judged bins; of less than a week nothing is. */
export function forecastText(
  { notices, pages }: { readonly notices: Forecast; readonly pages: Forecast },
  judgedBins: number,
): string {
  if (judgedBins < BINS_PER_WEEK)
    return `${durationText(judgedBins * BIN_SECONDS)} are too short to say what to expect: judge a week or more.`;
  return `Expect ${range(notices)} notices and ${range(pages)} pages in the next fortnight (4 times out of 5).`;
}

const range = ({ low, high }: Forecast): string => `${count(low)} to ${count(high)}`;
