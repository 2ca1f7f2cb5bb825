import type { SendOutcome } from '../../app/ports.ts';
import { httpStatus } from './http-status.ts';

/** Faults of EventBridge and of credentials that are renewed; the event itself is fine. */
const TRANSIENT =
  /throttl|TooManyRequests|Internal|ServiceUnavailable|Credential|Token|Signature|UnrecognizedClient|RequestExpired/i;

/** What a failed request means: another try, or a reason that somebody can act on. */
export function eventBridgeFailure(error: unknown, busName: string): SendOutcome {
  const name = error instanceof Error ? error.name : 'unknown error';
  const status = httpStatus(error);
  if (status === undefined) return { kind: 'retry', reason: `EventBridge did not answer (${name})` };
  if (status >= 500 || status === 429)
    return { kind: 'retry', reason: `EventBridge failed (${name}, ${status})` };
  return entryFailure(name, error instanceof Error ? error.message : '', busName);
}

/** What an entry that has failed means (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html). */
export function entryFailure(code: string, message: string, busName: string): SendOutcome {
  if (TRANSIENT.test(code)) return { kind: 'retry', reason: `EventBridge does not take the event (${code})` };
  const detail = message.replace(/\s+/g, ' ').slice(0, 200);
  const advice = /AccessDenied|NotAuthorized/.test(code)
    ? `the detector may not put events on the bus ${busName}: allow events:PutEvents in its role`
    : /NotFound/.test(code)
      ? `the bus ${busName} does not exist: create it, or give the stack another one`
      : 'EventBridge refuses the event';
  return { kind: 'refused', reason: `${advice} (${code}: ${detail})` };
}
