import { describe, expect, it } from 'vitest';
import { forecast } from '../../../shared/domain/forecast.ts';

describe('a forecast', () => {
  it('expects little, but not nothing, after a quiet fortnight', () => {
    expect(forecast(0, 14, 14)).toEqual({ expected: 0, low: 0, high: 4 });
  });

  it('has the past rate in its middle', () => {
    const { expected, low, high } = forecast(20, 28, 14);

    expect(expected).toBe(10);
    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(10);
  });

  it('knows less from less history', () => {
    const short = forecast(4, 7, 14);
    const long = forecast(32, 56, 14);

    expect(short.expected).toBe(long.expected);
    expect(short.high - short.low).toBeGreaterThan(long.high - long.low);
  });
});
