import type { CallerQuestion, CallerSource } from '../../app/ports.ts';
import type { Callers } from '../../domain/callers/callers.ts';
import type { KeyEvent } from '../../domain/callers/key-event.ts';
import { sampleOf } from '../../domain/callers/sample.ts';
import type { KeyArn } from '../../domain/usage/key.ts';

/** An event history in memory. */
export class MemoryCallerSource implements CallerSource {
  readonly #events = new Map<KeyArn, KeyEvent[]>();
  /** What was asked, oldest first. */
  readonly questions: CallerQuestion[] = [];
  /** Answered for every key while it is set. */
  answer: Callers | undefined;

  add(keyArn: KeyArn, ...events: readonly KeyEvent[]): void {
    this.#events.set(keyArn, [...(this.#events.get(keyArn) ?? []), ...events]);
  }

  callersOf(question: CallerQuestion): Promise<Callers> {
    this.questions.push(question);
    if (this.answer) return Promise.resolve(this.answer);
    const { keyArn, from, to } = question;
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
