import type { Receiver, SendOutcome } from '../../app/ports.ts';
import type { Message } from '../../domain/incident/message.ts';
import type { Severity } from '../../domain/policy.ts';
import { renderSlack, renderSlackText } from '../../render/slack.ts';
import { postJson } from './post-json.ts';
import { webhookOutcome } from './webhook-outcome.ts';
import { WebhookUnavailableError } from './webhook-unavailable-error.ts';

/** Where the webhook's address comes from, and what may differ from the defaults. */
export interface WebhookReceiverOptions {
  /** The address is a secret: whoever has it can post. It is asked for each message and never printed. */
  readonly webhookUrl: () => Promise<string>;
  /** Called when the webhook itself is refused: the next address asked for should be a fresh one. */
  readonly onRefused?: () => void;
  /** @default page and notice */
  readonly severities?: readonly Severity[];
  /** Milliseconds for a request and its answer. @default 10,000 */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Answers by which Slack objects to the blocks, not to the message. */
const OBJECTS_TO_BLOCKS = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'msg_blocks_too_long',
]);

/** Posts to an incoming webhook of Slack. No reason it gives ever holds the webhook's address. */
export class WebhookReceiver implements Receiver {
  readonly name = 'slack';
  readonly groups = true;
  readonly severities: readonly Severity[];
  readonly #options: WebhookReceiverOptions;

  constructor(options: WebhookReceiverOptions) {
    this.#options = options;
    this.severities = options.severities ?? ['page', 'notice'];
  }

  async send(message: Message): Promise<SendOutcome> {
    try {
      return await this.#send(message);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      return { kind: 'retry', reason: `the message for Slack could not be put together (${name})` };
    }
  }

  async #send(message: Message): Promise<SendOutcome> {
    const url = await this.#url();
    if (typeof url !== 'string') return url;
    const { outcome, isGone } = await this.#sendTo(url, message);
    if (!isGone) return outcome;
    this.#options.onRefused?.();
    const fresh = await this.#url();
    return typeof fresh === 'string' && fresh !== url
      ? (await this.#sendTo(fresh, message)).outcome
      : outcome;
  }

  async #sendTo(url: string, message: Message): Promise<{ outcome: SendOutcome; isGone: boolean }> {
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    let answer = await postJson(url, renderSlack(message), timeoutMs);
    if (answer.kind === 'answer' && OBJECTS_TO_BLOCKS.has(answer.body)) {
      answer = await postJson(url, renderSlackText(message), timeoutMs);
    }
    return webhookOutcome(answer);
  }

  /** The address, or why there is none. What the secret's adapter says is safe to print, other errors may not be. */
  async #url(): Promise<string | SendOutcome> {
    try {
      return await this.#options.webhookUrl();
    } catch (error) {
      const reason = error instanceof WebhookUnavailableError ? error.message : 'unexpected error';
      return { kind: 'retry', reason: `the Slack webhook's address cannot be read: ${reason}` };
    }
  }
}
