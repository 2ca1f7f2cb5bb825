import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QuotaLookup } from '../../shared/app/ports.ts';
import type { Opened } from './opened.ts';

/** A quota lookup and a hand on what it looks at. */
export interface OpenedQuotaLookup extends Opened<QuotaLookup> {
  setSymmetric(perSecond: number): void;
  refuse(): void;
}

/** What every quota lookup does. */
export function describeQuotaLookup(name: string, open: () => Promise<OpenedQuotaLookup>): void {
  describe(`${name} as a quota lookup`, () => {
    let opened: OpenedQuotaLookup;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('tells the shared request quotas in requests a second', async () => {
      expect(await opened.store.readQuotas()).toEqual({
        symmetric: 20_000,
        rsa: 1_000,
        ecc: 1_000,
        mlDsa: 1_000,
      });
    });

    it('tells a quota that was raised', async () => {
      opened.setSymmetric(45_000);

      expect(await opened.store.readQuotas()).toMatchObject({ symmetric: 45_000, rsa: 1_000 });
    });

    it('fails when it is refused, rather than knowing no quota', async () => {
      opened.refuse();

      await expect(opened.store.readQuotas()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    });
  });
}
