import { describe, expect, it } from 'vitest';
import { NOTHING, offScale, onScale, pack, unpack } from '../../../../shared/domain/detection/scale.ts';

/** Requests as they are read back from a stored baseline. */
const storedAndRead = (requests: number): number => offScale(unpack(pack(onScale(requests))));

describe('the scale', () => {
  it('gives ten times as much the same distance for thousands and for millions', () => {
    expect(onScale(100_000) - onScale(10_000)).toBeCloseTo(Math.LN10, 3);
    expect(onScale(1e9) - onScale(1e8)).toBeCloseTo(Math.LN10, 3);
  });

  it('makes little of the chance in small counts', () => {
    expect(onScale(0)).toBe(0);
    expect(onScale(10) - onScale(1)).toBeLessThan(0.1);
  });

  it.each([0, 1, 99, 12_345, 1e12])('leads back to %d requests', (requests) => {
    expect(offScale(onScale(requests))).toBeCloseTo(requests, 0);
  });
});

describe('a stored position', () => {
  it.each([1000, 123_456, 1e9, 1e12])('is read back within 0.04 %% of %d requests', (requests) => {
    expect(Math.abs(storedAndRead(requests) / requests - 1)).toBeLessThan(0.0004);
  });

  it('is never mistaken for an empty place', () => {
    expect(pack(onScale(0))).not.toBe(NOTHING);
    expect(pack(-1000)).not.toBe(NOTHING);
    expect(unpack(NOTHING)).toBeLessThan(unpack(pack(-1000)));
  });

  it('fits 16 bits whatever it is', () => {
    expect(pack(1000)).toBe(65_535);
  });
});
