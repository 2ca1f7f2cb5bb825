import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebhookUnavailableError } from '../slack/webhook-unavailable-error.ts';

/** Milliseconds between two reads at least: a revoked webhook must not cost a call for each message. */
const MIN_REFETCH_MS = 180_000;

/**
 * A webhook's address in a Secrets Manager secret: SecretString is the URL itself, or JSON with `webhookUrl`. Read
 * once and kept for the life of the container; `forget` has it read again, because it may have been replaced.
 * Errors say what is wrong with the secret and never what is in it.
 */
export class SecretsWebhookSource {
  readonly #client: SecretsManagerClient;
  readonly #secretArn: string;
  readonly #now: () => number;
  #known: string | undefined;
  #readAt = -Infinity;
  #reading: Promise<string> | undefined;

  /** `now` in milliseconds. @default the wall clock */
  constructor(client: SecretsManagerClient, secretArn: string, now: () => number = Date.now) {
    this.#client = client;
    this.#secretArn = secretArn;
    this.#now = now;
  }

  /** The address. Throws a WebhookUnavailableError. */
  readonly webhookUrl = async (): Promise<string> => {
    if (this.#known !== undefined) return this.#known;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  };

  /** The address did not work: it is read again when it is next asked for, unless that was done just now. */
  readonly forget = (): void => {
    if (this.#now() - this.#readAt >= MIN_REFETCH_MS) this.#known = undefined;
  };

  async #read(): Promise<string> {
    const secretString = await this.#fetch();
    const url = webhookUrlIn(secretString);
    this.#known = url;
    this.#readAt = this.#now();
    return url;
  }

  async #fetch(): Promise<string> {
    let value: string | undefined;
    try {
      ({ SecretString: value } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#secretArn }),
      ));
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      const hint = HINTS[name] ?? 'Secrets Manager did not give the secret';
      throw new WebhookUnavailableError(`${hint} (${name}, ${this.#secretArn})`);
    }
    if (!value) throw new WebhookUnavailableError(`the secret ${this.#secretArn} has no SecretString`);
    return value;
  }
}

const HINTS: Readonly<Record<string, string>> = {
  AccessDeniedException:
    "the detector's role lacks secretsmanager:GetSecretValue, or kms:Decrypt on the secret's key",
  ResourceNotFoundException: 'the secret or its current version does not exist',
  DecryptionFailure: "the secret's key cannot be used",
};

/** The address in a secret's text, checked. */
function webhookUrlIn(secretString: string): string {
  const text = secretString.trim();
  const url = text.startsWith('{') ? urlInJson(text) : text;
  if (!isWebAddress(url)) {
    throw new WebhookUnavailableError(
      'the secret holds no https address: put the webhook URL into it, as it is or as {"webhookUrl": "https://..."}',
    );
  }
  return url;
}

function urlInJson(text: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message would quote the secret.
    throw new WebhookUnavailableError('the secret looks like JSON, but cannot be parsed');
  }
  const url =
    typeof parsed === 'object' && parsed !== null && 'webhookUrl' in parsed ? parsed.webhookUrl : undefined;
  if (typeof url !== 'string')
    throw new WebhookUnavailableError('the JSON in the secret has no text "webhookUrl"');
  return url.trim();
}

/** https, or http to this machine: for the local double. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}
