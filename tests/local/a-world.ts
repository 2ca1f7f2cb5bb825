import {
  DEFAULT_ACCOUNT_ID,
  DEFAULT_REGION,
  emptyWorld,
  type World,
  type WorldKey,
} from '../../infra/local/world.ts';
import type { WorldSwitches } from '../../infra/local/world-switches.ts';

/** Tuesday, 24 November 2026, 12:00 UTC: the moment at which the small worlds of these tests stand. */
export const NOON = Date.UTC(2026, 10, 24, 12) / 1000;

/** The ARN of a key with a short name. */
export const keyArn = (name: string, accountId = DEFAULT_ACCOUNT_ID): string =>
  `arn:aws:kms:${DEFAULT_REGION}:${accountId}:key/${name}`;

/** The dimensions of a key's metric. */
export const dimensions = (name: string, operation = 'Decrypt') => [
  { Name: 'KeyArn', Value: keyArn(name) },
  { Name: 'Operation', Value: operation },
];

/** A key of a small world. */
export const aKey = (keyId: string, more: Partial<WorldKey> = {}): WorldKey => ({
  arn: keyArn(keyId),
  keyId,
  ownerAccountId: DEFAULT_ACCOUNT_ID,
  aliases: [],
  manager: 'CUSTOMER',
  keySpec: 'SYMMETRIC_DEFAULT',
  description: '',
  createdAt: NOON - 86_400,
  multiRegion: false,
  state: 'Enabled',
  ...more,
});

/** A series of a small world: requests per 5 minutes, as a function of the bin's start. */
export interface SmallSeries {
  readonly key: string;
  readonly operation?: string;
  readonly requests: (binStart: number) => number;
  readonly bornAt?: number;
  readonly callerAccountId?: string;
  readonly ownerAccountId?: string;
}

/** A world of a few series with exact counts. */
export function aWorld(
  series: readonly SmallSeries[],
  switches: Partial<WorldSwitches> = {},
  keys: readonly WorldKey[] = [],
): World {
  return {
    ...emptyWorld({ startsAt: NOON, switches }),
    keys,
    series: series.map(
      ({ key, operation, requests, bornAt = NOON - 70 * 86_400, callerAccountId, ownerAccountId }) => ({
        dimensions: dimensions(key, operation),
        ownerAccountId: ownerAccountId ?? DEFAULT_ACCOUNT_ID,
        callerAccountId: callerAccountId ?? DEFAULT_ACCOUNT_ID,
        keySpec: 'SYMMETRIC_DEFAULT' as const,
        counter: {
          seed: 7,
          firstBin: Math.floor(bornAt / 300),
          requests: (bin: number) => (bin * 300 < bornAt ? Number.NaN : requests(bin * 300)),
        },
      }),
    ),
  };
}
