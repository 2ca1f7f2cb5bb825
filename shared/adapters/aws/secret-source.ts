import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { entryOf } from '../../domain/entry-of.ts';
import { SecretUnavailableError } from '../secret-unavailable-error.ts';

/** Milliseconds between two reads at least: a revoked credential must not cost a call for each message. */
const MIN_REFETCH_MS = 180_000;

/**
 * A credential in a Secrets Manager secret, as `parse` finds it in SecretString. Read once and kept for the life of
 * the container; `forget` has it read again, because it may have been replaced. Errors say what is wrong with the
 * secret and never what is in it; those of `parse` have to keep to that, too.
 */
export class SecretSource<T> {
  readonly #client: SecretsManagerClient;
  readonly #secretArn: string;
  readonly #parse: (secretString: string) => T;
  readonly #now: () => number;
  #known: { readonly value: T } | undefined;
  #readAt = -Infinity;
  #reading: Promise<T> | undefined;

  /** `parse` throws a SecretUnavailableError; `now` in milliseconds. @default the wall clock */
  constructor(
    client: SecretsManagerClient,
    secretArn: string,
    parse: (secretString: string) => T,
    now: () => number = Date.now,
  ) {
    this.#client = client;
    this.#secretArn = secretArn;
    this.#parse = parse;
    this.#now = now;
  }

  /** What the secret holds. Throws a SecretUnavailableError. */
  readonly read = async (): Promise<T> => {
    if (this.#known) return this.#known.value;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  };

  /** What was read did not work: it is read again when it is next asked for, unless that was done just now. */
  readonly forget = (): void => {
    if (this.#now() - this.#readAt >= MIN_REFETCH_MS) this.#known = undefined;
  };

  async #read(): Promise<T> {
    const value = this.#parse((await this.#fetch()).trim());
    this.#known = { value };
    this.#readAt = this.#now();
    return value;
  }

  async #fetch(): Promise<string> {
    let value: string | undefined;
    try {
      ({ SecretString: value } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#secretArn }),
      ));
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      const hint = entryOf(HINTS, name) ?? 'Secrets Manager did not give the secret';
      throw new SecretUnavailableError(`${hint} (${name}, ${this.#secretArn})`);
    }
    if (!value) throw new SecretUnavailableError(`the secret ${this.#secretArn} has no SecretString`);
    return value;
  }
}

const HINTS: Readonly<Record<string, string>> = {
  AccessDeniedException:
    "the detector's role lacks secretsmanager:GetSecretValue, or kms:Decrypt on the secret's key",
  ResourceNotFoundException: 'the secret or its current version does not exist',
  DecryptionFailure: "the secret's key cannot be used",
};
