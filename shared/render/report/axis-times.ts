import { dayText } from '../time.ts';

const DAY_SECONDS = 86_400;

/** What stands at the time axis, in UTC: days, or hours with the day under the first of them. */
export function axisTimes(seconds: readonly number[], step: number): string[] {
  let before: string | undefined;
  return seconds.map((at) => {
    const day = dayText(at);
    if (step >= DAY_SECONDS) return day;
    const hours = new Date(at * 1000).toISOString().slice(11, 16);
    const isNewDay = day !== before;
    before = day;
    return isNewDay ? `${hours}\n${day}` : hours;
  });
}
