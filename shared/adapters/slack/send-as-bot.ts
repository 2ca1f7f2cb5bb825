import type { Message } from '../../domain/incident/message.ts';
import { renderSlack, renderSlackText } from '../../render/slack.ts';
import type { CredentialOutcome } from '../with-credential.ts';
import { objectsToBlocks } from './objects-to-blocks.ts';
import { type ApiAnswer, callSlack, isRefusedByWord, type WebApi } from './web-api.ts';

/** Where an earlier message is. One that tells of several incidents is replied to, but not edited for one of them. */
interface Reference {
  readonly channel: string;
  readonly ts: string;
  readonly isGroup: boolean;
}

/** Words by which the earlier message cannot be edited or replied to any more: the message is posted anew. */
const LOST = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
  'cannot_reply_to_message',
]);

/**
 * Posts the first message of an incident; edits it as the incident goes on, and tells each later message in its thread
 * as well. `earlier` is what was answered as `reference` before.
 */
export async function sendAsBot(
  api: WebApi,
  message: Message,
  earlier: string | undefined,
): Promise<CredentialOutcome> {
  const known = message.kind === 'incident' ? referenceOf(earlier) : undefined;
  // Another channel in the secret means: from now on there.
  if (known?.channel !== api.channel) return post(api, message);
  const answer = await goOn(api, message, known);
  if (answer.kind === 'failed' && LOST.has(answer.word)) return post(api, message);
  return outcomeOf(answer, textOf(known));
}

async function post(api: WebApi, message: Message): Promise<CredentialOutcome> {
  const answer = await call(api, 'chat.postMessage', message, { channel: api.channel, ...QUIET_LINKS });
  return outcomeOf(
    answer,
    answer.kind === 'ok'
      ? textOf({ channel: api.channel, ts: answer.ts, isGroup: message.kind === 'group' })
      : '',
  );
}

/** The edit comes first: if the reply fails, the next try repeats the edit, which changes nothing. */
async function goOn(api: WebApi, message: Message, { channel, ts, isGroup }: Reference): Promise<ApiAnswer> {
  if (!isGroup) {
    const edited = await call(api, 'chat.update', message, { channel, ts, parse: 'none' });
    if (edited.kind === 'failed') return edited;
  }
  const reply = { channel, thread_ts: ts, reply_broadcast: isNews(message), ...QUIET_LINKS };
  return call(api, 'chat.postMessage', message, reply);
}

const QUIET_LINKS = { unfurl_links: false, unfurl_media: false } as const;

/** Neither an edit nor a reply makes itself heard: what is back, has got worse or still waits is shown in the channel, too. */
const isNews = (message: Message): boolean =>
  message.kind === 'incident' && ['opened', 'escalated', 'reminder'].includes(message.notification.reason);

async function call(api: WebApi, method: string, message: Message, where: object): Promise<ApiAnswer> {
  const answer = await callSlack(api, method, { ...where, ...renderSlack(message) });
  return answer.kind === 'failed' && objectsToBlocks(answer.word)
    ? // Without `blocks` an edit would keep the old ones.
      callSlack(api, method, { ...where, ...renderSlackText(message), blocks: [] })
    : answer;
}

const outcomeOf = (answer: ApiAnswer, reference: string): CredentialOutcome =>
  answer.kind === 'ok'
    ? {
        outcome: { kind: 'sent', proof: `Slack message ${answer.ts} in ${answer.channel}`, reference },
        isGone: false,
      }
    : { outcome: answer.outcome, isGone: isRefusedByWord(answer.word) };

const textOf = ({ channel, ts, isGroup }: Reference): string =>
  [channel, ts, ...(isGroup ? ['group'] : [])].join(' ');

/** A reference of ours; anything else, such as one of another way to Slack, counts as none. */
function referenceOf(text: string | undefined): Reference | undefined {
  const found = /^([A-Z0-9]{1,30}) (\d{1,20}\.\d{1,10})( group)?$/.exec(text ?? '');
  const [, channel, ts, group] = found ?? [];
  return channel && ts ? { channel, ts, isGroup: group !== undefined } : undefined;
}
