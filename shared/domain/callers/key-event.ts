import type { EpochSeconds } from '../usage/time.ts';

/** Who made a call, as CloudTrail writes it down. Any part may be missing, and all of it is hostile text. */
export interface UserIdentity {
  /** `AssumedRole`, `IAMUser`, `Root`, `AWSService`, `AWSAccount`, `FederatedUser`, ... */
  readonly type?: string | undefined;
  readonly arn?: string | undefined;
  readonly accountId?: string | undefined;
  readonly userName?: string | undefined;
  readonly principalId?: string | undefined;
  /** The AWS service that made the call, for somebody or on its own. */
  readonly invokedBy?: string | undefined;
  /** Role or user that issued a session's credentials. */
  readonly issuer?: Issuer | undefined;
}

interface Issuer {
  readonly arn?: string | undefined;
  readonly accountId?: string | undefined;
  readonly userName?: string | undefined;
}

/** One call to KMS out of CloudTrail's event history. */
export interface KeyEvent {
  /** Unique within an account. */
  readonly id: string;
  readonly at: EpochSeconds;
  /** `Decrypt`, `GenerateDataKey`, ...; calls that only manage the key come along, too. */
  readonly operation: string;
  /** `AccessDenied`, `ThrottlingException`, ...; undefined: the call succeeded. */
  readonly errorCode?: string | undefined;
  readonly identity: UserIdentity;
  /** Address, or the DNS name of an AWS service. */
  readonly source?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/**
 * The operations that use a key
 * (https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#cryptographic-operations).
 */
const USES: ReadonlySet<string> = new Set([
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'ReEncrypt',
  'Sign',
  'Verify',
  'VerifyMac',
]);

/** Whether the event is a use of the key: what manages a key, such as DescribeKey, is in no metric of its use. */
export const isUse = ({ operation }: KeyEvent): boolean => isUseOperation(operation);

/** Whether an operation uses a key, as opposed to managing one. */
export const isUseOperation = (operation: string): boolean => USES.has(operation);

/** At most `maxLength` UTF-16 units of a text, and never half of a character. */
export function bounded(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}
