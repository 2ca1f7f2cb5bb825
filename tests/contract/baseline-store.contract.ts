import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BaselineStore, KeyBaselines, OperationBaseline } from '../../shared/app/ports.ts';
import { type Baseline, newBaseline } from '../../shared/domain/detection/baseline.ts';
import { encodeBaseline } from '../../shared/domain/detection/codec.ts';
import type { KeyArn, Operation } from '../../shared/domain/usage/key.ts';
import { NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

/** A baseline store whose bytes can be reached behind its back. */
export interface OpenedBaselineStore extends Opened<BaselineStore> {
  putBytes(keyArn: KeyArn, operation: Operation, bytes: Uint8Array): Promise<void>;
  bytesOf(keyArn: KeyArn, operation: Operation): Promise<Uint8Array | undefined>;
}

const KEY = aKeyArn(1);
const EXPIRES_AT = 1_801_600_000;

/** What every baseline store does. */
export function describeBaselineStore(name: string, open: () => Promise<OpenedBaselineStore>): void {
  describe(`${name} as a baseline store`, () => {
    let opened: OpenedBaselineStore;
    let store: BaselineStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('knows no key at first', async () => {
      expect(await store.loadAll()).toEqual([]);
    });

    it('returns baselines as they were saved, to the last bit', async () => {
      const key = aKeyOf({ Decrypt: aLearned(1), GenerateDataKey: aLearned(2) });

      expect(await store.save(key, EXPIRES_AT)).toBe('written');
      expect(await store.loadAll()).toEqual([{ ...key, version: 1 }]);
    });

    it('remembers the accounts that an operation was listed under', async () => {
      const key = aKeyOf({
        Decrypt: { ...aLearned(1), accounts: ['', '222233334444'] },
        Encrypt: aLearned(2),
      });

      await store.save(key, EXPIRES_AT);

      expect(await store.loadAll()).toEqual([{ ...key, version: 1 }]);
    });

    it('remembers the keys on the other side of a ReEncrypt', async () => {
      const counterparts = [aKeyArn(2), aKeyArn(3, '444455556666')];
      const key = aKeyOf({ 'ReEncrypt:source': { ...aLearned(1), counterparts } });

      await store.save(key, EXPIRES_AT);

      expect((await store.loadAll())[0]?.operations.get('ReEncrypt:source')?.counterparts).toEqual(
        counterparts,
      );
    });

    it('saves a key of which nothing is learned yet', async () => {
      await store.save(aKeyOf({}), EXPIRES_AT);
      await store.save(aKeyOf({ Decrypt: aLearned(1) }, 1), EXPIRES_AT);

      expect(await store.loadAll()).toEqual([aKeyOf({ Decrypt: aLearned(1) }, 2)]);
    });

    it('replaces the operations given and leaves others alone', async () => {
      await store.save(aKeyOf({ Decrypt: aLearned(1), Encrypt: aLearned(2) }), EXPIRES_AT);

      const outcome = await store.save(aKeyOf({ Decrypt: aLearned(3), Sign: aLearned(4) }, 1), EXPIRES_AT);

      expect(outcome).toBe('written');
      expect(await store.loadAll()).toEqual([
        aKeyOf({ Decrypt: aLearned(3), Encrypt: aLearned(2), Sign: aLearned(4) }, 2),
      ]);
    });

    it.each([
      ['a second creation', 0],
      ['a stale version', 1],
      ['a version that does not exist yet', 3],
    ])('refuses %s and keeps what is there', async (_, version) => {
      await store.save(aKeyOf({ Decrypt: aLearned(1) }), EXPIRES_AT);
      await store.save(aKeyOf({ Decrypt: aLearned(2) }, 1), EXPIRES_AT);

      expect(await store.save(aKeyOf({ Decrypt: aLearned(9) }, version), EXPIRES_AT)).toBe('conflict');
      expect(await store.loadAll()).toEqual([aKeyOf({ Decrypt: aLearned(2) }, 2)]);
    });

    it('refuses to update a key that has expired meanwhile', async () => {
      expect(await store.save(aKeyOf({ Decrypt: aLearned(1) }, 4), EXPIRES_AT)).toBe('conflict');
      expect(await store.loadAll()).toEqual([]);
    });

    it('lets one of several writers win', async () => {
      await store.save(aKeyOf({ Decrypt: aLearned(1) }), EXPIRES_AT);

      const outcomes = await Promise.all(
        Array.from({ length: 6 }, (_, n) => store.save(aKeyOf({ Decrypt: aLearned(n) }, 1), EXPIRES_AT)),
      );

      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    });

    it('returns every key of a fleet once', async () => {
      const keys = Array.from({ length: 120 }, (_, n) => aKeyOf({ Decrypt: aLearned(n) }, 0, aKeyArn(n)));
      await Promise.all(keys.map((key) => store.save(key, EXPIRES_AT)));

      const loaded = await store.loadAll();

      expect(loaded.map(({ keyArn }) => keyArn).toSorted()).toEqual(
        keys.map(({ keyArn }) => keyArn).toSorted(),
      );
    });

    it.each([
      ['of a later codec', () => Uint8Array.of(250, 1, 2, 3), /version 250/],
      ['cut short', () => encodeBaseline(aBaseline(1)).subarray(0, 100), /corrupt/],
      ['empty', () => new Uint8Array(0), /corrupt/],
    ])('names bytes that are %s, and keeps them whatever is saved', async (_, makeBytes, reason) => {
      const bytes = makeBytes();
      await store.save(aKeyOf({ Decrypt: aLearned(1) }), EXPIRES_AT);
      await opened.putBytes(KEY, 'Encrypt', bytes);

      const [loaded] = await store.loadAll();
      expect([...loaded!.operations.keys()]).toEqual(['Decrypt']);
      expect(loaded!.unreadable).toEqual(new Map([['Encrypt', expect.stringMatching(reason)]]));

      const everything = aKeyOf({ Decrypt: aLearned(2), Encrypt: aLearned(3) }).operations;
      expect(await store.save({ ...loaded!, operations: everything }, EXPIRES_AT)).toBe('written');
      expect(await opened.bytesOf(KEY, 'Encrypt')).toEqual(bytes);
      expect((await store.loadAll())[0]?.operations.get('Decrypt')).toEqual(aLearned(2));
    });

    it('counts bytes of an earlier codec as not learned, and lets them be saved over', async () => {
      await store.save(aKeyOf({ Decrypt: aLearned(1) }), EXPIRES_AT);
      await opened.putBytes(KEY, 'Encrypt', Uint8Array.of(1, ...encodeBaseline(aBaseline(2)).subarray(1)));

      const [loaded] = await store.loadAll();
      expect(loaded).toEqual(aKeyOf({ Decrypt: aLearned(1) }, 1));

      await store.save({ ...loaded!, operations: aKeyOf({ Encrypt: aLearned(3) }).operations }, EXPIRES_AT);
      expect(await store.loadAll()).toEqual([aKeyOf({ Decrypt: aLearned(1), Encrypt: aLearned(3) }, 2)]);
    });

    it('shares nothing with those who save and load', async () => {
      const learned = aLearned(1);
      await store.save(aKeyOf({ Decrypt: learned }), EXPIRES_AT);
      learned.baseline.hourSums[0] = 7;
      learned.baseline.learnedThrough++;
      const [first] = await store.loadAll();
      first!.operations.get('Decrypt')!.baseline.hourSums.fill(9);
      (first!.operations as Map<Operation, OperationBaseline>).clear();

      expect(await store.loadAll()).toEqual([aKeyOf({ Decrypt: aLearned(1) }, 1)]);
    });
  });
}

/** A baseline that is unlike those of other seeds. */
export function aBaseline(seed: number): Baseline {
  const baseline = newBaseline(NIGHT_BIN - seed);
  const { hourSums } = baseline;
  for (const [i] of hourSums.entries()) hourSums[i] = Math.fround(Math.sqrt(i + seed) * 1000);
  baseline.learnedThrough += seed;
  return baseline;
}

const aLearned = (seed: number): OperationBaseline => ({ baseline: aBaseline(seed), counterparts: [] });

/** A key's baselines, by operation. */
export const aKeyOf = (
  operations: Readonly<Record<Operation, OperationBaseline>>,
  version = 0,
  keyArn = KEY,
): KeyBaselines => ({
  keyArn,
  version,
  operations: new Map(Object.entries(operations)),
  unreadable: new Map(),
});
