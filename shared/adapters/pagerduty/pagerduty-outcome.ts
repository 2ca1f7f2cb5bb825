import * as z from 'zod/mini';
import type { SendOutcome } from '../../app/ports.ts';
import { type PostAnswer, tryAgain } from '../post-json.ts';

/** What PagerDuty says to an event (https://developer.pagerduty.com/docs/events-api-v2/trigger-events/). */
/** Its keys have at most 255 characters. What is kept of an answer is stored with the incident. */
const accepted = z.object({ dedup_key: z.string().check(z.maxLength(255), z.regex(/^[\x20-\x7E]+$/)) });
const rejected = z.object({ message: z.optional(z.string()), errors: z.optional(z.array(z.string())) });

/** Characters of PagerDuty's own words that are repeated. */
const MAX_WORDS = 200;

/** What an answer means for the event. `routingKey` is left out of whatever PagerDuty repeats. */
export function pagerDutyOutcome(answer: PostAnswer, routingKey: string): SendOutcome {
  if (answer.kind === 'noAnswer') return tryAgain(`PagerDuty could not be reached (${answer.why})`);
  const { status, body, retryAfter } = answer;
  if (status === 202) {
    const { success, data } = z.safeParse(accepted, jsonOf(body));
    return success
      ? { kind: 'sent', proof: `dedup_key ${data.dedup_key}` }
      : tryAgain('something answered 202 that is not PagerDuty');
  }
  if (status === 429) return tryAgain('PagerDuty asks to wait (429)', retryAfter);
  if (status >= 500) return tryAgain(`PagerDuty failed (${status})`, retryAfter);
  // In doubt an alert is sent twice rather than never: PagerDuty knows it by its dedup_key.
  if (status < 300) return tryAgain(`PagerDuty answered ${status}, not 202`);
  const words = wordsOf(body).replaceAll(routingKey, '(hidden)').slice(0, MAX_WORDS);
  return { kind: 'refused', reason: `PagerDuty refuses (${status})${words ? `: ${words}` : ''}` };
}

/** PagerDuty's errors, else its message; nothing of what is not PagerDuty's. */
function wordsOf(body: string): string {
  const { success, data } = z.safeParse(rejected, jsonOf(body));
  return success ? (data.errors?.join('; ') || data.message || '').replace(/[\s\p{C}]+/gu, ' ') : '';
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
