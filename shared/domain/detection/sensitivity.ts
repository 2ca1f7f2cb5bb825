/**
 * Accepted false alerts per 100 keys and year, by name. They are counted before severity: with the usual $0.50 an
 * hour for a notice, about one in five is told at once and the rest waits for the daily digest.
 */
export const SENSITIVITY_LEVELS = { quiet: 50, normal: 200, eager: 500 } as const;

const WEEKS_PER_YEAR = 52.18;

/** Series of an average key: alerts are counted by series, people count keys. */
const SERIES_PER_KEY = 2;

/** The score from which a bin is unusual: surprise is counted as minus the logarithm of false alerts per series and week. */
export const thresholdFor = (falseAlertsPer100KeysYear: number): number =>
  -Math.log10(falseAlertsPer100KeysYear / (100 * SERIES_PER_KEY * WEEKS_PER_YEAR));
