import { describe, expect, it } from 'vitest';
import type { KeyFacts } from '../../../shared/domain/assess/key-facts.ts';
import { defaultQuota, type QuotaGroup } from '../../../shared/domain/assess/quota.ts';
import { rankKeys, type SeriesUse, type TopUse } from '../../../shared/domain/top.ts';
import { REENCRYPT_DESTINATION, REENCRYPT_SOURCE } from '../../../shared/domain/usage/key.ts';
import { UNKNOWN } from '../../../shared/domain/usage/series.ts';
import { aKeyArn } from '../../support/keys.ts';

const HOUR_OF_BINS = 12;

const aSeries = (
  key: number,
  operation: string,
  perBin: number | readonly number[],
  weekBefore: number | undefined = 0,
): SeriesUse => ({
  id: { keyArn: aKeyArn(key), operation },
  requests:
    typeof perBin === 'number' ? new Float64Array(HOUR_OF_BINS).fill(perBin) : Float64Array.from(perBin),
  weekBefore,
});

const aKey = (n: number, more: Partial<KeyFacts> = {}): KeyFacts => ({
  keyArn: aKeyArn(n),
  aliases: [],
  spec: 'SYMMETRIC_DEFAULT',
  manager: 'CUSTOMER',
  ...more,
});

/** An hour of the Region's use, in bins of 5 minutes; every key is described unless said otherwise. */
const anHour = (
  series: readonly SeriesUse[],
  keys: readonly KeyFacts[] = series.map(({ id }) => ({ ...aKey(0), keyArn: id.keyArn })),
  quotaCalls?: ReadonlyMap<QuotaGroup, number>,
): TopUse => ({
  series,
  directory: { keys: new Map(keys.map((facts) => [facts.keyArn, facts])) },
  periodSeconds: 300,
  seconds: 3600,
  quota: (group) => defaultQuota(group, 'eu-central-1'),
  quotaCalls,
});

const order = (use: TopUse, by: 'requests' | 'cost' | 'quota') =>
  rankKeys(use, by, 10).keys.map(({ keyArn }) => keyArn);

