import { describe, expect, it } from 'vitest';
import {
  type DayName,
  lastDailyReport,
  lastWeeklyReport,
  namedDay,
} from '../../../shared/domain/calendar.ts';
import { isoTime } from '../../../shared/domain/usage/time.ts';

const seconds = (iso: string): number => Date.parse(iso) / 1000;

const dailyAt = (iso: string, timeZone: string) => {
  const { at, name } = lastDailyReport(seconds(iso), timeZone);
  return [name, isoTime(at)];
};

const weeklyAt = (iso: string, timeZone: string) => {
  const { at, name } = lastWeeklyReport(seconds(iso), timeZone);
  return [name, isoTime(at)];
};

describe('the last daily report', () => {
  it.each([
    ['2026-11-25T08:00:00Z', 'UTC', ['2026-11-25', '2026-11-25T08:00:00Z']],
    ['2026-11-25T07:59:59Z', 'UTC', ['2026-11-24', '2026-11-24T08:00:00Z']],
    ['2026-11-25T07:03:00Z', 'Europe/Berlin', ['2026-11-25', '2026-11-25T07:00:00Z']],
    ['2026-07-01T06:30:00Z', 'Europe/Berlin', ['2026-07-01', '2026-07-01T06:00:00Z']],
    ['2026-11-24T22:30:00Z', 'Asia/Tokyo', ['2026-11-24', '2026-11-23T23:00:00Z']],
    ['2026-11-24T23:00:00Z', 'Asia/Tokyo', ['2026-11-25', '2026-11-24T23:00:00Z']],
    ['2026-11-25T02:30:00Z', 'Asia/Kolkata', ['2026-11-25', '2026-11-25T02:30:00Z']],
    ['2026-01-01T03:00:00Z', 'UTC', ['2025-12-31', '2025-12-31T08:00:00Z']],
  ])('at %s in %s', (iso, timeZone, expected) => {
    expect(dailyAt(iso, timeZone)).toEqual(expected);
  });

  it('is at eight on the wall when the clocks have changed since', () => {
    // Clocks in Berlin went back an hour on 25 October 2026, and forward on 29 March.
    expect(dailyAt('2026-10-25T06:30:00Z', 'Europe/Berlin')).toEqual(['2026-10-24', '2026-10-24T06:00:00Z']);
    expect(dailyAt('2026-03-29T05:30:00Z', 'Europe/Berlin')).toEqual(['2026-03-28', '2026-03-28T07:00:00Z']);
  });
});

describe('the last weekly report', () => {
  it.each([
    ['2026-11-23T08:00:00Z', 'UTC', ['2026-48', '2026-11-23T08:00:00Z']],
    ['2026-11-23T07:58:00Z', 'UTC', ['2026-47', '2026-11-16T08:00:00Z']],
    ['2026-11-29T23:00:00Z', 'UTC', ['2026-48', '2026-11-23T08:00:00Z']],
    ['2027-01-03T12:00:00Z', 'UTC', ['2026-53', '2026-12-28T08:00:00Z']],
    ['2025-12-29T09:00:00Z', 'UTC', ['2026-01', '2025-12-29T08:00:00Z']],
    ['2026-10-26T12:00:00Z', 'Europe/Berlin', ['2026-44', '2026-10-26T07:00:00Z']],
    ['2026-10-25T12:00:00Z', 'Europe/Berlin', ['2026-43', '2026-10-19T06:00:00Z']],
  ])('at %s in %s', (iso, timeZone, expected) => {
    expect(weeklyAt(iso, timeZone)).toEqual(expected);
  });
});

describe('a named day', () => {
  const ends = (name: DayName, iso: string, timeZone: string) => {
    const { endsAt, date } = namedDay(name, seconds(iso), timeZone);
    return [date, isoTime(endsAt)];
  };

  it.each<[DayName, string, string, [string, string]]>([
    // A Wednesday.
    ['friday', '2026-11-25T12:00:00Z', 'UTC', ['2026-11-27', '2026-11-28T00:00:00Z']],
    ['friday', '2026-11-25T12:00:00Z', 'Europe/Berlin', ['2026-11-27', '2026-11-27T23:00:00Z']],
    ['tuesday', '2026-11-25T12:00:00Z', 'UTC', ['2026-12-01', '2026-12-02T00:00:00Z']],
    ['wednesday', '2026-11-25T12:00:00Z', 'UTC', ['2026-11-25', '2026-11-26T00:00:00Z']],
    ['tomorrow', '2026-11-25T12:00:00Z', 'UTC', ['2026-11-26', '2026-11-27T00:00:00Z']],
    // Thursday already in Tokyo.
    ['tomorrow', '2026-11-25T16:00:00Z', 'Asia/Tokyo', ['2026-11-27', '2026-11-27T15:00:00Z']],
    ['thursday', '2026-11-25T16:00:00Z', 'Asia/Tokyo', ['2026-11-26', '2026-11-26T15:00:00Z']],
    // The clocks go back an hour on that Sunday.
    ['sunday', '2026-10-23T12:00:00Z', 'Europe/Berlin', ['2026-10-25', '2026-10-25T23:00:00Z']],
    // Midnight does not exist: the clocks go from 24:00 to 01:00.
    ['saturday', '2026-09-04T12:00:00Z', 'America/Santiago', ['2026-09-05', '2026-09-06T04:00:00Z']],
  ])('%s, said at %s in %s', (name, iso, timeZone, expected) => {
    expect(ends(name, iso, timeZone)).toEqual(expected);
  });
});
