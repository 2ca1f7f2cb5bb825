import { DAY_SECONDS, type EpochSeconds, HOUR_SECONDS, isoTime } from './usage/time.ts';

/** Hour of the day, in the configured time zone, at which digests and weekly reports go out. */
export const REPORT_HOUR = 8;

const WEEK_SECONDS = 7 * DAY_SECONDS;

/** The first Monday after 1970-01-01, a Thursday. */
const FIRST_MONDAY = 4 * DAY_SECONDS;

/** A report that is due, and the name of the day or week it belongs to. */
export interface Due {
  readonly at: EpochSeconds;
  /** `2026-11-25`, or `2026-48`: the ISO week that begins on the day it is due. */
  readonly name: string;
}

/** The last 08:00 at or before this moment, in the time zone. A run that is late tells the same as one in time. */
export function lastDailyReport(at: EpochSeconds, timeZone: string): Due {
  const wall = lastAligned(wallSeconds(at, timeZone), DAY_SECONDS, REPORT_HOUR * HOUR_SECONDS);
  return { at: instantOf(wall, at, timeZone), name: isoTime(wall).slice(0, 10) };
}

/** The last Monday, 08:00, at or before this moment, in the time zone. */
export function lastWeeklyReport(at: EpochSeconds, timeZone: string): Due {
  const offset = FIRST_MONDAY + REPORT_HOUR * HOUR_SECONDS;
  const wall = lastAligned(wallSeconds(at, timeZone), WEEK_SECONDS, offset);
  return { at: instantOf(wall, at, timeZone), name: isoWeek(wall) };
}

/** Days that people name, by the number that JavaScript gives them. */
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** What people call a day that is not far. */
export const DAY_NAMES = [...WEEKDAYS, 'tomorrow'] as const;

/** A weekday, or `tomorrow`. */
export type DayName = (typeof DAY_NAMES)[number];

/** The last moment of a day, and its date. */
export interface NamedDay {
  /** When the next day begins. */
  readonly endsAt: EpochSeconds;
  /** `2026-11-27`. */
  readonly date: string;
}

/** The day of this name that ends next, in the time zone: a weekday on that very day is today. */
export function namedDay(name: DayName, at: EpochSeconds, timeZone: string): NamedDay {
  const today = lastAligned(wallSeconds(at, timeZone), DAY_SECONDS, 0);
  const weekday = new Date(today * 1000).getUTCDay();
  const ahead = name === 'tomorrow' ? 1 : (WEEKDAYS.indexOf(name) - weekday + 7) % 7;
  const day = today + ahead * DAY_SECONDS;
  return { endsAt: instantOf(day + DAY_SECONDS, at, timeZone), date: isoTime(day).slice(0, 10) };
}

const lastAligned = (wall: number, step: number, offset: number): number =>
  Math.floor((wall - offset) / step) * step + offset;

/** What a clock on the wall shows, as if it were UTC. */
function wallSeconds(at: EpochSeconds, timeZone: string): number {
  if (timeZone === 'UTC') return Math.floor(at);
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(at * 1000)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const [year, month, day] = [part('year'), part('month'), part('day')];
  return Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second')) / 1000;
}

/** To make a format costs many times what to use it does, and a detector has one time zone. */
let newest: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | undefined;

function formatIn(timeZone: string): Intl.DateTimeFormat {
  if (newest?.timeZone === timeZone) return newest.format;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  newest = { timeZone, format };
  return format;
}

/**
 * When the wall shows this, at most eight days from `at`; right across a change of the clocks, too. Where clocks skip
 * midnight, it is the moment at which they do.
 */
function instantOf(wall: number, at: EpochSeconds, timeZone: string): EpochSeconds {
  const guess = at - (wallSeconds(at, timeZone) - wall);
  const instant = guess - (wallSeconds(guess, timeZone) - wall);
  return wallSeconds(instant, timeZone) < wall ? guess : instant;
}

/** The ISO week of a day: weeks belong to the year of their Thursday. */
function isoWeek(monday: number): string {
  const thursday = new Date((monday + 3 * DAY_SECONDS) * 1000);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - newYear) / 1000 / WEEK_SECONDS) + 1;
  return `${thursday.getUTCFullYear()}-${String(week).padStart(2, '0')}`;
}
