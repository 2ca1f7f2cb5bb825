import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShardPart, ShardStore } from '../../shared/app/ports.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { isoTime } from '../../shared/domain/usage/time.ts';
import { aKeyArn } from '../support/keys.ts';
import type { Opened } from './opened.ts';
import { aReport } from './run-store.contract.ts';

const NOW = 1_795_600_000;
const REENCRYPT: Metric = {
  kind: 'reEncrypt',
  source: aKeyArn(1),
  destination: aKeyArn(2),
  account: '222233334444',
};

const decrypt = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });

const aPart = (runId: string, asOf = NOW): ShardPart => ({
  report: aReport({ runId, asOf: isoTime(asOf), resumeAt: aKeyArn(7) }),
  regions: [
    {
      target: { region: 'eu-central-1', account: '222233334444' },
      seriesRead: 3,
      startBin: 10,
      endBin: 12,
      inViewFrom: 11,
      isUnread: false,
      groups: [
        {
          group: 'symmetric',
          requests: [1, 2.5],
          series: [3, 3],
          unread: [0, 1],
          usual: [7, Number.NaN],
          paged: [0, 9],
          busiest: [{ keys: [{ keyArn: aKeyArn(1), name: 'alias/etl', share: 0.25 }], others: 2 }],
        },
      ],
    },
  ],
});

/** What every store of the shards does. */
export function describeShardStore(name: string, open: () => Promise<Opened<ShardStore>>): void {
  describe(`${name} as a store of shards`, () => {
    let opened: Opened<ShardStore>;
    let store: ShardStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('knows nothing of a shard at first', async () => {
      expect(await store.loadListing(3)).toBeUndefined();
      expect(await store.loadPart(3, NOW)).toBeUndefined();
      expect(await store.loadLastPart(3)).toBeUndefined();
    });

    it('keeps the list of each shard, however long, and the newest of each', async () => {
      const long = Array.from({ length: 12_001 }, (_, n) => decrypt(n));
      await store.saveListing(3, { at: NOW, metrics: long });
      await store.saveListing(4, { at: NOW, metrics: [REENCRYPT] });

      expect(await store.loadListing(3)).toEqual({ at: NOW, metrics: long });
      expect(await store.loadListing(4)).toEqual({ at: NOW, metrics: [REENCRYPT] });

      await store.saveListing(3, { at: NOW + 300, metrics: [] });

      expect(await store.loadListing(3)).toEqual({ at: NOW + 300, metrics: [] });
    });

    it('keeps the part that a check saved last of a shard to the last number, also one that is not known', async () => {
      await store.savePart(3, aPart('run-1'));
      await store.savePart(3, aPart('run-2'));

      expect(await store.loadPart(3, NOW)).toEqual(aPart('run-2'));
      expect(await store.loadPart(4, NOW)).toBeUndefined();
      expect(await store.loadLastPart(4)).toBeUndefined();
    });

    it('keeps the parts of checks that overlap apart, and knows which is the newest, whichever came last', async () => {
      await store.savePart(3, aPart('older', NOW));
      await store.savePart(3, aPart('newer', NOW + 300));
      await store.savePart(3, aPart('older, again', NOW));

      expect(await store.loadPart(3, NOW)).toEqual(aPart('older, again', NOW));
      expect(await store.loadPart(3, NOW + 300)).toEqual(aPart('newer', NOW + 300));
      expect(await store.loadLastPart(3)).toEqual(aPart('newer', NOW + 300));
      expect(await store.loadPart(3, NOW + 600)).toBeUndefined();
    });
  });
}
