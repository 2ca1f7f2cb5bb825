import type { SendOutcome } from '../../app/ports.ts';
import { httpStatus } from './http-status.ts';

const THROTTLED = /throttl|TooManyRequests|RequestLimitExceeded/i;
/** Credentials are renewed, clocks are set right: the message itself is fine. */
const CREDENTIALS = /Credential|Token|Signature|InvalidSecurity|UnrecognizedClient|RequestExpired/i;

/** Failures that only a person can mend, and what that person has to do. */
const REFUSALS: readonly (readonly [name: RegExp, reason: (topicArn: string) => string])[] = [
  [
    /^KMS/,
    () =>
      "the key that encrypts the topic cannot be used: allow the detector's role kms:GenerateDataKey* and kms:Decrypt on it",
  ],
  [
    /NotFound/,
    (topicArn) => `the topic ${topicArn} does not exist: create it, or give the stack another one`,
  ],
  [
    /AuthorizationError|AccessDenied|NotAuthorized/,
    (topicArn) =>
      `the detector may not publish to ${topicArn}: allow sns:Publish in its role and in the topic's policy`,
  ],
  [/InvalidParameter|Validation/, (topicArn) => `SNS takes the message or the topic ${topicArn} for invalid`],
];

/** What a failed Publish means: another try, or a reason that somebody can act on. */
export function snsFailure(error: unknown, topicArn: string): SendOutcome {
  const name = error instanceof Error ? error.name : 'unknown error';
  const status = httpStatus(error);
  if (THROTTLED.test(name) || status === 429) return { kind: 'retry', reason: `SNS throttles (${name})` };
  if (status === undefined) return { kind: 'retry', reason: `SNS did not answer (${name})` };
  if (status >= 500) return { kind: 'retry', reason: `SNS failed (${name}, ${status})` };
  if (CREDENTIALS.test(name))
    return { kind: 'retry', reason: `SNS did not accept the credentials (${name})` };
  const refusal = REFUSALS.find(([pattern]) => pattern.test(name));
  const detail = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : '';
  return {
    kind: 'refused',
    reason: `${refusal?.[1](topicArn) ?? 'SNS refuses the message'} (${name}: ${detail})`,
  };
}
