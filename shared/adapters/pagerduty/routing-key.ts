import { jsonIn, textMember } from '../secret-text.ts';
import { SecretUnavailableError } from '../secret-unavailable-error.ts';

/** The integration key in a secret for PagerDuty: the key itself, or `{"routingKey"}`. Throws a SecretUnavailableError. */
export function parseRoutingKey(text: string): string {
  const json = jsonIn(text);
  const key = json ? textMember(json, 'routingKey') : text;
  if (/^[A-Za-z0-9]{32}$/.test(key)) return key;
  throw new SecretUnavailableError(
    'the secret holds no integration key of PagerDuty: 32 letters and digits, as they are or as {"routingKey": "..."}',
  );
}
