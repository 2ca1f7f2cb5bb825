import { type Operation, REENCRYPT_DESTINATION } from '../usage/key.ts';
import type { KeyFacts } from './key-facts.ts';

/**
 * KMS list prices in dollars for each request, us-east-1, read 2026-11 (https://aws.amazon.com/kms/pricing/).
 * The pair spec of GenerateDataKeyPair is in no metric, so its price is a range: ECC to RSA.
 */
export const PRICES = {
  readOn: '2026-11',
  source: 'https://aws.amazon.com/kms/pricing/',
  symmetric: 0.03 / 10_000,
  rsa2048: 0.03 / 10_000,
  asymmetric: 0.15 / 10_000,
  eccDataKeyPair: 0.1 / 10_000,
  rsaDataKeyPair: 12 / 10_000,
  /** A customer managed key, each month, used or not; rotated material is at most two dollars more. */
  keyMonth: 1,
  /** Free each month, over all Regions together; asymmetric requests and key pairs are left out. */
  freeRequests: 20_000,
} as const;

/** The hours AWS counts a month with. */
export const HOURS_A_MONTH = 730;

/** Dollars for each request. `low` and `high` differ where the metric cannot tell what was asked for. */
export interface UnitPrice {
  readonly low: number;
  readonly high: number;
  /** True while the key's spec is unknown and a symmetric key is assumed. */
  readonly assumed: boolean;
}

const exact = (usd: number, assumed = false): UnitPrice => ({ low: usd, high: usd, assumed });

/**
 * Price of one request of an operation on a key of this spec. Decisions use `low`: nobody is woken by a guess.
 * A ReEncrypt is one request with two keys: its source carries the price.
 */
export function unitPrice(operation: Operation, spec: KeyFacts['spec']): UnitPrice {
  if (operation.startsWith('GenerateDataKeyPair')) {
    return { low: PRICES.eccDataKeyPair, high: PRICES.rsaDataKeyPair, assumed: false };
  }
  if (operation === REENCRYPT_DESTINATION) return exact(0);
  if (spec === undefined) return exact(PRICES.symmetric, true);
  if (spec === 'SYMMETRIC_DEFAULT' || spec.startsWith('HMAC_')) return exact(PRICES.symmetric);
  if (spec === 'RSA_2048') return exact(PRICES.rsa2048);
  return exact(PRICES.asymmetric);
}

/** Operations that only symmetric and HMAC keys know: their price needs no spec. */
const SYMMETRIC_ONLY = /^(GenerateDataKey(WithoutPlaintext)?|GenerateMac|VerifyMac)$/;

/** What one request may cost: unlike `unitPrice`, an unknown spec gives the whole range of prices that it leaves open. */
export function priceRange(operation: Operation, spec: KeyFacts['spec']): Omit<UnitPrice, 'assumed'> {
  const { low, high, assumed } = unitPrice(operation, spec);
  return { low, high: assumed && !SYMMETRIC_ONLY.test(operation) ? PRICES.asymmetric : high };
}
