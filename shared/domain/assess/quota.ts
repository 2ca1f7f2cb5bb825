import { entryOf } from '../entry-of.ts';
import { type Operation, REENCRYPT_DESTINATION } from '../usage/key.ts';
import { DAY_SECONDS, type EpochSeconds } from '../usage/time.ts';

/** A request quota that several operations of an account and Region share. */
export type QuotaGroup = 'symmetric' | 'rsa' | 'ecc' | 'mlDsa';

export const QUOTA_GROUPS: readonly QuotaGroup[] = ['symmetric', 'rsa', 'ecc', 'mlDsa'];

/** Requests per second that KMS admits, and where the number is from. */
export interface Quota {
  readonly perSecond: number;
  /** True: the documented default of the Region; the applied value of the account may differ. */
  readonly assumed: boolean;
  /** When Service Quotas told it; absent with the documented default. */
  readonly readAt?: EpochSeconds;
}

/** The request quotas of an account and Region as Service Quotas told them, in requests per second. */
export interface AppliedQuotas {
  readonly readAt: EpochSeconds;
  /** A quota that Service Quotas does not list has its documented default. */
  readonly perSecond: Readonly<Partial<Record<QuotaGroup, number>>>;
}

/** Age from which the last copy of the quotas is due to be read again. */
export const QUOTAS_DUE_SECONDS = DAY_SECONDS;

/** Age from which a message says that the quota is an old copy: reading it has failed twice. */
const OLD_SECONDS = 2 * DAY_SECONDS;

/**
 * The `Resource` dimension under which `AWS/Usage CallCount` counts all requests against a quota. How it calls
 * ML-DSA's is not documented.
 */
export const CALL_COUNT_RESOURCES: Readonly<Partial<Record<QuotaGroup, string>>> = {
  symmetric: 'CryptographicOperationsSymmetric',
  rsa: 'CryptographicOperationsRsa',
  ecc: 'CryptographicOperationsEcc',
};

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
  perSecond:
    group === 'symmetric' ? (entryOf(SYMMETRIC_BY_REGION, region) ?? SYMMETRIC_DEFAULT) : ASYMMETRIC_DEFAULT,
  assumed: true,
});

/** The quotas that hold: what was read last, however old, else the documented default. */
export const quotasOf =
  (applied: AppliedQuotas | undefined, fallback: (group: QuotaGroup) => Quota) =>
  (group: QuotaGroup): Quota => {
    const perSecond = applied?.perSecond[group];
    return applied && perSecond !== undefined
      ? { perSecond, assumed: false, readAt: applied.readAt }
      : fallback(group);
  };

/** Whether a quota was read so long before `at` that it may have changed since. */
export const isOldQuota = ({ readAt }: Quota, at: EpochSeconds): boolean =>
  readAt !== undefined && at - readAt > OLD_SECONDS;
