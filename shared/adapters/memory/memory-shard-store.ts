import type { ShardListing, ShardPart, ShardStore } from '../../app/ports.ts';

/** What the steps of a divided check hand on, in memory. */
export class MemoryShardStore implements ShardStore {
  readonly #listings = new Map<number, ShardListing>();
  readonly #parts = new Map<number, ShardPart>();

  saveListing(shard: number, listing: ShardListing): Promise<void> {
    this.#listings.set(shard, structuredClone(listing));
    return Promise.resolve();
  }

  loadListing(shard: number): Promise<ShardListing | undefined> {
    return Promise.resolve(structuredClone(this.#listings.get(shard)));
  }

  savePart(shard: number, part: ShardPart): Promise<void> {
    this.#parts.set(shard, structuredClone(part));
    return Promise.resolve();
  }

  loadPart(shard: number): Promise<ShardPart | undefined> {
    return Promise.resolve(structuredClone(this.#parts.get(shard)));
  }
}
