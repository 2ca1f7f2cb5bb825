import { jsonIn, textMember } from '../secret-text.ts';
import { SecretUnavailableError } from '../secret-unavailable-error.ts';

/** How the detector may write to Slack: an incoming webhook, or a bot that can also edit and reply. */
export type SlackCredentials =
  | { readonly kind: 'webhook'; readonly webhookUrl: string }
  | ({ readonly kind: 'bot' } & BotCredentials);

/** A bot's token and the channel it writes to. */
export interface BotCredentials {
  readonly botToken: string;
  /** The channel's id, such as C0123456789. */
  readonly channel: string;
}

/** What a secret for Slack holds: the webhook's URL, `{"webhookUrl"}`, or `{"botToken","channel"}`. Throws a SecretUnavailableError. */
export function parseSlackSecret(text: string): SlackCredentials {
  const json = jsonIn(text);
  if (json && 'botToken' in json) {
    return { kind: 'bot', botToken: botTokenIn(json), channel: channelIn(json) };
  }
  const webhookUrl = json ? textMember(json, 'webhookUrl') : text;
  if (!isWebAddress(webhookUrl)) {
    throw new SecretUnavailableError(
      'the secret holds no https address: put the webhook URL into it, as it is or as {"webhookUrl": "https://..."}',
    );
  }
  return { kind: 'webhook', webhookUrl };
}

function botTokenIn(json: Readonly<Record<string, unknown>>): string {
  const botToken = textMember(json, 'botToken');
  if (/^xoxb-[A-Za-z0-9-]+$/.test(botToken)) return botToken;
  throw new SecretUnavailableError('"botToken" in the secret is no bot token of Slack: it begins with xoxb-');
}

function channelIn(json: Readonly<Record<string, unknown>>): string {
  const channel = textMember(json, 'channel');
  if (/^[CDG][A-Z0-9]{5,20}$/.test(channel)) return channel;
  throw new SecretUnavailableError(
    '"channel" in the secret is no id of a channel such as C0123456789: Slack shows it below "About" of the channel',
  );
}

/** https, or http to this machine: for the local double. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}
