import type { SendOutcome } from '../app/ports.ts';
import { SecretUnavailableError } from './secret-unavailable-error.ts';

/** A credential that may be replaced while the detector runs. */
export interface Credential<T> {
  /** What it is, as a sentence names it. */
  readonly name: string;
  /** The credential. It is a secret: it is asked for each message and never printed. */
  readonly read: () => Promise<T>;
  /** Called when it was refused: the next one read should be fresh. */
  readonly forget?: (() => void) | undefined;
}

/** What came of a message, and whether the credential itself was refused, so that a fresh one may help. */
export interface CredentialOutcome {
  readonly outcome: SendOutcome;
  readonly isGone: boolean;
}

/** Sends with the credential, and at once again if it is refused and a different one is there by now. Never throws. */
export async function withCredential<T>(
  credential: Credential<T>,
  send: (value: T) => Promise<CredentialOutcome>,
): Promise<SendOutcome> {
  const known = await read(credential);
  if ('failure' in known) return known.failure;
  try {
    const { outcome, isGone } = await send(known.value);
    if (!isGone) return outcome;
    credential.forget?.();
    const fresh = await read(credential);
    if ('failure' in fresh || JSON.stringify(fresh) === JSON.stringify(known)) return outcome;
    return (await send(fresh.value)).outcome;
  } catch (error) {
    // Messages of unexpected errors may hold the credential.
    const name = error instanceof Error ? error.name : 'unknown error';
    return { kind: 'retry', reason: `the message could not be put together (${name})` };
  }
}

/** Why the credential cannot be used; undefined: it can be read and is well formed. Never throws. */
export async function credentialTrouble<T>(credential: Credential<T>): Promise<string | undefined> {
  const known = await read(credential);
  return 'failure' in known && 'reason' in known.failure ? known.failure.reason : undefined;
}

/** The credential, or why there is none. What the secret's adapter says is safe to print, other errors may not be. */
async function read<T>({
  name,
  read: value,
}: Credential<T>): Promise<{ readonly value: T } | { readonly failure: SendOutcome }> {
  try {
    return { value: await value() };
  } catch (error) {
    const reason = error instanceof SecretUnavailableError ? error.message : 'unexpected error';
    return { failure: { kind: 'retry', reason: `${name} cannot be read: ${reason}` } };
  }
}
