import type { BaselineStore, KeyBaselines, OperationBaseline, WriteOutcome } from '../../app/ports.ts';
import { encodeBaseline } from '../../domain/detection/codec.ts';
import type { KeyArn, Operation } from '../../domain/usage/key.ts';
import { shardOf } from '../../domain/usage/shard.ts';
import { readOperation } from '../read-operation.ts';

interface StoredKey {
  version: number;
  readonly operations: Map<
    Operation,
    {
      readonly bytes: Uint8Array;
      readonly counterparts: readonly KeyArn[];
      readonly accounts?: readonly string[];
    }
  >;
}

/** Baselines in memory, encoded, so that nobody shares an array with the store. Nothing expires. */
export class MemoryBaselineStore implements BaselineStore {
  readonly #keys = new Map<KeyArn, StoredKey>();

  loadAll(shard?: number): Promise<KeyBaselines[]> {
    const wanted = [...this.#keys].filter(([keyArn]) => shard === undefined || shardOf(keyArn) === shard);
    return Promise.resolve(wanted.map(([keyArn, stored]) => readKey(keyArn, stored)));
  }

  save(key: KeyBaselines): Promise<WriteOutcome> {
    const stored = this.#keys.get(key.keyArn);
    if ((stored?.version ?? 0) !== key.version) return Promise.resolve('conflict');
    const next: StoredKey = stored ?? { version: 0, operations: new Map() };
    for (const [operation, { baseline, counterparts, accounts }] of key.operations) {
      if (key.unreadable.has(operation)) continue;
      next.operations.set(operation, {
        bytes: encodeBaseline(baseline),
        counterparts: [...counterparts],
        ...(accounts ? { accounts: [...accounts] } : {}),
      });
    }
    next.version++;
    this.#keys.set(key.keyArn, next);
    return Promise.resolve('written');
  }

  /** Puts bytes as they are: what a newer or a broken version of the detector may have left behind. */
  putBytes(keyArn: KeyArn, operation: Operation, bytes: Uint8Array): void {
    const stored = this.#keys.get(keyArn) ?? { version: 1, operations: new Map() };
    stored.operations.set(operation, { bytes: bytes.slice(), counterparts: [] });
    this.#keys.set(keyArn, stored);
  }

  /** Loses a key's item, as an expiry or somebody in the console does. */
  lose(keyArn: KeyArn): void {
    this.#keys.delete(keyArn);
  }

  /** The bytes stored for an operation. */
  bytesOf(keyArn: KeyArn, operation: Operation): Uint8Array | undefined {
    return this.#keys.get(keyArn)?.operations.get(operation)?.bytes.slice();
  }
}

function readKey(keyArn: KeyArn, { version, operations: stored }: StoredKey): KeyBaselines {
  const operations = new Map<Operation, OperationBaseline>();
  const unreadable = new Map<Operation, string>();
  for (const [operation, { bytes, counterparts, accounts }] of stored) {
    const read = readOperation(bytes, [...counterparts], accounts);
    if (typeof read === 'string') unreadable.set(operation, read);
    else if (read) operations.set(operation, read);
  }
  return { keyArn, version, operations, unreadable };
}
