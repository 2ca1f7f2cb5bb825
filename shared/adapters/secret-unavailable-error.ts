/** A secret cannot be had, or does not hold what it should. The message is safe to print: it never holds the secret. */
export class SecretUnavailableError extends Error {
  override name = 'SecretUnavailableError' as const;
}
