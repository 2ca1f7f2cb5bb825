import type { Message } from '../../domain/incident/message.ts';
import { renderSlack, renderSlackText } from '../../render/slack.ts';
import { postJson } from '../post-json.ts';
import type { CredentialOutcome } from '../with-credential.ts';
import { objectsToBlocks } from './objects-to-blocks.ts';
import { webhookOutcome } from './webhook-outcome.ts';

/** Posts to an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export async function sendToWebhook(
  url: string,
  message: Message,
  timeoutMs: number,
): Promise<CredentialOutcome> {
  let answer = await postJson(url, renderSlack(message), { timeoutMs });
  if (answer.kind === 'answer' && objectsToBlocks(answer.body)) {
    answer = await postJson(url, renderSlackText(message), { timeoutMs });
  }
  return webhookOutcome(answer);
}
