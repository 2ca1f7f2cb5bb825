import type { ShardListing, ShardPart, ShardStore } from '../../app/ports.ts';
import { type EpochSeconds, isoTime } from '../../domain/usage/time.ts';

/** What the steps of a divided check hand on, in memory. */
export class MemoryShardStore implements ShardStore {
  readonly #listings = new Map<number, ShardListing>();
  readonly #parts = new Map<number, Map<string, ShardPart>>();

  saveListing(shard: number, listing: ShardListing): Promise<void> {
    this.#listings.set(shard, structuredClone(listing));
    return Promise.resolve();
  }

  loadListing(shard: number): Promise<ShardListing | undefined> {
    return Promise.resolve(structuredClone(this.#listings.get(shard)));
  }

  savePart(shard: number, part: ShardPart): Promise<void> {
    const ofShard = this.#parts.get(shard) ?? new Map<string, ShardPart>();
    this.#parts.set(shard, ofShard.set(part.report.asOf, structuredClone(part)));
    return Promise.resolve();
  }

  loadPart(shard: number, asOf: EpochSeconds): Promise<ShardPart | undefined> {
    return Promise.resolve(structuredClone(this.#parts.get(shard)?.get(isoTime(asOf))));
  }

  loadLastPart(shard: number): Promise<ShardPart | undefined> {
    const ofShard = this.#parts.get(shard) ?? new Map<string, ShardPart>();
    const newest = [...ofShard.keys()].toSorted().at(-1);
    return Promise.resolve(newest === undefined ? undefined : structuredClone(ofShard.get(newest)));
  }
}
