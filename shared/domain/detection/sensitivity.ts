/** Accepted false alerts per 100 keys and year, by name. */
export const SENSITIVITY_LEVELS = { quiet: 20, normal: 50, eager: 200 } as const;

const WEEKS_PER_YEAR = 52.18;

/** Series of an average key: alerts are counted by series, people count keys. */
const SERIES_PER_KEY = 2;

/** The score from which a bin is unusual: surprise is counted as minus the logarithm of false alerts per series and week. */
export const thresholdFor = (falseAlertsPer100KeysYear: number): number =>
  -Math.log10(falseAlertsPer100KeysYear / (100 * SERIES_PER_KEY * WEEKS_PER_YEAR));
