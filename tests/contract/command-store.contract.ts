import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandStore } from '../../shared/app/ports.ts';
import type { Acceptance } from '../../shared/domain/detection/acceptance.ts';
import type { Mute } from '../../shared/domain/incident/mute.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';

const NOW = 1_795_600_000;

export const aMute = (over: Partial<Mute> = {}): Mute => ({
  id: 'm1',
  keys: ['alias/etl-*'],
  until: NOW + 3600,
  reason: 'load test ☃',
  by: 'ada',
  createdAt: NOW,
  ...over,
});

const anAcceptance = (over: Partial<Acceptance> = {}): Acceptance => ({
  id: 'a1',
  keyArn: aKeyArn(1),
  by: 'ada',
  at: NOW,
  ...over,
});

/** What every store of commands does. */
export function describeCommandStore(name: string, open: () => Promise<Opened<CommandStore>>): void {
  describe(`${name} as a store of commands`, () => {
    let opened: Opened<CommandStore>;
    let store: CommandStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('holds nothing at first', async () => {
      expect(await store.load(NOW)).toEqual({ mutes: [], acceptances: [], unreadable: [] });
    });

    it('returns mutes until their time has come', async () => {
      await store.putMute(aMute());
      await store.putMute(aMute({ id: 'm2', keys: ['*'], until: NOW + 7200 }));

      expect((await store.load(NOW + 3599)).mutes).toEqual([
        aMute(),
        aMute({ id: 'm2', keys: ['*'], until: NOW + 7200 }),
      ]);
      expect((await store.load(NOW + 3600)).mutes.map(({ id }) => id)).toEqual(['m2']);
    });

    it('returns acceptances for good, with and without a reason', async () => {
      const all = [anAcceptance(), anAcceptance({ id: 'a2', reason: 'new customer' })];
      for (const one of all) expect(await store.putAcceptance(one)).toBe('written');

      expect((await store.load(NOW + 10 * 365 * 86_400)).acceptances).toEqual(all);
    });

    it('takes the same again, and nothing else under its id', async () => {
      expect(await store.putMute(aMute())).toBe('written');
      expect(await store.putMute(aMute())).toBe('written');
      expect(await store.putMute(aMute({ by: 'eve' }))).toBe('conflict');
      expect(await store.putAcceptance(anAcceptance())).toBe('written');
      expect(await store.putAcceptance(anAcceptance())).toBe('written');
      expect(await store.putAcceptance(anAcceptance({ keyArn: aKeyArn(2) }))).toBe('conflict');

      const { mutes, acceptances } = await store.load(NOW);
      expect({ mutes, acceptances }).toEqual({ mutes: [aMute()], acceptances: [anAcceptance()] });
    });

    it('ends a mute once, and only one that there is', async () => {
      await store.putMute(aMute());

      expect(await store.endMute('m2', 'bob', NOW + 60)).toBe('conflict');
      expect(await store.endMute('m1', 'bob', NOW + 60)).toBe('written');
      expect(await store.endMute('m1', 'eve', NOW + 90)).toBe('conflict');

      expect((await store.load(NOW + 120)).mutes).toEqual([]);
    });
  });
}
