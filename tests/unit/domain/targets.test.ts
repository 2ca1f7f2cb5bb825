import { describe, expect, it } from 'vitest';
import { matchesAny } from '../../../shared/domain/policy.ts';
import {
  isRegionSubject,
  type KeyArn,
  regionSubject,
  targetOfSubject,
} from '../../../shared/domain/usage/key.ts';
import { type Metric, seriesOf, targetsByKey } from '../../../shared/domain/usage/metric.ts';

const LAKE = '222233334444';
const KEY = `arn:aws:kms:us-east-1:${LAKE}:key/0123-4567` as KeyArn;

describe('a target', () => {
  it('is what stands behind the name of quotas, and the old form is the own account', () => {
    expect(regionSubject('eu-central-1')).toBe('REGION#eu-central-1');
    expect(regionSubject('eu-central-1', LAKE)).toBe(`REGION#${LAKE}/eu-central-1`);
    expect(targetOfSubject(regionSubject('eu-central-1'))).toEqual({ region: 'eu-central-1' });
    expect(targetOfSubject(regionSubject('us-east-1', LAKE))).toEqual({ region: 'us-east-1', account: LAKE });
    expect(['REGION#12/eu-central-1', 'REGION#', `REGION#${LAKE}/`].filter(isRegionSubject)).toEqual([]);
  });

  it('of a key is one, however many accounts list it: the own one first, else the first by number', () => {
    const listed = (...accounts: (string | undefined)[]) => {
      const metrics = accounts.map(
        (account): Metric => ({
          kind: 'key',
          keyArn: KEY,
          operation: 'Decrypt',
          ...(account === undefined ? {} : { account }),
        }),
      );
      return targetsByKey(seriesOf(metrics)).get(KEY);
    };

    expect(listed('333344445555', LAKE)).toEqual({ region: 'us-east-1', account: LAKE });
    expect(listed(LAKE, undefined, '333344445555')).toEqual({ region: 'us-east-1' });
  });
});

describe('a pattern of ARNs', () => {
  const names = (pattern: string, keyArn: KeyArn = KEY) => matchesAny([pattern], { keyArn, aliases: [] });

  it('reaches over accounts, Regions and ids, each within its own part', () => {
    expect(names(`arn:aws:kms:*:${LAKE}:key/*`)).toBe(true);
    expect(names('arn:aws:kms:us-*:*:key/0123-*')).toBe(true);
    expect(names('arn:aws:kms:eu-*:*:key/*')).toBe(false);
    expect(names('arn:aws:kms:*:333344445555:key/*')).toBe(false);
    expect(names('arn:aws-cn:kms:*:*:key/*')).toBe(false);
  });

  it("names a target's quotas if it names all of its keys", () => {
    expect(names(`arn:aws:kms:*:${LAKE}:key/*`, regionSubject('us-east-1', LAKE))).toBe(true);
    expect(names('arn:aws:kms:us-east-1:*:key/*', regionSubject('us-east-1'))).toBe(true);
    expect(names(`arn:aws:kms:*:${LAKE}:key/*`, regionSubject('us-east-1'))).toBe(false);
    expect(names(`arn:aws:kms:*:${LAKE}:key/0*`, regionSubject('us-east-1', LAKE))).toBe(false);
  });
});
