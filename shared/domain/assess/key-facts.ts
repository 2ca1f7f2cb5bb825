import { isRegionSubject, type KeyArn } from '../usage/key.ts';
import type { EpochSeconds } from '../usage/time.ts';
import type { AppliedQuotas } from './quota.ts';

/** What KMS says about a key, as last read. */
export interface KeyFacts {
  readonly keyArn: KeyArn;
  readonly aliases: readonly string[];
  /** Aliases that the key had and nobody has now: a key that is deleted keeps its name for people, not for the policy. */
  readonly formerAliases?: readonly string[];
  /** `SYMMETRIC_DEFAULT`, `RSA_2048`, ...; undefined until DescribeKey has told. */
  readonly spec?: string;
  readonly manager?: 'CUSTOMER' | 'AWS';
  readonly description?: string;
  /** When DescribeKey last refused to tell: the key is gone, or another account's. It is asked again a day later. */
  readonly refusedAt?: EpochSeconds;
}

/** All key facts, and when they were read: old facts are used while KMS fails, and their age is reported. */
export interface KeyDirectory {
  readonly keys: ReadonlyMap<KeyArn, KeyFacts>;
  /** When the aliases were listed last; undefined: never. */
  readonly aliasesReadAt?: EpochSeconds;
  /** The request quotas of the detector's own account and Region; undefined: never read. */
  readonly quotas?: AppliedQuotas;
  /** Those of other Regions and accounts, by `targetName`. */
  readonly otherQuotas?: ReadonlyMap<string, AppliedQuotas>;
}

/** Facts of a key of which nothing is known yet. */
export const factsOf = (directory: KeyDirectory, keyArn: KeyArn): KeyFacts =>
  directory.keys.get(keyArn) ?? { keyArn, aliases: [] };

/** The name people know the key by: its first alias without the prefix, else the start of its id. */
export function keyLabel(facts: KeyFacts): string {
  if (isRegionSubject(facts.keyArn)) return 'KMS quota';
  const alias = facts.aliases[0] ?? facts.formerAliases?.[0];
  return alias ? alias.replace(/^alias\//, '') : (facts.keyArn.split('key/')[1] ?? facts.keyArn).slice(0, 13);
}
