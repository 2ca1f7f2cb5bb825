import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { CallerQuestion, CallerSource, Clock, Log } from '../../app/ports.ts';
import type { Callers } from '../../domain/callers/callers.ts';
import { isUse } from '../../domain/callers/key-event.ts';
import { planWindows, type SampleWindow, unreadWindows } from '../../domain/callers/sample-plan.ts';
import { keyArnParts } from '../../domain/usage/key.ts';
import { DAY_SECONDS } from '../../domain/usage/time.ts';
import { CloudTrailLookup, type PageOutcome, type PageRequest } from './cloudtrail-lookup.ts';
import { answerOf, nothingYet, type Reading, unknownCallers } from './cloudtrail-reading.ts';
import { REAL_TIMER, type Timer } from './datapoint-pacer.ts';
import { KmsLastUse } from './kms-last-use.ts';

export interface CallerSourceOptions {
  /** @default time as it really passes */
  readonly timer?: Timer;
  /** Milliseconds between two look-ups of this process. @default 550, a little less than two a second */
  readonly spacingMs?: number;
}

/** Pages read for one key: 400 events are enough for ±5 % and take four seconds. */
const MAX_PAGES = 8;
/** How long CloudTrail keeps its event history. */
const HISTORY_SECONDS = 90 * DAY_SECONDS;

type Page = Extract<PageOutcome, { kind: 'page' }>;

/**
 * Callers by CloudTrail's event history, which every account has and nobody needs to switch on. A quiet key costs
 * one request. For a busy one, one page each of several windows is read. Whether LookupEvents knows a key by its full
 * ARN or by its id is documented nowhere, so both are tried; if neither brings anything, KMS may name the event of the
 * key's last use.
 */
export class CloudTrailCallerSource implements CallerSource {
  readonly #lookup: CloudTrailLookup;
  readonly #lastUse: KmsLastUse;
  readonly #clock: Clock;
  readonly #timer: Timer;

  /** Both clients are to have `maxAttempts: 1`: this source retries at CloudTrail's pace. */
  constructor(
    cloudTrail: CloudTrailClient,
    kms: KMSClient,
    clock: Clock,
    log: Log,
    options: CallerSourceOptions = {},
  ) {
    this.#timer = options.timer ?? REAL_TIMER;
    this.#lookup = new CloudTrailLookup(cloudTrail, this.#timer, options.spacingMs ?? 550);
    this.#lastUse = new KmsLastUse(kms, log);
    this.#clock = clock;
  }

  async callersOf(question: CallerQuestion): Promise<Callers> {
    const now = this.#clock.now();
    // Events have whole seconds.
    const from = Math.floor(Math.max(question.from, now - HISTORY_SECONDS));
    const to = Math.ceil(question.to);
    if (question.from >= question.to)
      return unknownCallers('no time was asked about: it ends before it begins');
    if (from >= to) {
      return unknownCallers(
        'CloudTrail keeps events for 90 days, and the time asked about is not within them',
      );
    }
    const reading: Reading = {
      question: { ...question, from, to },
      untilMs: this.#timer.nowMs() + (question.deadline - now) * 1000,
      events: [],
      unreadable: new Set(),
      pages: 0,
    };
    try {
      await this.#read(reading);
      return answerOf(reading) ?? (await this.#lastUseOf(reading)) ?? nothingYet(reading, now);
    } catch (error) {
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return unknownCallers(`the look into CloudTrail failed: ${detail.slice(0, 200)}`, true);
    }
  }

  /** Reads pages until there are no more, or enough. */
  async #read(reading: Reading): Promise<void> {
    const { keyArn, from, to } = reading.question;
    const whole = { from, to };
    for (const value of [keyArn, keyArnParts(keyArn).keyId]) {
      const by = { attribute: 'ResourceName', value } as const;
      const page = await this.#page(reading, { by, window: whole });
      if (!page) return;
      // What manages a key, such as DescribeKey, may be known by another name than its uses.
      const isKnown = page.events.some(isUse) || page.unreadable.length > 0 || page.nextToken !== undefined;
      if (!isKnown) continue;
      if (page.nextToken) await this.#readOn(reading, by, whole, page);
      return;
    }
  }

  /** Reads one page of each window that the first page did not touch, and then further into all of them. */
  async #readOn(reading: Reading, by: PageRequest['by'], whole: SampleWindow, first: Page): Promise<void> {
    const windows = planWindows(whole.from, whole.to, MAX_PAGES);
    // A page may be empty and yet not the last: then nothing has been touched.
    const unread = first.oldest === undefined ? windows : unreadWindows(windows, first.oldest);
    const queue: Pick<PageRequest, 'window' | 'nextToken'>[] = unread.map((window) => ({ window }));
    for (let next = queue.shift(); next && reading.pages < MAX_PAGES; next = queue.shift()) {
      const page = await this.#page(reading, { by, ...next });
      if (!page) return;
      if (page.nextToken) queue.push({ ...next, nextToken: page.nextToken });
    }
  }

  async #page(
    reading: Reading,
    request: Pick<PageRequest, 'by' | 'window' | 'nextToken'>,
  ): Promise<Page | undefined> {
    const { question, untilMs } = reading;
    const outcome = await this.#lookup.page({ keyArn: question.keyArn, untilMs, ...request });
    if (outcome.kind !== 'page') {
      reading.stopped = outcome;
      return undefined;
    }
    reading.pages++;
    reading.events.push(...outcome.events);
    for (const id of outcome.unreadable) reading.unreadable.add(id);
    return outcome;
  }

  /** The one caller that KMS can point to. Its event may be minutes late as well: then it is asked for again next time. */
  async #lastUseOf(reading: Reading): Promise<Callers | undefined> {
    if (reading.stopped) return undefined;
    const { keyArn, from, to } = reading.question;
    const leftMs = reading.untilMs - this.#timer.nowMs();
    for (const value of await this.#lastUse.eventIds(keyArn, leftMs)) {
      const page = await this.#page(reading, { by: { attribute: 'EventId', value } });
      const used = page?.events.filter((event) => event.at >= from && event.at < to && isUse(event)) ?? [];
      if (used.length === 0) continue;
      this.#lastUse.forget(keyArn);
      return answerOf(reading);
    }
    return undefined;
  }
}
