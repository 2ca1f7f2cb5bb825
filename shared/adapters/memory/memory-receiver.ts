import type { Receiver, SendOutcome } from '../../app/ports.ts';
import type { Message } from '../../domain/incident/message.ts';
import type { Severity } from '../../domain/policy.ts';

/** What a receiver in memory may differ in. */
export interface MemoryReceiverOptions {
  /** @default sns */
  readonly name?: Receiver['name'];
  /** @default page and notice */
  readonly severities?: readonly Severity[];
  /** @default true */
  readonly groups?: boolean;
  /** Whether it hears of acknowledgements. @default false */
  readonly acknowledges?: boolean;
  /** Whether it says where its messages are. @default false */
  readonly references?: boolean;
}

/** A receiver in memory: keeps what it was sent, and fails when it is told to. */
export class MemoryReceiver implements Receiver {
  readonly name: Receiver['name'];
  readonly severities: readonly Severity[];
  readonly groups: boolean;
  readonly acknowledges: boolean;
  /** What arrived, oldest first. */
  readonly messages: Message[] = [];
  /** The reference that each of them came with. */
  readonly earlier: (string | undefined)[] = [];
  readonly #references: boolean;
  #failure: Exclude<SendOutcome, { kind: 'sent' }> | undefined;
  #failuresLeft = 0;

  constructor(options: MemoryReceiverOptions = {}) {
    this.name = options.name ?? 'sns';
    this.severities = options.severities ?? ['page', 'notice'];
    this.groups = options.groups ?? true;
    this.acknowledges = options.acknowledges ?? false;
    this.#references = options.references ?? false;
  }

  /** The next `times` messages meet this outcome. `noAudience` still takes them, as a topic does. */
  failWith(outcome: Exclude<SendOutcome, { kind: 'sent' }>, times = 1): void {
    this.#failure = outcome;
    this.#failuresLeft = times;
  }

  /** All is well again. */
  recover(): void {
    this.#failuresLeft = 0;
  }

  send(message: Message, earlier?: string): Promise<SendOutcome> {
    const failure = this.#failuresLeft > 0 ? this.#failure : undefined;
    if (failure) this.#failuresLeft--;
    if (!failure || failure.kind === 'noAudience') {
      this.messages.push(structuredClone(message));
      this.earlier.push(earlier);
    }
    const proof = `${this.name} message ${this.messages.length}`;
    const reference = this.#references ? { reference: `at ${this.messages.length}` } : {};
    return Promise.resolve(failure ?? { kind: 'sent', proof, ...reference });
  }
}
