import type { Answer } from './answer.ts';
import { blocksProblem } from './block-kit.ts';
import type { LocalClock } from './clock.ts';
import type { WebService } from './web-service.ts';

/** A message that was posted to the webhook. */
interface SlackMessage {
  readonly at: number;
  readonly text: string | undefined;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
  /** Everything that was posted. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The embedded incoming webhook, for tests and the demo to reach into. */
export interface LocalSlack {
  readonly webhookUrl: string;
  /** Accepted messages, oldest first. */
  readonly inbox: SlackMessage[];
  /** One message a second, measured by the wall clock; the rest is answered with 429. @default false */
  limitRate: boolean;
  /** Somebody removes the app: the webhook is gone. */
  revoke(): void;
  restore(): void;
}

/** What Slack answers: a short text, never JSON. */
interface SlackAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterSeconds?: number | undefined;
}

const SLACK_PATH = '/slack/services/';
const WEBHOOK = `${SLACK_PATH}T0LOCAL00/B0LOCAL00/localwebhooktoken`;

/**
 * An incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks): `ok`, or the
 * name of the error; one message a second (https://docs.slack.dev/apis/web-api/rate-limits).
 */
export function createSlack(endpoint: string, clock: LocalClock): { slack: LocalSlack; service: WebService } {
  let revoked = false;
  let lastAcceptedMs = -Infinity;
  const slack: LocalSlack = {
    webhookUrl: endpoint + WEBHOOK,
    inbox: [],
    limitRate: false,
    revoke() {
      revoked = true;
    },
    restore() {
      revoked = false;
    },
  };

  const post = (path: string, contentType: string, body: string): SlackAnswer => {
    if (path !== WEBHOOK) return { status: 403, body: 'invalid_token' };
    if (revoked) return { status: 404, body: 'no_service' };
    const nowMs = performance.now();
    if (slack.limitRate && nowMs - lastAcceptedMs < 1_000) {
      return { status: 429, body: 'rate_limited', retryAfterSeconds: 1 };
    }
    const payload = parsePayload(contentType, body);
    if (!payload) return { status: 400, body: 'invalid_payload' };
    const { text, blocks } = payload;
    if (blocks !== undefined && blocksProblem(blocks) !== undefined)
      return { status: 400, body: 'invalid_blocks' };
    const hasBlocks = Array.isArray(blocks) && blocks.length > 0;
    const hasText = typeof text === 'string' && text !== '';
    if (!hasText && !hasBlocks) return { status: 400, body: 'no_text' };
    if (Array.isArray(payload['attachments']) && payload['attachments'].length > 100) {
      return { status: 400, body: 'too_many_attachments' };
    }
    lastAcceptedMs = nowMs;
    slack.inbox.push({
      at: clock.now(),
      text: hasText ? text : undefined,
      blocks: hasBlocks ? (blocks as SlackMessage['blocks']) : [],
      payload,
    });
    return { status: 200, body: 'ok' };
  };
  return {
    slack,
    service: {
      name: 'slack',
      path: SLACK_PATH,
      actionOf: () => 'PostMessage',
      answer: ({ path, contentType, body }) => textAnswer(post(path, contentType, body)),
      failure: ({ status, code, retryAfterSeconds }) => textAnswer({ status, body: code, retryAfterSeconds }),
    },
  };
}

const textAnswer = ({ status, body, retryAfterSeconds }: SlackAnswer): Answer => ({
  status,
  headers: {
    'content-type': 'text/html',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  },
  body,
});

/** The message: a JSON body, or a form whose `payload` is JSON. */
function parsePayload(contentType: string, body: string): Record<string, unknown> | undefined {
  const isForm = contentType.startsWith('application/x-www-form-urlencoded');
  const json = isForm ? (new URLSearchParams(body).get('payload') ?? '') : body;
  try {
    const payload: unknown = JSON.parse(json);
    return typeof payload === 'object' && payload !== null && !Array.isArray(payload)
      ? { ...payload }
      : undefined;
  } catch {
    return undefined;
  }
}
