import { describe, expect, it } from 'vitest';
import { FLOOR_REQUESTS, isAboveFloor } from '../../../../shared/domain/detection/floor.ts';

describe('the floor', () => {
  it('keeps fewer than 500 requests too many in an hour quiet, however rare they are', () => {
    expect(FLOOR_REQUESTS).toBe(500);
    expect(isAboveFloor(499, 499, 0)).toBe(false);
    expect(isAboveFloor(500, 40, 0)).toBe(true);
  });

  it('counts what is above the usual hour, not what is there', () => {
    expect(isAboveFloor(12_499, 1000, 12_000)).toBe(false);
    expect(isAboveFloor(12_500, 1000, 12_000)).toBe(true);
  });

  it('lets a single bin pass that holds 500 more than its share of the usual hour', () => {
    expect(isAboveFloor(9000, 1499, 12_000)).toBe(false);
    expect(isAboveFloor(9000, 1500, 12_000)).toBe(true);
  });
});
