import type { Forecast } from './forecast.ts';
import type { Told } from './incident/delivery.ts';
import type { Incident } from './incident/incident.ts';
import type { Severity } from './policy.ts';
import type { KeyArn, Operation } from './usage/key.ts';
import { binStart, type EpochSeconds } from './usage/time.ts';

/** Incidents told line by line in one notice at most; the others are counted. */
export const MAX_NOTICE_INCIDENTS = 50;

/** Incidents of the time before that the first report tells at most. */
export const MAX_HISTORY_INCIDENTS = 5;

/** Keys listed in a bill at most. */
export const MAX_BILL_KEYS = 10;

/** An incident as a line of a notice tells it. */
export interface NoticeIncident {
  readonly id: string;
  readonly keyArn: KeyArn;
  /** The key as people know it. It comes from the account: untrusted text. */
  readonly name: string;
  readonly severity: Severity;
  readonly operations: readonly Operation[];
  readonly openedAt: EpochSeconds;
  /** Absent while it goes on. */
  readonly endedAt?: EpochSeconds;
  readonly excessUsd: number;
  readonly peakRatio: number;
}

/** What one key cost in a week. */
export interface KeyBill {
  readonly keyArn: KeyArn;
  /** Untrusted text. */
  readonly name: string;
  readonly requests: number;
  readonly usd: number;
  /** What such a week usually costs. */
  readonly usualUsd: number;
}

/** A week of all keys in money. */
export interface Bill {
  readonly keys: number;
  readonly usd: number;
  readonly usualUsd: number;
  /** The most expensive keys, dearest first. */
  readonly top: readonly KeyBill[];
  /** Keys that cost more than usual, the largest increase first. */
  readonly grown: readonly KeyBill[];
}

/** A receiver, and how many people can hear it. */
export interface ReceiverState {
  readonly name: string;
  /** Subscriptions of a topic, where the receiver has such a thing. */
  readonly confirmed?: number;
  readonly unconfirmed?: number;
}

/** The small incidents of a day, in one message. */
export interface DigestFacts {
  readonly kind: 'digest';
  /** Opened before this moment; the next digest tells the later ones. */
  readonly until: EpochSeconds;
  /** The costliest, at most MAX_NOTICE_INCIDENTS. */
  readonly incidents: readonly NoticeIncident[];
  /** Of all of them. */
  readonly total: number;
  readonly totalUsd: number;
}

/** A week: what it cost, what grew, what was told. */
export interface WeeklyFacts {
  readonly kind: 'weekly';
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
  readonly bill: Bill;
  /** The costliest, at most MAX_NOTICE_INCIDENTS. */
  readonly incidents: readonly NoticeIncident[];
  readonly total: number;
  readonly totalUsd: number;
  readonly pages: number;
  readonly notices: number;
  readonly open: number;
  /** Open ones that have become a new level. */
  readonly standing: number;
  /** Keys whose closed incidents could not be read in time. */
  readonly unread: number;
  /** Metrics that a week of checks like the last one asks for, and what AWS charges for them. */
  readonly metricsAWeek: number;
  readonly watchingUsd: number;
}

/** The first check is done: what is watched, and who hears of it. */
export interface WelcomeFacts {
  readonly kind: 'welcome';
  readonly keys: number;
  readonly series: number;
  /** Series whose history is not learned yet. */
  readonly unlearned: number;
  readonly receivers: readonly ReceiverState[];
  readonly pageUsdPerHour: number;
  readonly noticeUsdPerHour: number;
}

/** What would have been told, had the detector been there already. */
export interface HistoryFacts {
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
  /** The dearest of those told at once, at most MAX_HISTORY_INCIDENTS. */
  readonly incidents: readonly NoticeIncident[];
  /** Of all that are told at once. */
  readonly total: number;
  readonly totalUsd: number;
  readonly pages: number;
  /** Incidents too small to be told at once. */
  readonly small: number;
  /** What to expect of the coming fortnight. */
  readonly forecast: { readonly notices: Forecast; readonly pages: Forecast };
  /** Series that were not looked through. */
  readonly leftOut: number;
}

/** All history is learned: what the keys cost, and what would have been told. */
export interface FirstDayFacts {
  readonly kind: 'firstDay';
  readonly series: number;
  readonly bill: Bill;
  /** Absent where there is no history to look through, or it could not be read. */
  readonly history?: HistoryFacts;
}

/** Messages do not arrive at a receiver. */
export interface DeadReceiverFacts {
  readonly kind: 'deadReceiver';
  readonly receiver: string;
  /** When the oldest message that has not arrived was planned. */
  readonly since: EpochSeconds;
  readonly reason: string;
  /** Messages still tried. */
  readonly waiting: number;
  /** Messages given up after a day. */
  readonly lost: number;
}

export type NoticeFacts = DigestFacts | WeeklyFacts | WelcomeFacts | FirstDayFacts | DeadReceiverFacts;

/** A message without an incident, with its deliveries: the unit that is stored, in one item. */
export interface Notice extends Told {
  /** Names the message: `DIGEST#2026-11-25`, `WEEK#2026-48`, `WELCOME`, ... One with this id is made once only. */
  readonly id: string;
  readonly facts: NoticeFacts;
}

/** An incident as a notice tells it. `name` is what people call its key. */
export const noticeIncident = (incident: Incident, name: string): NoticeIncident => ({
  id: incident.id,
  keyArn: incident.keyArn,
  name,
  severity: incident.severity,
  operations: incident.operations,
  openedAt: binStart(incident.openedBin),
  ...(incident.endedBin === undefined ? {} : { endedAt: binStart(incident.endedBin) }),
  excessUsd: incident.tally.excessUsd,
  peakRatio: incident.tally.peakRatio,
});

/** The costliest incidents, as many as a notice tells, and the sums over all of them. */
export function costliest(incidents: readonly NoticeIncident[]) {
  return {
    incidents: incidents.toSorted((a, b) => b.excessUsd - a.excessUsd).slice(0, MAX_NOTICE_INCIDENTS),
    total: incidents.length,
    totalUsd: incidents.reduce((sum, { excessUsd }) => sum + excessUsd, 0),
  };
}
