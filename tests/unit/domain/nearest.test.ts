import { describe, expect, it } from 'vitest';
import { meantName, nearestNames } from '../../../shared/domain/nearest.ts';

describe('the nearest names', () => {
  it('are those with letters left out before those with other letters', () => {
    const known = ['alias/crm', 'alias/sqs', 'alias/lake-etl'];

    expect(nearestNames('alias/etl', known, 2)).toEqual(['alias/lake-etl', 'alias/crm']);
  });

  it('are no more than asked for, and none where nothing is known', () => {
    expect(nearestNames('x', ['a', 'b', 'c'], 2)).toEqual(['a', 'b']);
    expect(nearestNames('x', [], 2)).toEqual([]);
  });
});

describe('the name that is meant', () => {
  const FIELDS = ['action', 'keys', 'operations', 'at', 'lookback', 'notify'];

  it.each([
    ['key', 'keys'],
    ['operation', 'operations'],
    ['lookBack', 'lookback'],
    ['nofity', 'notify'],
    ['colour', undefined],
    ['__proto__', undefined],
  ])('by %s is %s', (name, meant) => {
    expect(meantName(name, FIELDS)).toBe(meant);
  });
});
