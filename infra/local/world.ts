import type { Counter } from './counter-metric.ts';
import type { Dimension } from './metric.ts';
import type { WorldCallerShare } from './world-callers.ts';
import { DEFAULT_SWITCHES, type WorldSwitches } from './world-switches.ts';

/** An AWS account as far as KMS goes: its keys, and how often each is used. */
export interface World {
  readonly accountId: string;
  readonly region: string;
  /** The moment at which a clock starts that is not given another one; the history lies before it. */
  readonly startsAt: number;
  readonly keys: readonly WorldKey[];
  readonly series: readonly WorldSeries[];
  /** Put another record here to switch the world. */
  switches: WorldSwitches;
}

/** A KMS key. */
export interface WorldKey {
  readonly arn: string;
  readonly keyId: string;
  readonly ownerAccountId: string;
  /** Names with their prefix: `alias/orders-api`. */
  readonly aliases: readonly string[];
  readonly manager: 'CUSTOMER' | 'AWS';
  readonly keySpec: KeySpec;
  readonly description: string;
  readonly createdAt: number;
  readonly multiRegion: boolean;
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion';
}

export type KeySpec = 'SYMMETRIC_DEFAULT' | 'RSA_2048' | 'RSA_4096' | 'ECC_NIST_P256' | 'HMAC_256';

/** One metric `AWS/KMS SuccessfulRequest`. */
export interface WorldSeries {
  readonly dimensions: readonly Dimension[];
  /** Owner of the key; of the source key in the case of ReEncrypt. */
  readonly ownerAccountId: string;
  readonly callerAccountId: string;
  readonly keySpec: KeySpec;
  readonly counter: Counter;
  /** Who makes the requests of a bin, shares that add up to 1. @default one role named like the key's alias */
  readonly callers?: (bin: number) => readonly WorldCallerShare[];
}

export const DEFAULT_REGION = 'eu-central-1';
export const DEFAULT_ACCOUNT_ID = '111122223333';

/** An account that does not use KMS at all. */
export function emptyWorld(
  options: {
    readonly accountId?: string;
    readonly region?: string;
    readonly startsAt?: number;
    readonly switches?: Partial<WorldSwitches>;
  } = {},
): World {
  return {
    accountId: options.accountId ?? DEFAULT_ACCOUNT_ID,
    region: options.region ?? DEFAULT_REGION,
    startsAt: options.startsAt ?? 0,
    keys: [],
    series: [],
    switches: { ...DEFAULT_SWITCHES, ...options.switches },
  };
}

/** Account and key id of a key's ARN. */
export function arnParts(arn: string): {
  readonly accountId: string;
  readonly keyId: string;
  readonly region: string;
} {
  const [, , , region = '', accountId = '', resource = ''] = arn.split(':');
  return { region, accountId, keyId: resource.replace(/^key\//, '') };
}
