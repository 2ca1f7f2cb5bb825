import { describe, expect, it } from 'vitest';
import { count, percent, times, usd } from '../../../shared/render/number.ts';

describe('count', () => {
  it.each([
    [0, '0'],
    [0.4, '0'],
    [612, '612'],
    [9_999, '9,999'],
    [10_004, '10,000'],
    [25_913, '25,900'],
    [412_345, '412,000'],
    [999_499, '999,000'],
    [999_500, '1 M'],
    [1_240_000, '1.24 M'],
    [1_200_000, '1.2 M'],
    [999_600_000, '1 bn'],
    [4_560_000_000, '4.56 bn'],
    [1e15, 'over 999 bn'],
    [-612, '-612'],
    [Number.NaN, '?'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('says %d as %s', (value, text) => {
    expect(count(value)).toBe(text);
  });
});

describe('usd', () => {
  it.each([
    [0, '$0'],
    [0.004, '<$0.01'],
    [0.42, '$0.42'],
    [3.6, '$3.60'],
    [9.996, '$10'],
    [14.6, '$14.6'],
    [14.04, '$14'],
    [99.96, '$100'],
    [350.4, '$350'],
    [999.6, '$1,000'],
    [10_658, '$10,700'],
    [1_240_000, '$1.24 M'],
    [-3.6, '-$3.60'],
    [Number.NaN, '$?'],
  ])('says %d as %s', (value, text) => {
    expect(usd(value)).toBe(text);
  });
});

describe('times', () => {
  it.each([
    [1.04, '1x'],
    [2.44, '2.4x'],
    [9.94, '9.9x'],
    [9.96, '10x'],
    [48.2, '48x'],
    [1_234, '1,230x'],
    [20_000, '>9,999x'],
    [Number.NaN, '?x'],
  ])('says %d as %s', (ratio, text) => {
    expect(times(ratio)).toBe(text);
  });
});

describe('percent', () => {
  it.each([
    [0, '0%'],
    [0.004, '<1%'],
    [0.07, '7%'],
    [0.996, '100%'],
    [1.2, '120%'],
    [50, '>999%'],
    [Number.NaN, '?%'],
  ])('says %d as %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});
