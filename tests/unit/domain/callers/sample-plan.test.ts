import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWindows, unreadWindows } from '../../../../shared/domain/callers/sample-plan.ts';

const FROM = 1_795_600_000;

describe('the windows to sample', () => {
  it('lie side by side and hold the whole time, once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000_000 }),
        fc.integer({ min: 1, max: 40 }),
        (seconds, limit) => {
          const windows = planWindows(FROM, FROM + seconds, limit).toSorted((a, b) => a.from - b.from);

          expect(windows.length).toBeGreaterThan(0);
          expect(windows.length).toBeLessThanOrEqual(limit);
          expect(windows[0]?.from).toBe(FROM);
          expect(windows.at(-1)?.to).toBe(FROM + seconds);
          for (const [n, { from, to }] of windows.entries()) {
            expect(to).toBeGreaterThan(from);
            expect(windows[n + 1]?.from ?? to).toBe(to);
          }
        },
      ),
    );
  });

  it('begin with the newest and then take turns over the time', () => {
    const windows = planWindows(FROM, FROM + 8000, 8);

    const ages = windows.map(({ to }) => Math.round((FROM + 8000 - to) / 1000));
    expect(ages).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
  });

  it('do not end at the same second of a minute', () => {
    const ends = planWindows(FROM, FROM + 8 * 600, 8).map(({ to }) => to % 60);

    expect(new Set(ends).size).toBeGreaterThanOrEqual(6);
  });

  it('are few where the time is short, and none where there is none', () => {
    expect(planWindows(FROM, FROM + 60, 8)).toHaveLength(3);
    expect(planWindows(FROM, FROM + 5, 8)).toEqual([{ from: FROM, to: FROM + 5 }]);
    expect(planWindows(FROM, FROM, 8)).toEqual([]);
    expect(planWindows(FROM, FROM - 1, 8)).toEqual([]);
  });

  it('are left out once a page has read them, and cut short where it ends', () => {
    const windows = planWindows(FROM, FROM + 8000, 8);
    const [newest, second] = windows.toSorted((a, b) => b.from - a.from);
    const middle = (second?.from ?? 0) + 100;

    expect(unreadWindows(windows, FROM + 7999)).toEqual([...windows.slice(1), newest]);
    expect(unreadWindows(windows, middle)).toEqual([
      ...windows.filter((window) => window !== newest && window !== second),
      { from: second?.from, to: middle + 1 },
    ]);
    expect(unreadWindows(windows, FROM)).toEqual([{ from: FROM, to: FROM + 1 }]);
  });
});
