import { isDeepStrictEqual } from 'node:util';
import type { CommandStore, Commands, WriteOutcome } from '../../app/ports.ts';
import type { Acceptance } from '../../domain/detection/acceptance.ts';
import type { Mute } from '../../domain/incident/mute.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';

/** Mutes and acceptances in memory. */
export class MemoryCommandStore implements CommandStore {
  readonly #mutes = new Map<string, Mute>();
  readonly #ended = new Set<string>();
  readonly #acceptances = new Map<string, Acceptance>();

  load(asOf: EpochSeconds): Promise<Commands> {
    const mutes = [...this.#mutes.values()].filter(({ id, until }) => asOf < until && !this.#ended.has(id));
    const acceptances = [...this.#acceptances.values()];
    return Promise.resolve(structuredClone({ mutes, acceptances, unreadable: [] }));
  }

  putMute(mute: Mute): Promise<WriteOutcome> {
    return Promise.resolve(putInto(this.#mutes, mute));
  }

  endMute(id: string, _by: string, _at: EpochSeconds): Promise<WriteOutcome> {
    if (!this.#mutes.has(id) || this.#ended.has(id)) return Promise.resolve('conflict');
    this.#ended.add(id);
    return Promise.resolve('written');
  }

  putAcceptance(acceptance: Acceptance): Promise<WriteOutcome> {
    return Promise.resolve(putInto(this.#acceptances, acceptance));
  }
}

function putInto<T extends { readonly id: string }>(items: Map<string, T>, item: T): WriteOutcome {
  const held = items.get(item.id);
  if (held) return isDeepStrictEqual(held, item) ? 'written' : 'conflict';
  items.set(item.id, structuredClone(item));
  return 'written';
}
