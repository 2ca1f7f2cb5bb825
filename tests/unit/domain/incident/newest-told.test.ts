import { describe, expect, it } from 'vitest';
import { newestTold, withFactsKept } from '../../../../shared/domain/incident/newest-told.ts';
import { anObservation, someFacts } from '../../../support/an-observation.ts';

const END = 100;
const FINAL_END = 94;

describe('the newest bin that is told', () => {
  it.each([
    { published: 99, told: 99, because: 'it has requests' },
    { published: 96, told: 96, because: 'what is newer may only be late' },
    { published: 94, told: 94, because: 'it is the oldest that may still change' },
    { published: 93, told: 93, because: 'it is final' },
    { published: 50, told: 93, because: 'a final bin without requests is quiet' },
  ])('is $told where requests are known up to $published: $because', ({ published, told }) => {
    expect(newestTold((bin) => bin <= published, END, FINAL_END)).toBe(told);
  });
});

describe('an observation whose facts are kept', () => {
  it('tells the numbers of its own bin, and the sums of the incident as they are when it is told', () => {
    let usdPerHour = 3.57;
    const kept = withFactsKept(
      anObservation(7, { facts: (totals) => someFacts({ bin: 7, usdPerHour, ...totals }) }),
    );
    usdPerHour = 0;

    expect(kept.facts({ excessUsd: 14, excessRequests: 100 })).toEqual(
      someFacts({ bin: 7, usdPerHour: 3.57, excessUsd: 14, excessRequests: 100 }),
    );
  });
});
