import { entryOf } from '../entry-of.ts';
import { type Operation, REENCRYPT_DESTINATION } from '../usage/key.ts';
import type { KeyFacts } from './key-facts.ts';

/**
 * KMS list prices in dollars for each request, us-east-1, read 2026-11 (https://aws.amazon.com/kms/pricing/).
 * The pair spec of GenerateDataKeyPair is in no metric, so its price is a range: ECC to RSA. HMACs and ML-DSA are not
 * named on the page and are counted with symmetric and other asymmetric keys.
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
/** What requests are priced by. */
export type PriceKind = 'symmetric' | 'rsa2048' | 'asymmetric' | 'eccDataKeyPair' | 'rsaDataKeyPair';

/** A deployment's own prices, in dollars for each request, where they differ from the list. */
export type OwnPrices = Readonly<Partial<Record<PriceKind, number>>>;

/**
 * Where a price is from: AWS's list for the Region, its list for us-east-1 because the Region's own is not known here,
 * or the policy document.
 */
export type PriceSource = 'list' | 'otherRegion' | 'policy';

/** The prices that hold in a Region. */
export interface Prices {
  readonly usd: Readonly<Record<PriceKind, number>>;
  readonly source: PriceSource;
}

/** Regions whose list prices are known. AWS's differ in some others, and in which was not documented where this was read. */
const LISTED_REGIONS: Readonly<Record<string, Readonly<Record<PriceKind, number>>>> = { 'us-east-1': PRICES };

/** The prices of a Region: the policy's own first, then its list, then that of us-east-1. */
export function pricesFor(region: string, own: OwnPrices = {}): Prices {
  const listed = entryOf(LISTED_REGIONS, region);
  const { symmetric, rsa2048, asymmetric, eccDataKeyPair, rsaDataKeyPair } = listed ?? PRICES;
  const usd = { symmetric, rsa2048, asymmetric, eccDataKeyPair, rsaDataKeyPair, ...own };
  const isOwn = Object.keys(own).length > 0;
  return { usd, source: isOwn ? 'policy' : listed ? 'list' : 'otherRegion' };
}

/** Dollars for each request. `low` and `high` differ where the metric cannot tell what was asked for. */
export interface UnitPrice {
  readonly low: number;
  readonly high: number;
  /** True while the key's spec is unknown and a symmetric key is assumed. */
  readonly assumed: boolean;
  readonly source: PriceSource;
}

/**
 * Price of one request of an operation on a key of this spec. Decisions use `low`: nobody is woken by a guess.
 * A ReEncrypt is one request with two keys: its source carries the price.
 */
export function unitPrice(
  operation: Operation,
  spec: KeyFacts['spec'],
  { usd, source }: Prices = pricesFor('us-east-1'),
): UnitPrice {
  const exact = (each: number, assumed = false): UnitPrice => ({ low: each, high: each, assumed, source });
  if (operation.startsWith('GenerateDataKeyPair')) {
    const [low, high] = [usd.eccDataKeyPair, usd.rsaDataKeyPair].toSorted((a, b) => a - b);
    return { low: low ?? 0, high: high ?? 0, assumed: false, source };
  }
  if (operation === REENCRYPT_DESTINATION) return exact(0);
  if (spec === undefined) return exact(usd.symmetric, true);
  if (spec === 'SYMMETRIC_DEFAULT' || spec.startsWith('HMAC_')) return exact(usd.symmetric);
  if (spec === 'RSA_2048') return exact(usd.rsa2048);
  return exact(usd.asymmetric);
}

/** Operations that only symmetric and HMAC keys know: their price needs no spec. */
const SYMMETRIC_ONLY = /^(GenerateDataKey(WithoutPlaintext)?|GenerateMac|VerifyMac)$/;

/** What one request may cost: unlike `unitPrice`, an unknown spec gives the whole range of prices that it leaves open. */
export function priceRange(
  operation: Operation,
  spec: KeyFacts['spec'],
  prices: Prices = pricesFor('us-east-1'),
): Pick<UnitPrice, 'low' | 'high'> {
  const { low, high, assumed } = unitPrice(operation, spec, prices);
  return { low, high: assumed && !SYMMETRIC_ONLY.test(operation) ? prices.usd.asymmetric : high };
}
/** CloudTrail's list price of a management event in any copy but the first, which is free, read 2026-11 (https://aws.amazon.com/cloudtrail/pricing/). */
const USD_PER_PAID_EVENT = 2 / 100_000;

/**
 * What CloudTrail charges for the events of so many requests, one event each: nothing with a single trail, as much
 * again for every further trail or event data store that takes management events with those of KMS in it.
 */
export const cloudTrailUsd = (requests: number, paidCopies = 1): number =>
  requests * paidCopies * USD_PER_PAID_EVENT;
