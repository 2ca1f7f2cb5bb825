import { SecretUnavailableError } from './secret-unavailable-error.ts';

/** The object in a secret that looks like JSON, undefined if it does not. Throws a SecretUnavailableError. */
export function jsonIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    // The parser's own message would quote the secret.
    throw new SecretUnavailableError('the secret looks like JSON, but cannot be parsed');
  }
}

/** A text member of a secret's JSON. Throws a SecretUnavailableError that names it. */
export function textMember(json: Readonly<Record<string, unknown>>, name: string): string {
  const value = json[name];
  if (typeof value !== 'string') {
    throw new SecretUnavailableError(`the JSON in the secret has no text "${name}"`);
  }
  return value.trim();
}
