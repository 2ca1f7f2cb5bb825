import type { KeyFacts } from '../domain/assess/key-facts.ts';
import type { Incident, IncidentFacts } from '../domain/incident/incident.ts';
import type { IncidentMessage, Message } from '../domain/incident/message.ts';
import type { NotifyReason } from '../domain/incident/notification.ts';
import type { Severity } from '../domain/policy.ts';
import { binStart, isoTime } from '../domain/usage/time.ts';
import { headline, keyName, messageSeverity } from './headline.ts';
import { plainText } from './slack-text.ts';
import { type Figure, type Story, storyOf } from './story.ts';
import { plain } from './text.ts';

/** A number that JSON can hold; null where there is none. */
type Amount = number | null;

/**
 * What an event for EventBridge says. Programs read it, so it only ever gains members within a version; the published
 * schema is infra/event.schema.json. An event may arrive twice: `incident.id` and `incident.message` name it.
 */
export interface EventDetail {
  readonly version: 1;
  readonly kind: NotifyReason | 'drill' | 'notice';
  readonly severity: Severity;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Name of the account if it has one, else its id. */
  readonly account: string;
  readonly region: string;
  readonly headline: string;
  /** These three are absent from a drill. */
  readonly incident?: EventIncident;
  readonly key?: { readonly arn: string; readonly name: string; readonly aliases: readonly string[] };
  readonly usage?: EventUsage;
  /** The message in words, as people get it. */
  readonly story: EventStory;
}

interface EventIncident {
  readonly id: string;
  /** Number of the message, from 1. */
  readonly message: number;
  readonly status: Incident['status'];
  readonly openedAt: string;
  readonly endedAt?: string;
  readonly operations: readonly string[];
  readonly excessUsd: Amount;
  readonly excessRequests: Amount;
  readonly peakUsdPerHour: Amount;
  readonly peakRatio: Amount;
}

interface EventUsage {
  /** Dollars an hour above the usual; the second is the upper end where the price is a range. */
  readonly usdPerHour: Amount;
  readonly usdPerHourHigh: Amount;
  /** Observed over expected; 0 where nothing was expected. */
  readonly ratio: Amount;
  /** Shares of the Region's request quota, 0..1. */
  readonly quotaShare: Amount;
  readonly regionQuotaShare: Amount;
  readonly minutesToThrottling?: Amount;
  readonly operations: readonly {
    readonly operation: string;
    readonly windowSeconds: Amount;
    readonly requests: Amount;
    readonly expected: Amount;
  }[];
  readonly thresholds: readonly {
    readonly name: string;
    readonly periodSeconds: Amount;
    readonly requests: Amount;
    readonly usd: Amount;
  }[];
}

interface EventStory {
  readonly lead: readonly string[];
  readonly figures: readonly Figure[];
  readonly notes: readonly Figure[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

/** Bounds that keep an event far below the 256 KB that EventBridge takes. */
const MAX_PIECE = 700;
const MAX_LINES = 20;
const MAX_LISTED = 20;
const MAX_NAME = 100;

/** The events of a message: one for each incident, because programs handle them one by one. */
export function renderEvent(message: Message): EventDetail[] {
  switch (message.kind) {
    case 'incident':
      return [incidentEvent(message)];
    case 'group':
      return message.items.map((item) =>
        incidentEvent({ kind: 'incident', origin: message.origin, ...item }),
      );
    case 'drill':
      return [{ kind: 'drill', ...commonOf(message, message.at) }];
    case 'notice':
      return [{ kind: 'notice', ...commonOf(message, message.notice.at) }];
    default:
      return message satisfies never;
  }
}

const incidentEvent = (message: Extract<Message, { kind: 'incident' }>): EventDetail => ({
  kind: message.notification.reason,
  ...commonOf(message, message.notification.at),
  incident: incidentOf(message),
  key: keyOf(message.key),
  usage: usageOf(message.notification.facts),
});

const commonOf = (message: Message, at: number): Omit<EventDetail, 'kind'> => ({
  version: 1,
  severity: messageSeverity(message),
  at: isoTime(at),
  account: safe(plain(message.origin.account, 64)),
  region: safe(plain(message.origin.region, 20)),
  headline: safe(headline(message, 250)),
  story: wordsOf(storyOf(message)),
});

function incidentOf({ notification: { incident, number } }: IncidentMessage): EventIncident {
  const { tally, endedBin } = incident;
  return {
    id: safe(plain(incident.id, 64)),
    message: number,
    status: incident.status,
    openedAt: isoTime(binStart(incident.openedBin)),
    ...(endedBin === undefined ? {} : { endedAt: isoTime(binStart(endedBin)) }),
    operations: namesOf(incident.operations),
    excessUsd: amount(tally.excessUsd),
    excessRequests: amount(tally.excessRequests),
    peakUsdPerHour: amount(tally.peakUsdPerHour),
    peakRatio: amount(tally.peakRatio),
  };
}

const keyOf = (key: KeyFacts): NonNullable<EventDetail['key']> => ({
  arn: safe(plain(key.keyArn, 256)),
  name: safe(keyName(key)),
  aliases: namesOf(key.aliases),
});

const usageOf = (facts: IncidentFacts): EventUsage => ({
  usdPerHour: amount(facts.usdPerHour),
  usdPerHourHigh: amount(facts.usdPerHourHigh),
  ratio: amount(facts.ratio),
  quotaShare: amount(facts.quotaShare),
  regionQuotaShare: amount(facts.regionQuotaShare),
  ...(facts.minutesToThrottling === undefined
    ? {}
    : { minutesToThrottling: amount(facts.minutesToThrottling) }),
  operations: facts.operations.slice(0, MAX_LISTED).map((one) => ({
    operation: nameOf(one.operation),
    windowSeconds: amount(one.windowSeconds),
    requests: amount(one.requests),
    expected: amount(one.expected),
  })),
  thresholds: facts.thresholds.slice(0, MAX_LISTED).map((limit) => ({
    name: nameOf(limit.name),
    periodSeconds: amount(limit.periodSeconds),
    requests: amount(limit.requests),
    usd: amount(limit.usd),
  })),
});

const wordsOf = ({ lead, figures, notes, links }: Story): EventStory => ({
  lead: lead.slice(0, MAX_LINES).map(safe),
  figures: figures.slice(0, MAX_LINES).map(figureOf),
  notes: notes.slice(0, MAX_LINES).map(figureOf),
  links: links.slice(0, MAX_LISTED).map(({ label, url }) => ({ label, url })),
});

const figureOf = ({ label, text }: Figure): Figure => ({ label, text: safe(text) });

const namesOf = (names: readonly string[]): string[] => names.slice(0, MAX_LISTED).map(nameOf);

const nameOf = (name: string): string => safe(plain(name, MAX_NAME));

/** Rules may pass texts on to chats and mails, so they may neither mention anybody nor hold tags. */
const safe = (text: string): string => plainText(text, MAX_PIECE);

const amount = (value: number): Amount => (Number.isFinite(value) ? value : null);
