import type { CallerQuestion, CallerSource } from '../../app/ports.ts';
import type { Callers } from '../../domain/callers/callers.ts';
import type { KeyEvent } from '../../domain/callers/key-event.ts';
import { sampleOf } from '../../domain/callers/sample.ts';
import type { KeyArn } from '../../domain/usage/key.ts';

/** An event history in memory. */
export class MemoryCallerSource implements CallerSource {
  readonly #events = new Map<KeyArn, KeyEvent[]>();
  /** Answered for every key while it is set. */
  failure: Extract<Callers, { kind: 'unknown' }> | undefined;

  add(keyArn: KeyArn, ...events: readonly KeyEvent[]): void {
    this.#events.set(keyArn, [...(this.#events.get(keyArn) ?? []), ...events]);
  }

  callersOf({ keyArn, from, to }: CallerQuestion): Promise<Callers> {
    if (this.failure) return Promise.resolve(this.failure);
    const events = this.#events.get(keyArn) ?? [];
    const sample = sampleOf(events.filter(({ at }) => at >= from && at < to));
    if (sample) return Promise.resolve({ kind: 'known', sample });
    return Promise.resolve({
      kind: 'unknown',
      why: 'CloudTrail shows no use of the key yet: its events come minutes late',
      mayCome: true,
    });
  }
}
