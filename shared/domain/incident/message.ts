import { type KeyFacts, keyLabel } from '../assess/key-facts.ts';
import type { Notice } from '../notice.ts';
import { type KeyArn, targetOfSubject } from '../usage/key.ts';
import type { EpochSeconds } from '../usage/time.ts';
import type { Insight } from './insight.ts';
import type { Notification } from './notification.ts';

/** Where the message comes from, in the words people use. */
export interface MessageOrigin {
  /** Account name if configured, else the account id. */
  readonly account: string;
  readonly region: string;
  /** Number of the account that the detector runs in; without it, messages name that account alone. */
  readonly accountId?: string;
  /** What people call other accounts, by their numbers. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** The function's Region, where `region` is the one that the message is about. */
  readonly functionRegion?: string;
  /** IANA name; times are printed in UTC and in this zone. */
  readonly timeZone: string;
  /** Name of the Lambda function, for the paste-ready lines; undefined outside Lambda. */
  readonly functionName?: string;
}

/** Where a key, or a Region's quotas, are: the origin of a message about them. */
export function originOf(origin: MessageOrigin, subject: KeyArn): MessageOrigin {
  const { region, account: id } = targetOfSubject(subject);
  const isOther = id !== undefined && origin.accountId !== undefined && id !== origin.accountId;
  if (!isOther && (region === origin.region || region === '')) return origin;
  return {
    ...origin,
    region,
    account: isOther ? (origin.accounts?.[id] ?? id) : origin.account,
    functionRegion: origin.functionRegion ?? origin.region,
  };
}

/** The place that all of these have in common; of several accounts or Regions only how many they are. */
export function commonOrigin(origin: MessageOrigin, subjects: readonly KeyArn[]): MessageOrigin {
  const origins = subjects.map((subject) => originOf(origin, subject));
  const [first = origin] = origins;
  const accounts = new Set(origins.map(({ account }) => account)).size;
  const regions = new Set(origins.map(({ region }) => region)).size;
  if (accounts <= 1 && regions <= 1) return first;
  return {
    ...origin,
    account: accounts > 1 ? `${accounts} accounts` : first.account,
    region: regions > 1 ? `${regions} Regions` : first.region,
    functionRegion: origin.functionRegion ?? origin.region,
  };
}

/** What a list calls a key: its name, with its place where that is not the detector's own. */
export function placedLabel(key: KeyFacts, origin: MessageOrigin): string {
  const { account, region } = originOf(origin, key.keyArn);
  const isHere = account === origin.account && region === origin.region;
  return isHere ? keyLabel(key) : `${keyLabel(key)} in ${account} ${region}`;
}

/** One incident as it is told. */
export interface IncidentMessage {
  readonly notification: Omit<Notification, 'deliveries'>;
  readonly key: KeyFacts;
  /** Who is calling and why; undefined: not looked up. */
  readonly insight?: Insight;
  /** Where the key is, in a message about keys of several accounts or Regions. */
  readonly origin?: MessageOrigin;
  /** Which of the key's facts the detector may not see, and what would change that: a clause. */
  readonly unseen?: string;
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
