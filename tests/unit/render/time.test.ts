import { describe, expect, it } from 'vitest';
import { datedMomentText, durationText, momentText, windowText } from '../../../shared/render/time.ts';

const at = (...utc: Parameters<typeof Date.UTC>) => Date.UTC(...utc) / 1000;

describe('windowText', () => {
  it.each([
    ['UTC', '02:00-02:15 UTC'],
    ['Etc/UTC', '02:00-02:15 UTC'],
    ['Europe/Berlin', '02:00-02:15 UTC (03:00 Berlin)'],
    ['Asia/Kolkata', '02:00-02:15 UTC (07:30 Kolkata)'],
    ['America/Argentina/Buenos_Aires', '02:00-02:15 UTC (Tue 23:00 Buenos Aires)'],
    ['Mars/Olympus_Mons', '02:00-02:15 UTC'],
  ])('gives UTC first and the time in %s', (timeZone, text) => {
    const start = at(2026, 10, 25, 2, 0);

    expect(windowText(start, start + 900, timeZone)).toBe(text);
  });

  it('knows daylight saving time', () => {
    const start = at(2026, 6, 25, 2, 0);

    expect(windowText(start, start + 900, 'Europe/Berlin')).toBe('02:00-02:15 UTC (04:00 Berlin)');
  });

  it('crosses midnight', () => {
    const start = at(2026, 10, 24, 23, 30);

    expect(windowText(start, start + 3600, 'Europe/Berlin')).toBe('23:30-00:30 UTC (Wed 00:30 Berlin)');
  });

  it('dates the ends of a long window', () => {
    const end = at(2026, 10, 25, 2, 15);

    expect(windowText(end - 86_400, end, 'Europe/Berlin')).toBe(
      '24 Nov 02:15 to 25 Nov 02:15 UTC (03:15 Berlin)',
    );
  });
});

describe('momentText', () => {
  it('gives weekday, day and time, and the year for what is kept', () => {
    const moment = at(2026, 8, 1, 22, 5);

    expect(momentText(moment, 'Europe/Berlin')).toBe('Tue 1 Sep 22:05 UTC (Wed 00:05 Berlin)');
    expect(datedMomentText(moment, 'UTC')).toBe('Tue 1 Sep 2026 22:05 UTC');
  });
});

describe('durationText', () => {
  it.each([
    [0, '0 min'],
    [-60, '0 min'],
    [900, '15 min'],
    [3600, '1 h'],
    [12_300, '3 h 25 min'],
    [172_799, '2 days'],
    [187_200, '2 days 4 h'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});
