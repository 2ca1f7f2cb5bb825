import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyFactsStore } from '../../shared/app/ports.ts';
import type { KeyFacts } from '../../shared/domain/assess/key-facts.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

const READ_AT = 1_795_600_000;

/** What every store of key facts does. */
export function describeKeyFactsStore(name: string, open: () => Promise<Opened<KeyFactsStore>>): void {
  describe(`${name} as a store of key facts`, () => {
    let opened: Opened<KeyFactsStore>;
    let store: KeyFactsStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('knows no key at first', async () => {
      expect(await store.load()).toEqual({ keys: new Map() });
    });

    it('returns what it was given, however little is known of a key', async () => {
      const directory = {
        keys: byArn([
          { keyArn: aKeyArn(1), aliases: ['alias/a', 'alias/b'], spec: 'RSA_2048', manager: 'CUSTOMER' },
          { keyArn: aKeyArn(2), aliases: ['alias/c'] },
          { keyArn: aKeyArn(3), aliases: [], spec: 'SYMMETRIC_DEFAULT', manager: 'AWS', description: 'S3 ☃' },
          { keyArn: aKeyArn(4), aliases: [] },
        ]),
        aliasesReadAt: READ_AT,
      };

      await store.save(directory);

      expect(await store.load()).toEqual(directory);
    });

    it('remembers when aliases were read even if there were none', async () => {
      await store.save({ keys: new Map(), aliasesReadAt: READ_AT });

      expect(await store.load()).toEqual({ keys: new Map(), aliasesReadAt: READ_AT });
    });

    it('returns the quotas as last read, those that were not listed left out', async () => {
      const quotas = { readAt: READ_AT, perSecond: { symmetric: 45_000, rsa: 1_000 } };

      await store.save({ keys: new Map(), quotas });

      expect(await store.load()).toEqual({ keys: new Map(), quotas });
    });

    it('returns the quotas of other accounts and Regions', async () => {
      const quotas = { readAt: READ_AT, perSecond: { symmetric: 45_000 } };
      const otherQuotas = new Map([
        ['us-east-1', { readAt: READ_AT, perSecond: { rsa: 1_000 } }],
        ['222233334444/us-east-1', { readAt: READ_AT + 1, perSecond: {} }],
      ]);

      await store.save({ keys: new Map(), quotas, otherQuotas });

      expect(await store.load()).toEqual({ keys: new Map(), quotas, otherQuotas });
    });

    it('keeps the facts of a large account', async () => {
      const description = 'x'.repeat(200);
      const keys = byArn(
        Array.from({ length: 3000 }, (_, i) => ({
          keyArn: aKeyArn(i),
          aliases: [`alias/application-${i}`],
          spec: 'SYMMETRIC_DEFAULT',
          description,
        })),
      );

      await store.save({ keys, aliasesReadAt: READ_AT });

      expect(await store.load()).toEqual({ keys, aliasesReadAt: READ_AT });
    });

    it('forgets what a later save no longer has', async () => {
      const keys = byArn(Array.from({ length: 3000 }, (_, i) => aNamedKey(i)));
      const few = byArn([{ ...aNamedKey(7), aliases: [] }]);
      await store.save({ keys, aliasesReadAt: READ_AT });

      await store.save({ keys: few, aliasesReadAt: READ_AT + 3600 });

      expect(await store.load()).toEqual({ keys: few, aliasesReadAt: READ_AT + 3600 });
    });

    it('shares nothing with those who save and load', async () => {
      const aliases = ['alias/a'];
      await store.save({ keys: byArn([{ keyArn: aKeyArn(1), aliases }]) });
      aliases.push('alias/b');
      ((await store.load()).keys.get(aKeyArn(1))!.aliases as string[]).push('alias/c');

      expect((await store.load()).keys.get(aKeyArn(1))?.aliases).toEqual(['alias/a']);
    });
  });
}

const aNamedKey = (n: number): KeyFacts => ({
  keyArn: aKeyArn(n),
  aliases: [`alias/service-${n}/${'long-name-'.repeat(8)}`],
  spec: 'SYMMETRIC_DEFAULT',
});

const byArn = (keys: readonly KeyFacts[]) => new Map(keys.map((key) => [key.keyArn, key]));
