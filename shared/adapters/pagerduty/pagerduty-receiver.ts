import type { Receiver, SendOutcome } from '../../app/ports.ts';
import type { Message } from '../../domain/incident/message.ts';
import type { Severity } from '../../domain/policy.ts';
import { renderPagerDuty } from '../../render/pagerduty.ts';
import { postJson } from '../post-json.ts';
import {
  type Credential,
  type CredentialOutcome,
  credentialTrouble,
  withCredential,
} from '../with-credential.ts';
import { pagerDutyOutcome } from './pagerduty-outcome.ts';

/** Where the integration key comes from, and what may differ from the defaults. */
export interface PagerDutyReceiverOptions {
  /** The key is a secret: whoever has it can wake people. It is asked for each message and never printed. */
  readonly routingKey: () => Promise<string>;
  /** Called when an event is refused: the next key asked for should be a fresh one. */
  readonly onRefused?: () => void;
  /** @default https://events.pagerduty.com/v2/enqueue */
  readonly url?: string | undefined;
  /** @default page */
  readonly severities?: readonly Severity[];
  /** Milliseconds for a request and its answer. @default 10,000 */
  readonly timeoutMs?: number;
}

const EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';
const DEFAULT_TIMEOUT_MS = 10_000;

/** Posts events to PagerDuty's Events API v2. No reason it gives ever holds the integration key. */
export class PagerDutyReceiver implements Receiver {
  readonly name = 'pagerduty';
  /** Each incident is an alert of its own, that its end can resolve. */
  readonly groups = false;
  readonly acknowledges = true;
  readonly severities: readonly Severity[];
  readonly #options: PagerDutyReceiverOptions;

  constructor(options: PagerDutyReceiverOptions) {
    this.#options = options;
    this.severities = options.severities ?? ['page'];
  }

  send(message: Message): Promise<SendOutcome> {
    return withCredential(this.#credential(), (key) => this.#sendWith(key, message));
  }

  credentialTrouble(): Promise<string | undefined> {
    return credentialTrouble(this.#credential());
  }

  #credential(): Credential<string> {
    const { routingKey, onRefused } = this.#options;
    return { name: "PagerDuty's integration key", read: routingKey, forget: onRefused };
  }

  /** All events in their order, up to the first that does not arrive. Repeated, they change nothing. */
  async #sendWith(routingKey: string, message: Message): Promise<CredentialOutcome> {
    const { url = EVENTS_URL, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    let outcome: SendOutcome = { kind: 'refused', reason: 'the message holds no event for PagerDuty' };
    for (const event of renderPagerDuty(message)) {
      const answer = await postJson(url, { routing_key: routingKey, ...event }, { timeoutMs });
      outcome = pagerDutyOutcome(answer, routingKey);
      if (outcome.kind !== 'sent') break;
    }
    return { outcome, isGone: outcome.kind === 'refused' };
  }
}
