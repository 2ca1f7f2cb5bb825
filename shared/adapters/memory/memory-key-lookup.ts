import type { KeyLookup } from '../../app/ports.ts';
import type { KeyFacts } from '../../domain/assess/key-facts.ts';
import type { KeyArn } from '../../domain/usage/key.ts';

/** The keys of an account in memory. */
export class MemoryKeyLookup implements KeyLookup {
  readonly #keys = new Map<KeyArn, KeyFacts>();

  constructor(keys: Iterable<KeyFacts> = []) {
    for (const key of keys) this.put(key);
  }

  /** Adds a key, or replaces what is known of it. */
  put(key: KeyFacts): void {
    this.#keys.set(key.keyArn, structuredClone(key));
  }

  listAliases(): Promise<ReadonlyMap<KeyArn, readonly string[]>> {
    const named = [...this.#keys.values()].filter(({ aliases }) => aliases.length > 0);
    return Promise.resolve(new Map(named.map(({ keyArn, aliases }) => [keyArn, [...aliases]])));
  }

  describeKey(keyArn: KeyArn): Promise<Omit<KeyFacts, 'keyArn' | 'aliases'> | undefined> {
    const key = this.#keys.get(keyArn);
    if (!key) return Promise.resolve(undefined);
    const { keyArn: _, aliases: __, ...facts } = key;
    return Promise.resolve(facts);
  }
}
