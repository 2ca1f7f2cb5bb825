import * as z from 'zod';
import type { Answer } from './answer.ts';
import type { LocalClock } from './clock.ts';
import { jsonAnswer, type WebService } from './web-service.ts';

/** An event that was accepted. */
interface ReceivedEvent {
  readonly at: number;
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedupKey: string;
  /** Everything that was posted but the routing key. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** The embedded PagerDuty, for tests and the demo to reach into. */
export interface LocalPagerDuty {
  readonly url: string;
  readonly routingKey: string;
  /** Accepted events, oldest first. */
  readonly inbox: ReceivedEvent[];
  /** What became of each alert, by dedup_key. */
  readonly alerts: Map<string, 'triggered' | 'acknowledged' | 'resolved'>;
  /** More than 120 events a minute, measured by the wall clock, are answered with 429. @default false */
  limitRate: boolean;
  /** Somebody removes the integration. */
  revoke(): void;
  restore(): void;
}

const PATH = '/pagerduty/v2/enqueue';
const ROUTING_KEY = 'e93facc04764012d7bfb002500d5d1a6';
/** Documented for an event: 512 KB. */
const MAX_BYTES = 512 * 1024;
const MAX_EVENTS_A_MINUTE = 120;

const text = (max: number) => z.string().min(1).max(max);
const payload = z.object({
  summary: text(1024),
  source: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  component: z.string().optional(),
  group: z.string().optional(),
  class: z.string().optional(),
  custom_details: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
});
const links = z.array(z.object({ href: z.url(), text: z.string().optional() })).optional();
const routing = { routing_key: z.string().length(32) };
const followUp = { ...routing, dedup_key: text(255), payload: payload.optional(), links };
const event = z.discriminatedUnion('event_action', [
  z.object({
    ...routing,
    event_action: z.literal('trigger'),
    dedup_key: text(255).optional(),
    payload,
    links,
    client: z.string().optional(),
  }),
  z.object({ ...followUp, event_action: z.literal('acknowledge') }),
  z.object({ ...followUp, event_action: z.literal('resolve') }),
]);

const STATES = { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' } as const;

/** The Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/trigger-events/). */
export function createPagerDuty(
  endpoint: string,
  clock: LocalClock,
): { pagerduty: LocalPagerDuty; service: WebService } {
  let revoked = false;
  let acceptedMs: number[] = [];
  const pagerduty: LocalPagerDuty = {
    url: endpoint + PATH,
    routingKey: ROUTING_KEY,
    inbox: [],
    alerts: new Map(),
    limitRate: false,
    revoke() {
      revoked = true;
    },
    restore() {
      revoked = false;
    },
  };

  const answer = (body: string): Answer => {
    const nowMs = performance.now();
    acceptedMs = acceptedMs.filter((ms) => ms > nowMs - 60_000);
    if (pagerduty.limitRate && acceptedMs.length >= MAX_EVENTS_A_MINUTE) {
      return jsonAnswer(429, { status: 'throttle exceeded', message: 'Requests are arriving too quickly' });
    }
    if (Buffer.byteLength(body) > MAX_BYTES) return jsonAnswer(413, { message: 'Request Entity Too Large' });
    const { posted, errors } = parse(body);
    if (!posted) return invalid(errors);
    if (revoked || posted.routing_key !== ROUTING_KEY) return invalid(['Invalid routing key']);
    acceptedMs.push(nowMs);
    const { routing_key: _, event_action: action, ...rest } = posted;
    const dedupKey = rest.dedup_key ?? `generated-${pagerduty.inbox.length + 1}`;
    pagerduty.inbox.push({ at: clock.now(), action, dedupKey, event: rest });
    // A follow-up of an alert that is not open is accepted, and nothing comes of it.
    const state = pagerduty.alerts.get(dedupKey);
    if (action === 'trigger' ? state !== 'acknowledged' : state !== undefined && state !== 'resolved') {
      pagerduty.alerts.set(dedupKey, STATES[action]);
    }
    return jsonAnswer(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
  };

  return {
    pagerduty,
    service: {
      name: 'pagerduty',
      path: PATH,
      actionOf: () => 'Enqueue',
      answer: ({ body }) => answer(body),
      failure: ({ status, code, retryAfterSeconds }) =>
        jsonAnswer(status, { status: 'error', message: code, errors: [code] }, retryAfterSeconds),
    },
  };
}

function parse(body: string): { posted?: z.infer<typeof event>; errors: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { errors: ['JSON cannot be parsed'] };
  }
  const parsed = event.safeParse(json);
  if (parsed.success) return { posted: parsed.data, errors: [] };
  return { errors: parsed.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`) };
}

const invalid = (errors: readonly string[]): Answer =>
  jsonAnswer(400, { status: 'invalid event', message: 'Event object is invalid', errors });
