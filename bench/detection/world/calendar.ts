import { BIN_SECONDS, type Bin, binAt, binStart, DAY_SECONDS } from '../../../shared/domain/usage/time.ts';
import type { Random } from './random.ts';

/** The bins of a simulated account with the local time in which its people and jobs live. */
export interface Calendar {
  readonly startBin: Bin;
  readonly bins: number;
  /** First judged bin, as an index: earlier ones only train. */
  readonly judgeFrom: number;
  /** Local hour of the day, 0..24, of each bin. */
  readonly hour: Float32Array;
  /** Weekday by local time, Monday = 0; a holiday is a Sunday. */
  readonly weekday: Uint8Array;
  /** Local days since 1970. */
  readonly day: Int32Array;
  /** Day of the month by local time. */
  readonly dayOfMonth: Uint8Array;
}

// Central European time: both changes of the year 2026.
const SUMMER_FROM = Date.parse('2026-03-29T01:00:00Z') / 1000;
const SUMMER_TO = Date.parse('2026-10-25T01:00:00Z') / 1000;
const SUNDAY = 6;
/** Working days that are a holiday. */
const HOLIDAY_SHARE = 0.03;

/** A calendar from a UTC day on. Holidays are the account's own: everybody has the same ones. */
export function calendarOf(startsAt: string, weeks: number, trainingWeeks: number, random: Random): Calendar {
  const startBin = binAt(Date.parse(startsAt) / 1000);
  const bins = Math.round((weeks * 7 * DAY_SECONDS) / BIN_SECONDS);
  const hour = new Float32Array(bins);
  const weekday = new Uint8Array(bins);
  const day = new Int32Array(bins);
  const dayOfMonth = new Uint8Array(bins);
  const holidays = new Map<number, boolean>();
  for (let i = 0; i < bins; i++) {
    const at = binStart(startBin + i);
    const local = at + (at >= SUMMER_FROM && at < SUMMER_TO ? 7200 : 3600);
    const localDay = Math.floor(local / DAY_SECONDS);
    const isNew = day[i - 1] !== localDay;
    if (isNew) holidays.set(localDay, random.chance(HOLIDAY_SHARE));
    hour[i] = (local % DAY_SECONDS) / 3600;
    day[i] = localDay;
    // 1970 began on a Thursday.
    weekday[i] = holidays.get(localDay) ? SUNDAY : (localDay + 3) % 7;
    dayOfMonth[i] = isNew ? new Date(local * 1000).getUTCDate() : (dayOfMonth[i - 1] ?? 1);
  }
  return { startBin, bins, judgeFrom: trainingWeeks * 2016, hour, weekday, day, dayOfMonth };
}

/** Whether people work on this bin's day. */
export const isWorkday = ({ weekday }: Calendar, i: number): boolean => (weekday[i] ?? 0) < 5;

/** Indices at which a local day begins; the first one counts even if it begins in the middle. */
export function dayStarts({ day, bins }: Calendar): number[] {
  const starts: number[] = [];
  for (let i = 0; i < bins; i++) if (day[i] !== day[i - 1]) starts.push(i);
  return starts;
}
