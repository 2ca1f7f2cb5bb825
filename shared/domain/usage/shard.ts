import type { KeyArn } from './key.ts';

/** Parts that the keys are divided into: partitions of the stored baselines, and what is checked apart at scale. */
export const SHARDS = 16;

/** The shard of a key: FNV-1a of its ARN. It decides where an item is found, so it never changes. */
export function shardOf(keyArn: KeyArn): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < keyArn.length; i++) hash = Math.imul(hash ^ keyArn.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % SHARDS;
}
