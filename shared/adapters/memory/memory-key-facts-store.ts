import type { KeyFactsStore } from '../../app/ports.ts';
import type { KeyDirectory } from '../../domain/assess/key-facts.ts';

/** Key facts in memory. */
export class MemoryKeyFactsStore implements KeyFactsStore {
  #directory: KeyDirectory;

  constructor(directory: KeyDirectory = { keys: new Map() }) {
    this.#directory = structuredClone(directory);
  }

  load(): Promise<KeyDirectory> {
    return Promise.resolve(structuredClone(this.#directory));
  }

  save(directory: KeyDirectory): Promise<void> {
    this.#directory = structuredClone(directory);
    return Promise.resolve();
  }
}
