import { describe, expect, it } from 'vitest';
import { forecastText } from '../../../shared/render/forecast-text.ts';

const forecast = { notices: { expected: 3, low: 2, high: 6 }, pages: { expected: 0, low: 0, high: 2 } };

describe('what is to be expected', () => {
  it('is told from a week on, with how often it holds', () => {
    expect(forecastText(forecast, 2016)).toBe(
      'Expect 2 to 6 notices and 0 to 2 pages in the next fortnight (4 times out of 5).',
    );
  });

  it('is not told of less than a week', () => {
    expect(forecastText(forecast, 2015)).toBe(
      '6 days 23 h are too short to say what to expect: judge a week or more.',
    );
    expect(forecastText(forecast, 288)).toMatch(/^24 h are too short/);
  });
});
