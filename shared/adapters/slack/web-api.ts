import * as z from 'zod/mini';
import type { SendOutcome } from '../../app/ports.ts';
import { entryOf } from '../../domain/entry-of.ts';
import { type PostAnswer, postJson, tryAgain } from '../post-json.ts';

/** A bot's way to Slack. */
export interface WebApi {
  readonly botToken: string;
  readonly channel: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
}

/** What a method answered: where the message is now, or Slack's word for the error and what it means. */
export type ApiAnswer =
  | { readonly kind: 'ok'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'failed'; readonly word: string; readonly outcome: SendOutcome };

/** Answers repeat the whole message. */
const MAX_BODY_BYTES = 262_144;

/** What is kept of an answer is stored with the incident, so it must be what Slack makes, and as short. */
const answered = z.object({
  ok: z.boolean(),
  error: z.optional(z.string()),
  channel: z.optional(z.string().check(z.regex(/^[A-Z0-9]{1,30}$/))),
  ts: z.optional(z.string().check(z.regex(/^\d{1,20}\.\d{1,10}$/))),
});

/** Words after which the same call may succeed (https://docs.slack.dev/reference/methods/chat.postMessage#errors). */
const TRANSIENT = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

const NEW_TOKEN = 'put a new bot token into the secret';
const INVITE = 'invite the bot to the channel';

/** What Slack's words mean, and what somebody has to do. */
const REASONS: Readonly<Record<string, string>> = {
  invalid_auth: `the bot token is not valid: ${NEW_TOKEN}`,
  not_authed: `there is no bot token: ${NEW_TOKEN}`,
  token_revoked: `the bot token has been revoked: ${NEW_TOKEN}`,
  token_expired: `the bot token has expired: ${NEW_TOKEN}`,
  account_inactive: `the app has been removed from the workspace: install it again, and ${NEW_TOKEN}`,
  missing_scope: 'the bot lacks the scope chat:write: add it to the app, and install the app again',
  channel_not_found: `there is no such channel, or it is private: correct its id in the secret, or ${INVITE}`,
  not_in_channel: `the bot is not in the channel: ${INVITE}`,
  is_archived: 'the channel has been archived: bring it back, or put another one into the secret',
  restricted_action: 'an administrator of the workspace forbids posting there',
};

/** Words by which the credentials are refused: fresh ones may help. */
const CREDENTIALS_REFUSED = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'channel_not_found',
  'not_in_channel',
  'is_archived',
]);

/** Whether a fresh credential may help: another token, or another channel. */
export const isRefusedByWord = (word: string): boolean => CREDENTIALS_REFUSED.has(word);

/** Calls a method of the Web API. Never throws, and never repeats the token. */
export async function callSlack(api: WebApi, method: string, payload: unknown): Promise<ApiAnswer> {
  const answer = await postJson(`${api.apiUrl}/${method}`, payload, {
    timeoutMs: api.timeoutMs,
    headers: { authorization: `Bearer ${api.botToken}` },
    maxBodyBytes: MAX_BODY_BYTES,
  });
  return apiAnswer(answer);
}

function apiAnswer(answer: PostAnswer): ApiAnswer {
  if (answer.kind === 'noAnswer') return failed('', tryAgain(`Slack could not be reached (${answer.why})`));
  const { status, body, retryAfter } = answer;
  if (status === 429) return failed('ratelimited', tryAgain('Slack asks to wait (429)', retryAfter));
  if (status >= 500) return failed('', tryAgain(`Slack failed (${status})`, retryAfter));
  const { success, data } = z.safeParse(answered, jsonOf(body));
  if (!success) return failed('', tryAgain(`Slack answered ${status}, but not as its Web API does`));
  if (data.ok && data.channel && data.ts) return { kind: 'ok', channel: data.channel, ts: data.ts };
  const word = wordOf(data.error);
  if (data.ok || TRANSIENT.has(word)) return failed(word, tryAgain(`Slack failed (${word})`, retryAfter));
  const reason = entryOf(REASONS, word);
  return failed(word, {
    kind: 'refused',
    reason: `Slack refuses (${word})${reason ? `: ${reason}` : ''}`,
  });
}

const failed = (word: string, outcome: SendOutcome): ApiAnswer => ({ kind: 'failed', word, outcome });

/** Slack's errors are words such as `not_in_channel`. Anything else is not repeated. */
const wordOf = (error: string | undefined): string =>
  error !== undefined && /^[a-z_]{1,60}$/.test(error) ? error : 'no reason given';

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
