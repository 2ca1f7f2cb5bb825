const DAY_SECONDS = 86_400;

/**
 * Seconds that clocks in Central Europe are ahead of UTC: an hour, two in summer, which lasts from the last Sunday
 * of March to the last Sunday of October, 01:00 UTC.
 */
export function centralEuropeanOffset(epochSeconds: number): number {
  const year = new Date(epochSeconds * 1000).getUTCFullYear();
  const isSummer = epochSeconds >= lastSunday(year, 2) + 3_600 && epochSeconds < lastSunday(year, 9) + 3_600;
  return isSummer ? 7_200 : 3_600;
}

/** Midnight UTC of the last Sunday of a month that has 31 days, counted from 0. */
function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month, 31) / 1000;
  return last - new Date(last * 1000).getUTCDay() * DAY_SECONDS;
}