describe('the ranking of keys', () => {
  it('tells of a key what it used, cost and took, and what it did a week before', () => {
    const use = anHour([
      aSeries(1, 'Decrypt', [...Array<number>(11).fill(60_000), 600_000], 630_000),
      aSeries(1, 'GenerateDataKey', 10_000, 0),
      aSeries(2, 'Decrypt', 20_000, 240_000),
    ]);

    const { keys, total } = rankKeys(use, 'requests', 10);

    expect(keys[0]).toMatchObject({
      keyArn: aKeyArn(1),
      requests: 1_380_000,
      weekBefore: 630_000,
      operations: [
        { operation: 'Decrypt', requests: 1_260_000 },
        { operation: 'GenerateDataKey', requests: 120_000 },
      ],
      complete: true,
    });
    expect(keys[0]?.usd.low).toBeCloseTo(4.14);
    expect(keys[0]?.usdPerMonth.high).toBeCloseTo(4.14 * 730);
    expect(keys[0]?.share.requests).toBeCloseTo(138 / 162);
    expect(keys[0]?.quota?.average).toBeCloseTo(1_380_000 / 3600 / 20_000);
    expect(keys[0]?.quota?.peak).toBeCloseTo(610_000 / 300 / 20_000);
    expect(total).toMatchObject({ keys: 2, requests: 1_620_000, weekBefore: 870_000 });
  });

  it('goes by requests, by cost or by the quota taken', () => {
    const use = anHour(
      [aSeries(1, 'Decrypt', 1000), aSeries(2, 'Sign', 400), aSeries(3, 'GenerateDataKeyPair', 10)],
      [aKey(1), aKey(2, { spec: 'ECC_NIST_P256' }), aKey(3)],
    );

    expect(order(use, 'requests')).toEqual([aKeyArn(1), aKeyArn(2), aKeyArn(3)]);
    expect(order(use, 'cost')).toEqual([aKeyArn(3), aKeyArn(2), aKeyArn(1)]);
    expect(order(use, 'quota')).toEqual([aKeyArn(2), aKeyArn(1), aKeyArn(3)]);
  });

  it('counts a ReEncrypt once, for its source, and shows it on both sides', () => {
    const use = anHour([
      aSeries(1, REENCRYPT_SOURCE, 500, 6000),
      aSeries(2, REENCRYPT_DESTINATION, 500, 6000),
      aSeries(2, 'Decrypt', 1, 12),
      aSeries(3, REENCRYPT_DESTINATION, 1, 12),
    ]);

    const { keys, total } = rankKeys(use, 'requests', 10);

    expect(keys.map(({ requests }) => requests)).toEqual([6000, 12]);
    expect(keys[1]?.operations).toMatchObject([
      { operation: REENCRYPT_DESTINATION, requests: 6000, usd: { low: 0, high: 0 } },
      { operation: 'Decrypt', requests: 12 },
    ]);
    expect(total).toMatchObject({ requests: 6012, weekBefore: 6012 });
    expect(total.quotas[0]?.average).toBeCloseTo(6012 / 3600 / 20_000);
  });

  it.each([
    ['pairs of a type that no metric tells', 'GenerateDataKeyPair', 'SYMMETRIC_DEFAULT', 0.1, 12],
    ['a key that was not described', 'Decrypt', undefined, 0.03, 0.15],
    ['an operation of symmetric keys, described or not', 'GenerateDataKey', undefined, 0.03, 0.03],
    ['an elliptic curve', 'Sign', 'ECC_NIST_P256', 0.15, 0.15],
  ])('prices %s', (_, operation, spec, low, high) => {
    const { spec: __, ...nameless } = aKey(1);
    const use = anHour([aSeries(1, operation, 10_000)], [spec ? { ...nameless, spec } : nameless]);

    const [key] = rankKeys(use, 'cost', 10).keys;

    expect(key?.usd.low).toBeCloseTo(12 * low);
    expect(key?.usd.high).toBeCloseTo(12 * high);
  });

  it('names the keys below the limit, so that list and rest are the whole', () => {
    const use = anHour([1, 2, 3, 4].map((n) => aSeries(n, 'Decrypt', n)));

    const { keys, others, total } = rankKeys(use, 'requests', 2);

    expect(keys.map(({ requests }) => requests)).toEqual([48, 36]);
    expect(others).toMatchObject({ keys: 2, requests: 36 });
    expect(total.requests).toBe(120);
  });

  it('marks what could not be read: figures that are too low, a past that is not known', () => {
    const use = anHour([
      aSeries(1, 'Decrypt', 5, 60),
      { ...aSeries(1, 'Encrypt', UNKNOWN), weekBefore: undefined },
    ]);

    const { keys, total } = rankKeys(use, 'requests', 10);

    expect(keys[0]).toMatchObject({ requests: 60, complete: false, weekBefore: null });
    expect(keys[0]?.trace.every((mean) => mean === null)).toBe(true);
    expect(total.weekBefore).toBeNull();
  });

  it('leaves out keys that were not used', () => {
    expect(rankKeys(anHour([aSeries(1, 'Decrypt', 0, 99)]), 'cost', 10)).toMatchObject({
      keys: [],
      total: { keys: 0, requests: 0 },
    });
  });
});

describe('what is not attributed to keys', () => {
  const calls = new Map<QuotaGroup, number>([
    ['symmetric', 24_000],
    ['rsa', 5],
  ]);

  it('is the calls beyond those of the keys, and what they may cost', () => {
    const { notAttributed } = rankKeys(anHour([aSeries(1, 'Decrypt', 1000)], undefined, calls), 'cost', 10);

    expect(notAttributed.keyless).toMatchObject([
      { group: 'symmetric', counted: 24_000, calls: 12_000 },
      { group: 'rsa', counted: 5, calls: 5 },
    ]);
    expect(notAttributed.keyless?.[0]?.usdPerMonthAtMost).toBeCloseTo(1.2 * 0.03 * 730);
  });

  it('is never less than nothing, and unknown without a count', () => {
    const busy = [aSeries(1, 'Decrypt', 9000)];

    expect(rankKeys(anHour(busy, undefined, calls), 'cost', 1).notAttributed.keyless?.[0]?.calls).toBe(0);
    expect(rankKeys(anHour(busy), 'cost', 1).notAttributed.keyless).toBeNull();
  });

  it('is a dollar a month for each customer key, perhaps for one that was not described, never for one of AWS', () => {
    const { spec: _, manager: __, ...nameless } = aKey(3);
    const { manager: ___, ...awsName } = aKey(4, { aliases: ['alias/aws/s3'] });
    const use = anHour(
      [1, 2, 3, 4].map((n) => aSeries(n, 'Decrypt', 1)),
      [aKey(1), aKey(2, { manager: 'AWS' }), nameless, awsName],
    );

    expect(rankKeys(use, 'cost', 10).notAttributed).toMatchObject({
      keyStorage: { keys: 2, usdPerMonth: { low: 1, high: 2 } },
      freeTierUsdPerMonth: expect.closeTo(0.06),
    });
  });
});
