/** Full ARN of a KMS key, `arn:aws:kms:eu-central-1:111122223333:key/...`. */
export type KeyArn = string & { readonly __brand: 'KeyArn' };

const KEY_ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):key\/([A-Za-z0-9-]{1,128})$/;

/** Parts of a key's ARN. */
export interface KeyArnParts {
  readonly partition: string;
  readonly region: string;
  /** The owner of the key; a foreign key used from here carries another account's id. */
  readonly accountId: string;
  readonly keyId: string;
}

/** The key ARN, or undefined if the text is none. */
export const parseKeyArn = (text: string): KeyArn | undefined =>
  KEY_ARN.test(text) ? (text as KeyArn) : undefined;

/** Partition, Region, owner account and key id of a key ARN. */
export function keyArnParts(keyArn: KeyArn): KeyArnParts {
  const [, partition = '', region = '', accountId = '', keyId = ''] = KEY_ARN.exec(keyArn) ?? [];
  return { partition, region, accountId, keyId };
}

/** An account and Region that is watched. Without `account` it is the account that the detector runs in. */
export interface Target {
  readonly region: string;
  /** Id of another account, as CloudWatch named it in its list. */
  readonly account?: string;
}

/** A text that is unique per target: `eu-central-1`, or `222233334444/eu-central-1` in another account. */
export const targetName = ({ region, account }: Target): string =>
  account === undefined ? region : `${account}/${region}`;

const REGION_SUBJECT = /^REGION#(?:(\d{12})\/)?([a-z0-9-]{1,32})$/;

/**
 * What stands for all keys of a Region together where a key's ARN would stand: `REGION#eu-central-1`, in another
 * account `REGION#222233334444/eu-central-1`.
 */
export const regionSubject = (region: string, account?: string): KeyArn =>
  `REGION#${targetName({ region, ...(account === undefined ? {} : { account }) })}` as KeyArn;

/** Where a key, or what stands for a Region's keys, is at home. No account: the detector's own. */
export function targetOfSubject(subject: KeyArn): Target {
  const [, account, region] = REGION_SUBJECT.exec(subject) ?? [];
  if (region !== undefined) return { region, ...(account === undefined ? {} : { account }) };
  const parts = keyArnParts(subject);
  return { region: parts.region, account: parts.accountId };
}

/** Whether it is a Region, not a key. */
export const isRegionSubject = (subject: string): boolean => REGION_SUBJECT.test(subject);

/**
 * The KMS operation that is counted, as CloudWatch spells it: `Decrypt`, `GenerateDataKey`, ...
 * ReEncrypt counts once on each side: `ReEncrypt:source` for the key that decrypts, `ReEncrypt:destination`
 * for the one that encrypts.
 */
export type Operation = string;

/** What an operation looks like where people or files name one. */
export const OPERATION_NAME = /^[A-Za-z]{2,64}(:(source|destination))?$/;

export const REENCRYPT_SOURCE: Operation = 'ReEncrypt:source';
export const REENCRYPT_DESTINATION: Operation = 'ReEncrypt:destination';

/** One key and one operation. */
export interface SeriesId {
  readonly keyArn: KeyArn;
  readonly operation: Operation;
}

/** A text that is unique per series, to index by. */
export const seriesName = (id: SeriesId): string => `${id.keyArn} ${id.operation}`;
