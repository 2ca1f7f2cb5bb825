import { type Operation, REENCRYPT_DESTINATION } from '../usage/key.ts';

/** A request quota that several operations of an account and Region share. */
export type QuotaGroup = 'symmetric' | 'rsa' | 'ecc' | 'mlDsa';

/** Requests per second that KMS admits, and where the number is from. */
export interface Quota {
  readonly perSecond: number;
  /** True: the documented default of the Region; the applied value of the account may differ. */
  readonly assumed: boolean;
}

// https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
const SYMMETRIC_DEFAULT = 10_000;
const SYMMETRIC_BY_REGION: Readonly<Record<string, number>> = {
  'us-east-1': 100_000,
  'us-west-2': 100_000,
  'eu-west-1': 100_000,
  'us-east-2': 20_000,
  'ap-southeast-1': 20_000,
  'ap-southeast-2': 20_000,
  'ap-northeast-1': 20_000,
  'eu-central-1': 20_000,
  'eu-west-2': 20_000,
};
const ASYMMETRIC_DEFAULT = 1_000;

/**
 * The quota that requests of this operation on a key of this spec count against. Undefined: none that keys share (data
 * key pairs have one of their own, and the destination of a ReEncrypt is the same request as its source).
 */
export function quotaGroup(operation: Operation, spec: string | undefined): QuotaGroup | undefined {
  if (operation.startsWith('GenerateDataKeyPair') || operation === REENCRYPT_DESTINATION) return undefined;
  if (spec === undefined || spec === 'SYMMETRIC_DEFAULT' || spec.startsWith('HMAC_')) return 'symmetric';
  if (spec.startsWith('RSA_')) return 'rsa';
  if (spec.startsWith('ML_DSA')) return 'mlDsa';
  return 'ecc';
}

/** The documented default quota of a Region. */
export const defaultQuota = (group: QuotaGroup, region: string): Quota => ({
  perSecond: group === 'symmetric' ? (SYMMETRIC_BY_REGION[region] ?? SYMMETRIC_DEFAULT) : ASYMMETRIC_DEFAULT,
  assumed: true,
});
