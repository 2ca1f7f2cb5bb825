/** The webhook's address cannot be had. The message is safe to print: it never holds the secret. */
export class WebhookUnavailableError extends Error {
  override name = 'WebhookUnavailableError' as const;
}
