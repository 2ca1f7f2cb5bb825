const DAY_SECONDS = 86_400;
const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

/** What stands at the time axis, in UTC: days, or hours with the day under the first of them. */
export function axisTimes(seconds: readonly number[], step: number): string[] {
  let before: string | undefined;
  return seconds.map((at) => {
    const moment = new Date(at * 1000);
    const day = dayFormat.format(moment);
    if (step >= DAY_SECONDS) return day;
    const hours = moment.toISOString().slice(11, 16);
    const isNewDay = day !== before;
    before = day;
    return isNewDay ? `${hours}\n${day}` : hours;
  });
}
