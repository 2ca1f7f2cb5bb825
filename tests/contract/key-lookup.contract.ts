import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyLookup } from '../../shared/app/ports.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

/** A key to make. */
export interface NewKey {
  readonly aliases?: readonly string[];
  readonly spec?: 'SYMMETRIC_DEFAULT' | 'RSA_2048';
  readonly description?: string;
}

/** A key lookup and the KMS behind it. */
export interface OpenedKeyLookup extends Opened<KeyLookup> {
  addKey(key: NewKey): Promise<KeyArn>;
}

/** What every key lookup does. */
export function describeKeyLookup(name: string, open: () => Promise<OpenedKeyLookup>): void {
  describe(`${name} as a key lookup`, () => {
    let opened: OpenedKeyLookup;
    let lookup: KeyLookup;
    beforeEach(async () => {
      opened = await open();
      lookup = opened.store;
    });
    afterEach(() => opened.close());

    /** Aliases of keys that were made here: the service may have some of its own. */
    const aliasesOf = async (...keys: readonly KeyArn[]) => {
      const aliases = await lookup.listAliases();
      return keys.map((keyArn) => aliases.get(keyArn));
    };

    it('lists aliases by the full ARN of their key', async () => {
      const orders = await opened.addKey({ aliases: ['alias/orders', 'alias/orders-old'] });
      const lake = await opened.addKey({ aliases: ['alias/lake/etl'] });
      const nameless = await opened.addKey({});

      const [ofOrders, ofLake, ofNameless] = await aliasesOf(orders, lake, nameless);

      expect(ofOrders?.toSorted()).toEqual(['alias/orders', 'alias/orders-old']);
      expect(ofLake).toEqual(['alias/lake/etl']);
      expect(ofNameless).toBeUndefined();
    });

    it('lists more aliases than fit on a page', async () => {
      const names = Array.from({ length: 230 }, (_, n) => `alias/service-${n}`);
      const keys: KeyArn[] = [];
      for (const alias of names) keys.push(await opened.addKey({ aliases: [alias] }));

      expect((await aliasesOf(...keys)).flat()).toEqual(names);
    });

    it('describes a key', async () => {
      const plain = await opened.addKey({ spec: 'SYMMETRIC_DEFAULT' });
      const signing = await opened.addKey({ spec: 'RSA_2048', description: 'signs receipts' });

      expect(await lookup.describeKey(plain)).toEqual({ spec: 'SYMMETRIC_DEFAULT', manager: 'CUSTOMER' });
      expect(await lookup.describeKey(signing)).toEqual({
        spec: 'RSA_2048',
        manager: 'CUSTOMER',
        description: 'signs receipts',
      });
    });

    it('does not know a key that never was', async () => {
      expect(await lookup.describeKey(aKeyArn(404))).toBeUndefined();
    });
  });
}
