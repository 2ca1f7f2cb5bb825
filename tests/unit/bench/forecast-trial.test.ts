import { describe, expect, it } from 'vitest';
import { isInside, type Trial } from '../../../bench/forecast/trial.ts';
import { disturbances } from '../../../shared/app/backtest.ts';

const trialOf = (came: number): Trial => ({ before: 4, forecast: { expected: 4, low: 2, high: 8 }, came });

describe('the benchmark of forecasts', () => {
  it('counts a fortnight as inside from one bound to the other, both included', () => {
    expect([1, 2, 5, 8, 9].map((came) => isInside(trialOf(came)))).toEqual([false, true, true, true, false]);
  });

  it('counts what disturbs people: what opens or escalates, and a group once', () => {
    const messageOf = (
      kind: 'opened' | 'escalated' | 'updated' | 'group' | 'reminder' | 'resolved',
      page = false,
    ) => ({
      at: 0,
      kind,
      severity: page ? ('page' as const) : ('notice' as const),
      keyArns: [],
      incidentIds: ['a', 'b', 'c'],
    });

    expect(
      disturbances([
        messageOf('opened'),
        messageOf('updated'),
        messageOf('escalated', true),
        messageOf('reminder', true),
        messageOf('group', true),
        messageOf('resolved'),
      ]),
    ).toEqual({ notices: 1, pages: 2 });
  });
});
