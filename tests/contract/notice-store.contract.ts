import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NoticeStore } from '../../shared/app/ports.ts';
import type { Notice, NoticeFacts } from '../../shared/domain/notice.ts';
import { aNoticeIncident, someNoticeFacts } from '../support/a-message.ts';
import type { Opened } from './opened.ts';

const AT = 1_795_600_000;

/** A notice with one delivery pending and one sent. */
export const aStoredNotice = (
  facts: NoticeFacts = someNoticeFacts.digest,
  id = 'DIGEST#2026-11-25',
): Notice => ({
  id,
  at: AT,
  facts,
  deliveries: [
    { receiver: 'sns', status: 'sent', attempts: 1, nextAttemptAt: AT, proof: 'a1b2' },
    { receiver: 'slack', status: 'pending', attempts: 3, nextAttemptAt: AT + 600, reason: 'HTTP 503 ☃' },
  ],
});

/** What every store of notices does. */
export function describeNoticeStore(name: string, open: () => Promise<Opened<NoticeStore>>): void {
  describe(`${name} as a store of notices`, () => {
    let opened: Opened<NoticeStore>;
    let store: NoticeStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('knows none at first', async () => {
      expect(await store.load()).toEqual([]);
    });

    it.each(Object.values(someNoticeFacts))('returns a $kind as it was put', async (facts) => {
      const notice = aStoredNotice(facts, 'one');

      expect(await store.put(notice, 0)).toBe('written');
      expect(await store.load()).toEqual([{ notice, version: 1 }]);
    });

    it('lets one of several makers of the same notice win', async () => {
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => store.put(aStoredNotice(), 0)));

      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect(await store.load()).toHaveLength(1);
    });

    it('replaces a notice at the version it was read at only', async () => {
      const told = { ...aStoredNotice(), deliveries: [] };
      await store.put(aStoredNotice(), 0);

      expect(await store.put(told, 1, AT + 864_000)).toBe('written');
      expect(await store.put(aStoredNotice(), 1)).toBe('conflict');
      expect(await store.load()).toEqual([{ notice: told, version: 2 }]);
    });

    it('keeps several, and numbers that arithmetic may leave behind', async () => {
      const incidents = Array.from({ length: 50 }, (_, i) =>
        aNoticeIncident({ name: `job-${i}`, peakRatio: Number.POSITIVE_INFINITY, excessUsd: Number.NaN }),
      );
      const digest = aStoredNotice({ ...someNoticeFacts.digest, incidents });
      await store.put(digest, 0);
      await store.put(aStoredNotice(someNoticeFacts.welcome, 'WELCOME'), 0);

      const stored = await store.load();

      expect(stored.map(({ notice }) => notice.id).toSorted()).toEqual(['DIGEST#2026-11-25', 'WELCOME']);
      expect(stored.find(({ notice }) => notice.id === digest.id)?.notice).toEqual(digest);
    });
  });
}
