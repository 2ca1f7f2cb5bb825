import type { EpochSeconds } from '../domain/usage/time.ts';

/** Names under which UTC hides: no local time is printed beside UTC itself. */
const UTC_NAMES = /^(Etc\/)?(UTC|UCT|GMT|Universal|Zulu|Greenwich)$/i;

/** From this length on a window's ends carry their dates. */
const DATED_FROM_SECONDS = 43_200;

interface WallTime {
  readonly hourMinute: string;
  readonly weekday: string;
  /** `25 Nov`. */
  readonly day: string;
  readonly year: string;
}

function wallTime(at: EpochSeconds, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
  });
  const parts = new Map(format.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    hourMinute: `${part('hour')}:${part('minute')}`,
    weekday: part('weekday'),
    day: `${Number(part('day'))} ${MONTHS[Number(part('month')) - 1] ?? ''}`,
    year: part('year'),
  };
}

/** Spelled out here, because ICU versions disagree on `Sep` and `Sept`. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** ` (03:00 Berlin)`, with the weekday where it is another day there; empty in UTC and for a zone nobody knows. */
function localTime(at: EpochSeconds, timeZone: string): string {
  if (UTC_NAMES.test(timeZone)) return '';
  const utc = wallTime(at, 'UTC');
  let local: WallTime;
  try {
    local = wallTime(at, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
  const place = timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
  const weekday = local.weekday === utc.weekday ? '' : `${local.weekday} `;
  return ` (${weekday}${local.hourMinute} ${place})`;
}

/** A window in UTC and, by its start, in local time: `02:00-02:15 UTC (03:00 Berlin)`. `end` is exclusive. */
export function windowText(start: EpochSeconds, end: EpochSeconds, timeZone: string): string {
  const [from, to] = [wallTime(start, 'UTC'), wallTime(end, 'UTC')];
  const text =
    end - start >= DATED_FROM_SECONDS
      ? `${from.day} ${from.hourMinute} to ${to.day} ${to.hourMinute} UTC`
      : `${from.hourMinute}-${to.hourMinute} UTC`;
  return text + localTime(start, timeZone);
}

/** A moment with its date: `Wed 25 Nov 02:00 UTC (03:00 Berlin)`. */
export function momentText(at: EpochSeconds, timeZone: string): string {
  const { weekday, day, hourMinute } = wallTime(at, 'UTC');
  return `${weekday} ${day} ${hourMinute} UTC${localTime(at, timeZone)}`;
}

/** The same with its year, for what is kept: `Wed 25 Nov 2026 02:00 UTC (03:00 Berlin)`. */
export function datedMomentText(at: EpochSeconds, timeZone: string): string {
  const { weekday, day, year, hourMinute } = wallTime(at, 'UTC');
  return `${weekday} ${day} ${year} ${hourMinute} UTC${localTime(at, timeZone)}`;
}

/** A day in UTC: `25 Nov`. */
export const dayText = (at: EpochSeconds): string => wallTime(at, 'UTC').day;

/** A length of time in its two largest units: `15 min`, `3 h 25 min`, `2 days 4 h`. Under a minute: `0 min`. */
export function durationText(seconds: number): string {
  const minutes = Math.max(0, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(`${hours} h`, minutes % 60, 'min');
  return joined(`${Math.floor(hours / 24)} days`, hours % 24, 'h');
}

const joined = (large: string, small: number, unit: string): string =>
  small === 0 ? large : `${large} ${small} ${unit}`;
