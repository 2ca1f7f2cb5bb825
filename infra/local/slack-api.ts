import * as z from 'zod';
import type { Answer } from './answer.ts';
import { blocksProblem } from './block-kit.ts';
import type { LocalClock } from './clock.ts';
import { jsonAnswer, type WebService } from './web-service.ts';

/** A message in a channel, as it stands now. */
interface ChannelMessage {
  readonly ts: string;
  readonly at: number;
  readonly text: string | undefined;
  readonly blocks: readonly unknown[];
  readonly threadTs: string | undefined;
  readonly isBroadcast: boolean;
  readonly edits: number;
}

/** The embedded Web API of Slack with one bot and its channels, for tests and the demo to reach into. */
export interface LocalSlackApi {
  readonly apiUrl: string;
  readonly botToken: string;
  /** A channel that the bot is in. */
  readonly channel: string;
  /** Messages of all channels by channel and ts, oldest first. */
  readonly messages: Map<string, ChannelMessage>;
  /** Each post and edit that was accepted, oldest first. */
  readonly calls: { readonly method: string; readonly text: string | undefined }[];
  /** One message a second and channel, measured by the wall clock; the rest is answered with 429. @default false */
  limitRate: boolean;
  /** Somebody revokes the token. */
  revoke(): void;
  /** Somebody deletes a message. */
  remove(ts: string): void;
  /** A channel that exists; `member`: whether the bot is in it. */
  addChannel(id: string, channel: { readonly member: boolean }): void;
}

const PATH = '/slack/api/';
const BOT_TOKEN = 'xoxb-0000-local';
const CHANNEL = 'C0LOCAL0000';

const common = { channel: z.string(), text: z.string().optional(), blocks: z.unknown().optional() };
const post = z.object({
  ...common,
  thread_ts: z.string().optional(),
  reply_broadcast: z.boolean().optional(),
});
const update = z.object({ ...common, ts: z.string() });

/** Longest text: https://docs.slack.dev/reference/methods/chat.update#errors */
const MAX_UPDATE_TEXT = 4_000;
const MAX_POST_TEXT = 40_000;

/**
 * chat.postMessage and chat.update (https://docs.slack.dev/reference/methods/chat.postMessage): errors are answers
 * with status 200, `ok: false` and a word.
 */
export function createSlackApi(
  endpoint: string,
  clock: LocalClock,
): { slackApi: LocalSlackApi; service: WebService } {
  const channels = new Map([[CHANNEL, { member: true }]]);
  const lastPostMs = new Map<string, number>();
  let revoked = false;
  let posts = 0;
  const slackApi: LocalSlackApi = {
    apiUrl: endpoint + PATH.slice(0, -1),
    botToken: BOT_TOKEN,
    channel: CHANNEL,
    messages: new Map(),
    calls: [],
    limitRate: false,
    revoke() {
      revoked = true;
    },
    remove(ts) {
      slackApi.messages.delete(ts);
    },
    addChannel: (id, channel) => channels.set(id, channel),
  };

  const postMessage = (body: unknown): Answer => {
    const parsed = post.safeParse(body);
    if (!parsed.success) return failed('invalid_arguments');
    const { channel, thread_ts: threadTs, reply_broadcast: isBroadcast = false, ...content } = parsed.data;
    const problem = channelProblem(channel) ?? contentProblem(content, MAX_POST_TEXT);
    if (problem) return failed(problem);
    const nowMs = performance.now();
    if (slackApi.limitRate && nowMs - (lastPostMs.get(channel) ?? -Infinity) < 1_000) return rateLimited();
    lastPostMs.set(channel, nowMs);
    posts++;
    const ts = `${Math.floor(clock.now())}.${String(posts).padStart(6, '0')}`;
    const { text, blocks } = content;
    const message = { ts, at: clock.now(), text, blocks: listOf(blocks), threadTs, isBroadcast, edits: 0 };
    slackApi.messages.set(ts, message);
    slackApi.calls.push({ method: 'chat.postMessage', text });
    return jsonAnswer(200, { ok: true, channel, ts, message: { type: 'message', text, blocks } });
  };

  const updateMessage = (body: unknown): Answer => {
    const parsed = update.safeParse(body);
    if (!parsed.success) return failed('invalid_arguments');
    const { channel, ts, ...content } = parsed.data;
    const problem = channelProblem(channel) ?? contentProblem(content, MAX_UPDATE_TEXT);
    if (problem) return failed(problem);
    const message = slackApi.messages.get(ts);
    if (!message) return failed('message_not_found');
    const { text, blocks } = content;
    // Blocks that are not mentioned stay as they were.
    const shown = blocks === undefined ? message.blocks : listOf(blocks);
    slackApi.messages.set(ts, { ...message, text, blocks: shown, edits: message.edits + 1 });
    slackApi.calls.push({ method: 'chat.update', text });
    return jsonAnswer(200, { ok: true, channel, ts, text, message: { type: 'message', text, blocks } });
  };

  const channelProblem = (id: string): string | undefined => {
    const channel = channels.get(id);
    if (!channel) return 'channel_not_found';
    return channel.member ? undefined : 'not_in_channel';
  };

  const methods: Readonly<Record<string, (body: unknown) => Answer>> = {
    'chat.postMessage': postMessage,
    'chat.update': updateMessage,
  };
  const actionOf = (path: string) => path.slice(PATH.length);
  return {
    slackApi,
    service: {
      name: 'slackApi',
      path: PATH,
      actionOf,
      answer({ path, authorization, body }) {
        const method = methods[actionOf(path)];
        if (!method) return failed('unknown_method');
        if (authorization === undefined) return failed('not_authed');
        if (authorization !== `Bearer ${BOT_TOKEN}`) return failed('invalid_auth');
        if (revoked) return failed('token_revoked');
        const json = parseJson(body);
        return json === undefined ? failed('invalid_json') : method(json);
      },
      failure: ({ status, code, retryAfterSeconds }) =>
        jsonAnswer(status, { ok: false, error: code }, retryAfterSeconds),
    },
  };
}

function contentProblem(
  { text, blocks }: { readonly text?: string | undefined; readonly blocks?: unknown },
  maxText: number,
): string | undefined {
  if (blocks !== undefined && blocksProblem(blocks) !== undefined) return 'invalid_blocks';
  if (!text && listOf(blocks).length === 0) return 'no_text';
  return text !== undefined && text.length > maxText ? 'msg_too_long' : undefined;
}

const failed = (error: string): Answer => jsonAnswer(200, { ok: false, error });

const rateLimited = (): Answer => jsonAnswer(429, { ok: false, error: 'ratelimited' }, 1);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
