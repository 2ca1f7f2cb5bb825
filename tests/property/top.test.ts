import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import { rankKeys, TOP_ORDERS, type TopUse } from '../../shared/domain/top.ts';
import { REENCRYPT_DESTINATION, REENCRYPT_SOURCE, seriesName } from '../../shared/domain/usage/key.ts';
import { aKeyArn } from '../support/keys.ts';

const OPERATIONS = [
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'Sign',
  REENCRYPT_SOURCE,
  REENCRYPT_DESTINATION,
];
const SPECS = ['SYMMETRIC_DEFAULT', 'RSA_2048', 'ECC_NIST_P256', undefined];

const uses = fc
  .record({
    series: fc.uniqueArray(
      fc.record({
        id: fc.record({
          keyArn: fc.integer({ min: 1, max: 6 }).map((n) => aKeyArn(n)),
          operation: fc.constantFrom(...OPERATIONS),
        }),
        requests: fc
          .array(fc.oneof(fc.nat(1e6), fc.constant(Number.NaN)), { minLength: 36, maxLength: 36 })
          .map((bins) => Float64Array.from(bins)),
        weekBefore: fc.option(fc.nat(1e7), { nil: undefined }),
      }),
      { selector: ({ id }) => seriesName(id), maxLength: 20 },
    ),
    specs: fc.array(fc.constantFrom(...SPECS), { minLength: 6, maxLength: 6 }),
  })
  .map(({ series, specs }): TopUse => {
    const keys = specs.map((spec, i) => ({
      keyArn: aKeyArn(i + 1),
      aliases: [],
      ...(spec === undefined ? {} : { spec }),
    }));
    return {
      series,
      directory: { keys: new Map(keys.map((facts) => [facts.keyArn, facts])) },
      periodSeconds: 300,
      seconds: 10_800,
      quota: (group) => defaultQuota(group, 'eu-central-1'),
      quotaCalls: undefined,
    };
  });

const orders = fc.constantFrom(...TOP_ORDERS);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('any ranking', () => {
  it('has shares that add up to one, unless nothing was used', () => {
    fc.assert(
      fc.property(uses, orders, (use, by) => {
        const { keys, total } = rankKeys(use, by, 100);
        if (total.requests === 0) return;

        expect(sum(keys.map(({ share }) => share.requests))).toBeCloseTo(1, 9);
        expect(sum(keys.map(({ share }) => share.cost))).toBeCloseTo(1, 9);
      }),
    );
  });

  it('adds up to the total, wherever the list ends, and keeps each range in order', () => {
    fc.assert(
      fc.property(uses, orders, fc.integer({ min: 1, max: 8 }), (use, by, limit) => {
        const { keys, others, total } = rankKeys(use, by, limit);

        expect(keys.length + others.keys).toBe(total.keys);
        expect(sum(keys.map(({ requests }) => requests)) + others.requests).toBe(total.requests);
        expect(sum(keys.map(({ usd }) => usd.high)) + others.usd.high).toBeCloseTo(total.usd.high, 6);
        for (const { usd } of keys) expect(usd.low).toBeLessThanOrEqual(usd.high);
      }),
    );
  });

  it('lists the same keys with the same figures, whatever it is ranked by', () => {
    fc.assert(
      fc.property(uses, (use) => {
        const [first, ...rest] = TOP_ORDERS.map((by) =>
          rankKeys(use, by, 100).keys.toSorted((a, b) => (a.keyArn < b.keyArn ? -1 : 1)),
        );

        for (const other of rest) expect(other).toEqual(first);
      }),
    );
  });

  it('takes of a quota on average no more than at the peak', () => {
    fc.assert(
      fc.property(uses, (use) => {
        const { keys, total } = rankKeys(use, 'quota', 100);

        for (const quota of [...keys.map((key) => key.quota), ...total.quotas]) {
          if (quota) expect(quota.average).toBeLessThanOrEqual(quota.peak * (1 + 1e-9));
        }
      }),
    );
  });
});
