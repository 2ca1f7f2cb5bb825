import type { SendOutcome } from '../../app/ports.ts';
import { entryOf } from '../../domain/entry-of.ts';
import { type PostAnswer, tryAgain } from '../post-json.ts';

/** What Slack's words mean, and what somebody has to do. */
const REASONS: Readonly<Record<string, string>> = {
  no_service: 'the webhook has been removed or switched off: create a new one and put it into the secret',
  no_service_id: 'the webhook has been removed: create a new one and put it into the secret',
  no_active_hooks: 'the webhook has been switched off: create a new one and put it into the secret',
  invalid_token: 'the webhook has been revoked: create a new one and put it into the secret',
  no_team: 'the workspace of the webhook does not exist any more',
  team_disabled: 'the workspace of the webhook has been switched off',
  user_not_found: 'the member who made the webhook is gone: create a new one',
  channel_not_found: 'the channel of the webhook does not exist any more: create a webhook for another one',
  channel_is_archived:
    'the channel of the webhook has been archived: bring it back, or create a webhook for another one',
  action_prohibited: 'an administrator of the workspace forbids posting there',
  posting_to_general_channel_denied:
    'only administrators may post to the general channel: create a webhook for another one',
};

/** What an answer means for the message, and whether the webhook itself is gone, so that a fresh address may help. */
export function webhookOutcome(answer: PostAnswer): { outcome: SendOutcome; isGone: boolean } {
  if (answer.kind === 'noAnswer') return again(`Slack could not be reached (${answer.why})`);
  const { status, body, retryAfter } = answer;
  if (status === 200 && body === 'ok')
    return { outcome: { kind: 'sent', proof: 'Slack answered ok' }, isGone: false };
  if (status === 429) return again('Slack asks to wait (429)', retryAfter);
  if (status >= 500) return again(`Slack failed (${status})`, retryAfter);
  // In doubt a message is told twice rather than never.
  if (status < 300) return again(`Slack answered ${status}, but not ok: ${wordOf(body)}`);
  const word = wordOf(body);
  const reason = entryOf(REASONS, word);
  return {
    outcome: { kind: 'refused', reason: `Slack refuses (${status} ${word})${reason ? `: ${reason}` : ''}` },
    isGone: status < 400 || [401, 403, 404, 410].includes(status) || reason !== undefined,
  };
}

const again = (
  reason: string,
  retryAfter: string | null = null,
): { outcome: SendOutcome; isGone: boolean } => ({
  outcome: tryAgain(reason, retryAfter),
  isGone: false,
});

/** Slack's errors are words such as `no_service`. Anything else is not repeated: it might echo the address. */
const wordOf = (body: string): string =>
  /^[a-z_]{1,60}$/.test(body) ? body : 'an answer that is not from a webhook';
