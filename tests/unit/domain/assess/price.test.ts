import { describe, expect, it } from 'vitest';
import { cloudTrailUsd, pricesFor, unitPrice } from '../../../../shared/domain/assess/price.ts';
import { parsePolicy } from '../../../../shared/policy-document.ts';

const DEFAULTS = { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 };
const MILLION = 1e6;

/** Dollars of a million requests, and where they are from. */
const millionOf = (operation: string, spec: string | undefined, prices = pricesFor('us-east-1')) => {
  const { low, high, assumed, source } = unitPrice(operation, spec, prices);
  return [Math.round(low * MILLION * 100) / 100, Math.round(high * MILLION * 100) / 100, assumed, source];
};

describe('the price of a request', () => {
  it.each([
    ['Decrypt', 'SYMMETRIC_DEFAULT', [3, 3, false, 'list']],
    ['Decrypt', undefined, [3, 3, true, 'list']],
    ['GenerateMac', 'HMAC_256', [3, 3, false, 'list']],
    ['Sign', 'RSA_2048', [3, 3, false, 'list']],
    ['Sign', 'RSA_4096', [15, 15, false, 'list']],
    ['Sign', 'ML_DSA_65', [15, 15, false, 'list']],
    ['GenerateDataKeyPair', 'SYMMETRIC_DEFAULT', [10, 1200, false, 'list']],
    ['ReEncrypt:source', 'SYMMETRIC_DEFAULT', [3, 3, false, 'list']],
    ['ReEncrypt:destination', 'SYMMETRIC_DEFAULT', [0, 0, false, 'list']],
  ])('of %s with %s is as listed', (operation, spec, expected) => {
    expect(millionOf(operation, spec)).toEqual(expected);
  });

  it('is that of us-east-1 where the Region has none of its own, and says so', () => {
    expect(millionOf('Decrypt', 'SYMMETRIC_DEFAULT', pricesFor('eu-central-1'))).toEqual([
      3,
      3,
      false,
      'otherRegion',
    ]);
  });

  it("is the policy document's where it has one, per 10,000 requests", () => {
    const policy = parsePolicy({ version: 1, prices: { symmetric: 0.05, rsaDataKeyPair: 0.01 } }, DEFAULTS);
    const prices = pricesFor('eu-central-1', policy.prices);

    expect(millionOf('Decrypt', 'SYMMETRIC_DEFAULT', prices)).toEqual([5, 5, false, 'policy']);
    expect(millionOf('Sign', 'ECC_NIST_P256', prices)).toEqual([15, 15, false, 'policy']);
    expect(millionOf('GenerateDataKeyPair', undefined, prices)).toEqual([1, 10, false, 'policy']);
  });

  it.each([
    [{ symetric: 0.05 }, /prices/],
    [{ symmetric: -1 }, /prices\.symmetric.*0 or more/s],
  ])('is not taken from a document that says %j', (prices, problem) => {
    expect(() => parsePolicy({ version: 1, prices }, DEFAULTS)).toThrow(problem);
  });

  it('counts the events of a second trail, and none of the first', () => {
    expect(cloudTrailUsd(1_000_000)).toBeCloseTo(20, 9);
    expect(cloudTrailUsd(1_000_000, 0)).toBe(0);
    expect(cloudTrailUsd(100_000, 2)).toBeCloseTo(4, 9);
  });
});
