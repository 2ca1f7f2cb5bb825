import {
  type CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import type { MetricFault } from '../../app/ports.ts';
import type { KeyEvent } from '../../domain/callers/key-event.ts';
import type { SampleWindow } from '../../domain/callers/sample-plan.ts';
import type { KeyArn } from '../../domain/usage/key.ts';
import type { EpochSeconds } from '../../domain/usage/time.ts';
import { parseKeyEvent } from './cloudtrail-event.ts';
import { faultOf } from './cloudwatch-fault.ts';
import type { Timer } from './datapoint-pacer.ts';

/** A page of a key's events to ask for. */
export interface PageRequest {
  readonly keyArn: KeyArn;
  /** LookupEvents takes one attribute. */
  readonly by: { readonly attribute: 'ResourceName' | 'EventId'; readonly value: string };
  readonly window?: SampleWindow;
  readonly nextToken?: string;
  /** By the timer: no request is sent after it, and one that is under way is given up. */
  readonly untilMs: number;
}

/** A page of a key's events, newest first, or why there is none. */
export type PageOutcome =
  | {
      readonly kind: 'page';
      readonly events: readonly KeyEvent[];
      /** Ids of the events that cannot be read. */
      readonly unreadable: readonly string[];
      /** Time of the oldest event, readable or not. */
      readonly oldest?: EpochSeconds;
      readonly nextToken?: string;
    }
  | { readonly kind: 'late' }
  | { readonly kind: 'fault'; readonly fault: MetricFault; readonly detail: string };

/** LookupEvents returns 50 events at most. */
const PAGE_EVENTS = 50;
/** One request may take this long, and no more. */
const REQUEST_TIMEOUT_MS = 5000;
/** Waits after the first and the second throttling; after the third the look is over. */
const BACKOFF_MS = [1000, 2000] as const;

/**
 * LookupEvents at the pace that CloudTrail allows: two requests a second for the whole account and Region, shared with
 * everybody else who looks
 * (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html). All look-ups of a process go
 * through one of these. The client is to have `maxAttempts: 1`, because its own retries know nothing of the pace.
 */
export class CloudTrailLookup {
  readonly #client: CloudTrailClient;
  readonly #timer: Timer;
  readonly #spacingMs: number;
  #freeAtMs = -Infinity;

  constructor(client: CloudTrailClient, timer: Timer, spacingMs: number) {
    this.#client = client;
    this.#timer = timer;
    this.#spacingMs = spacingMs;
  }

  async page(request: PageRequest): Promise<PageOutcome> {
    for (const backoffMs of [...BACKOFF_MS, undefined]) {
      if (!(await this.#turn(request.untilMs))) return { kind: 'late' };
      const outcome = await this.#ask(request);
      if (outcome.kind !== 'fault' || outcome.fault !== 'throttled' || backoffMs === undefined)
        return outcome;
      this.#freeAtMs = Math.max(this.#freeAtMs, this.#timer.nowMs() + backoffMs);
    }
    return { kind: 'late' };
  }

  /** Waits for this request's turn; false if that would come too late. */
  async #turn(untilMs: number): Promise<boolean> {
    const nowMs = this.#timer.nowMs();
    const startMs = Math.max(nowMs, this.#freeAtMs);
    if (startMs >= untilMs) return false;
    this.#freeAtMs = startMs + this.#spacingMs;
    if (startMs > nowMs) await this.#timer.sleep(startMs - nowMs);
    return true;
  }

  async #ask(request: PageRequest): Promise<PageOutcome> {
    const leftMs = request.untilMs - this.#timer.nowMs();
    const timeoutMs = Math.max(1, Math.min(REQUEST_TIMEOUT_MS, leftMs));
    try {
      const { Events = [], NextToken } = await this.#client.send(new LookupEventsCommand(inputOf(request)), {
        abortSignal: AbortSignal.timeout(Math.ceil(timeoutMs)),
      });
      const parsed = Events.map((event) => ({
        id: event.EventId ?? 'unknown',
        ...parseKeyEvent(event, request.keyArn),
      }));
      const times = Events.flatMap(({ EventTime }) => (EventTime ? [EventTime.getTime() / 1000] : []));
      return {
        kind: 'page',
        events: parsed.flatMap((one) => (one.kind === 'event' ? [one.event] : [])),
        unreadable: parsed.flatMap(({ kind, id }) => (kind === 'unreadable' ? [id] : [])),
        ...(times.length > 0 ? { oldest: Math.min(...times) } : {}),
        ...(NextToken ? { nextToken: NextToken } : {}),
      };
    } catch (error) {
      if (this.#timer.nowMs() >= request.untilMs) return { kind: 'late' };
      return { kind: 'fault', ...faultOf(error) };
    }
  }
}

/** Both ends of LookupEvents' time are inclusive, and an event's time is a whole second. */
const inputOf = ({ by, window, nextToken }: PageRequest): LookupEventsCommandInput => ({
  LookupAttributes: [{ AttributeKey: by.attribute, AttributeValue: by.value }],
  MaxResults: PAGE_EVENTS,
  ...(window ? { StartTime: new Date(window.from * 1000), EndTime: new Date((window.to - 1) * 1000) } : {}),
  ...(nextToken === undefined ? {} : { NextToken: nextToken }),
});
