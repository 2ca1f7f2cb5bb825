import type { Receiver, SendOutcome } from '../../app/ports.ts';
import type { Message } from '../../domain/incident/message.ts';
import type { Severity } from '../../domain/policy.ts';
import {
  type Credential,
  type CredentialOutcome,
  credentialTrouble,
  withCredential,
} from '../with-credential.ts';
import { sendAsBot } from './send-as-bot.ts';
import { sendToWebhook } from './send-to-webhook.ts';
import type { SlackCredentials } from './slack-secret.ts';

/** How the detector may write to Slack, and what may differ from the defaults. */
export interface SlackReceiverOptions {
  /** A webhook's address or a bot's token. Asked for each message and never printed. */
  readonly credentials: () => Promise<SlackCredentials>;
  /** Called when they are refused: the next ones asked for should be fresh. */
  readonly onRefused?: () => void;
  /** Where the Web API is, for a bot. @default https://slack.com/api */
  readonly apiUrl?: string | undefined;
  /** @default page and notice */
  readonly severities?: readonly Severity[];
  /** Milliseconds for a request and its answer. @default 10,000 */
  readonly timeoutMs?: number;
}

const API_URL = 'https://slack.com/api';
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Writes to a channel of Slack: by an incoming webhook one message after the other, as a bot one message for each
 * incident, edited as it goes on. No reason it gives ever holds the credentials.
 */
export class SlackReceiver implements Receiver {
  readonly name = 'slack';
  readonly groups = true;
  readonly severities: readonly Severity[];
  readonly #options: SlackReceiverOptions;

  constructor(options: SlackReceiverOptions) {
    this.#options = options;
    this.severities = options.severities ?? ['page', 'notice'];
  }

  send(message: Message, earlier?: string): Promise<SendOutcome> {
    return withCredential(this.#credential(), (value) => this.#sendWith(value, message, earlier));
  }

  credentialTrouble(): Promise<string | undefined> {
    return credentialTrouble(this.#credential());
  }

  #credential(): Credential<SlackCredentials> {
    const { credentials, onRefused } = this.#options;
    return { name: 'the credential for Slack', read: credentials, forget: onRefused };
  }

  #sendWith(
    credentials: SlackCredentials,
    message: Message,
    earlier: string | undefined,
  ): Promise<CredentialOutcome> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, apiUrl = API_URL } = this.#options;
    switch (credentials.kind) {
      case 'webhook':
        return sendToWebhook(credentials.webhookUrl, message, timeoutMs);
      case 'bot':
        return sendAsBot({ ...credentials, apiUrl, timeoutMs }, message, earlier);
      default:
        return credentials satisfies never;
    }
  }
}
