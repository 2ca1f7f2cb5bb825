import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampledShare } from '../../../../shared/domain/callers/share.ts';

describe('the interval of a sampled share', () => {
  // Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3; the last two are n / (n + z²).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
    [1, 1, 0.2065, 1],
  ])('of %i in %i is %d to %d', (events, of, low, high) => {
    const interval = sampledShare(events, of);

    expect(interval.share).toBe(events / of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the share and stays within 0..1', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (some, others) => {
        const { share, low, high } = sampledShare(some, some + others + 1);

        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThan(share);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('says nothing of an empty sample', () => {
    expect(sampledShare(0, 0)).toEqual({ events: 0, share: 0, low: 0, high: 1 });
  });
});
