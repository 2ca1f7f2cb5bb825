import { GetKeyLastUsageCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { Log } from '../../app/ports.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import { faultOf } from './cloudwatch-fault.ts';

const REQUEST_TIMEOUT_MS = 3000;
/** Keys whose last event is remembered. */
const MAX_REMEMBERED = 200;

/**
 * The CloudTrail event of a key's last use, as KMS remembers it
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html). KMS may name an event that CloudTrail
 * will show only minutes later, so the one named before is kept until it has been found.
 */
export class KmsLastUse {
  readonly #client: KMSClient;
  readonly #log: Log;
  readonly #named = new Map<KeyArn, string>();

  constructor(client: KMSClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** Ids of events to look for, the one most likely to be there first. None if KMS does not tell: it is only a clue. */
  async eventIds(keyArn: KeyArn, leftMs: number): Promise<readonly string[]> {
    const before = this.#named.get(keyArn);
    const newest = await this.#ask(keyArn, leftMs);
    if (newest !== undefined) this.#remember(keyArn, newest);
    return [...new Set([before, newest])].filter((id) => id !== undefined);
  }

  forget(keyArn: KeyArn): void {
    this.#named.delete(keyArn);
  }

  #remember(keyArn: KeyArn, eventId: string): void {
    this.#named.set(keyArn, eventId);
    const [oldest] = this.#named.keys();
    if (this.#named.size > MAX_REMEMBERED && oldest) this.#named.delete(oldest);
  }

  async #ask(keyArn: KeyArn, leftMs: number): Promise<string | undefined> {
    if (leftMs <= 0) return undefined;
    const timeoutMs = Math.ceil(Math.min(REQUEST_TIMEOUT_MS, leftMs));
    try {
      const { KeyLastUsage } = await this.#client.send(new GetKeyLastUsageCommand({ KeyId: keyArn }), {
        abortSignal: AbortSignal.timeout(timeoutMs),
      });
      return KeyLastUsage?.CloudTrailEventId;
    } catch (error) {
      // Another account's key, a Region without the call, a role that may not ask: there is no clue, and that is all.
      this.#log.info('KMS does not tell the last use of a key', { keyArn, ...faultOf(error) });
      return undefined;
    }
  }
}
