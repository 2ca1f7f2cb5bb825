import type { KeyFacts } from '../assess/key-facts.ts';
import type { Notice } from '../notice.ts';
import type { EpochSeconds } from '../usage/time.ts';
import type { Insight } from './insight.ts';
import type { Notification } from './notification.ts';

/** Where the message comes from, in the words people use. */
export interface MessageOrigin {
  /** Account name if configured, else the account id. */
  readonly account: string;
  readonly region: string;
  /** IANA name; times are printed in UTC and in this zone. */
  readonly timeZone: string;
  /** Name of the Lambda function, for the paste-ready lines; undefined outside Lambda. */
  readonly functionName?: string;
}

/** One incident as it is told. */
export interface IncidentMessage {
  readonly notification: Omit<Notification, 'deliveries'>;
  readonly key: KeyFacts;
  /** Who is calling and why; undefined: not looked up. */
  readonly insight?: Insight;
}

/** What a receiver renders and sends. */
export type Message =
  | ({ readonly kind: 'incident'; readonly origin: MessageOrigin } & IncidentMessage)
  /** Openings and escalations of several keys that were pending together. */
  | {
      readonly kind: 'group';
      readonly origin: MessageOrigin;
      readonly at: EpochSeconds;
      readonly items: readonly IncidentMessage[];
      /** Set when they are told together because the receiver had heard enough in the hour before. */
      readonly budget?: { readonly limit: number };
    }
  /** A message without an incident: digest, weekly report, ... */
  | {
      readonly kind: 'notice';
      readonly origin: MessageOrigin;
      readonly notice: Omit<Notice, 'deliveries'>;
    }
  /** A marked drill that proves a receiver works. */
  | {
      readonly kind: 'drill';
      readonly origin: MessageOrigin;
      readonly at: EpochSeconds;
      readonly id: string;
    };
