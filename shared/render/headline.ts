import type { KeyFacts } from '../domain/assess/key-facts.ts';
import { keyLabel } from '../domain/assess/key-facts.ts';
import { NOTICE_QUOTA_SHARE, PAGE_MINUTES_TO_THROTTLING } from '../domain/assess/severity.ts';
import type { IncidentFacts, RegionFacts } from '../domain/incident/incident.ts';
import type { Insight } from '../domain/incident/insight.ts';
import type { IncidentMessage, Message, MessageOrigin } from '../domain/incident/message.ts';
import { louder, type Severity } from '../domain/policy.ts';
import { binStart } from '../domain/usage/time.ts';
import { noticeHeadline } from './notice-headline.ts';
import { count, percent, times, usd } from './number.ts';
import { quotaState } from './quota-state.ts';
import { quotaName, sharesText } from './region-story.ts';
import { cut, plain } from './text.ts';
import { durationText } from './time.ts';

/** What kind of message it is, in the words of the command line: `opened`, ..., `group`, `digest`, `weekly`, `drill`. */
export function messageKind(message: Message): string {
  if (message.kind === 'notice') return message.notice.facts.kind;
  return message.kind === 'incident' ? message.notification.reason : message.kind;
}

/** How loud a message is. A drill counts as a page: it proves the way that matters most. */
export function messageSeverity(message: Message): Severity {
  switch (message.kind) {
    case 'incident':
      return message.notification.severity;
    case 'group':
      return message.items.map(({ notification }) => notification.severity).reduce(louder, 'digest');
    case 'notice':
      return message.notice.facts.kind === 'deadReceiver' ? 'notice' : 'digest';
    case 'drill':
      return 'page';
    default:
      return message satisfies never;
  }
}

/** The name of a key as messages print it. */
export const keyName = (key: KeyFacts, maxLength = 64): string =>
  plain(keyLabel(key), maxLength) || 'unnamed key';

/** How long a headline may be, and how names are spelled in it. */
interface Fit {
  readonly maxLength: number;
  readonly spell: (name: string) => string;
}

/**
 * What the screen of a locked phone shows: how loud, where, and what it costs, in at most `maxLength` characters.
 * `spell` is applied to names from the account, before they are shortened. @default as they are
 */
export function headline(
  message: Message,
  maxLength: number,
  spell: (name: string) => string = (name) => name,
): string {
  const { origin } = message;
  const fit = { maxLength, spell };
  switch (message.kind) {
    case 'incident': {
      const { reason, severity } = message.notification;
      const word = reason === 'resolved' ? 'RESOLVED' : severityWord(severity);
      const { region } = message.notification.facts;
      return region
        ? regionHeadline(word, message, region, fit)
        : fitted(word, keyName(message.key), origin, consequence(message), fit);
    }
    case 'group': {
      const items = latestPerKey(message.items);
      const subject = items.length === 1 ? '1 key' : `${items.length} keys`;
      return fitted(
        severityWord(messageSeverity(message)),
        subject,
        origin,
        (message.budget ? 'told together, ' : '') + groupConsequence(items, spell),
        fit,
      );
    }
    case 'notice': {
      const { word, subject, text } = noticeHeadline(message.notice);
      return fitted(word, subject, origin, text, fit);
    }
    case 'drill':
      return fitted('DRILL', '', origin, 'a test of this channel, nothing is wrong', fit);
    default:
      return message satisfies never;
  }
}

export const severityWord = (severity: Severity): string => severity.toUpperCase();

/** Names give way to the consequence, because it is what people decide by; of two long names each gets its half. */
function fitted(
  word: string,
  subject: string,
  { account, region }: MessageOrigin,
  text: string,
  { maxLength, spell }: Fit,
): string {
  const [name, owner, where] = [spell(subject), spell(plain(account, 64)), spell(plain(region, 20))];
  const room = maxLength - [word, '', '', where].join(' ').length - `: ${text}`.length;
  const ownerRoom = Math.max(8, room - Math.min(name.length, Math.floor(room / 2)));
  const nameRoom = Math.max(8, room - Math.min(owner.length, ownerRoom));
  const place = [word, cut(name, nameRoom, '...'), cut(owner, ownerRoom, '...'), where].filter(Boolean);
  return cut(`${place.join(' ')}: ${text}`, maxLength, '...');
}

/** Its own name and the consequence stay whole: the names of keys give way, one by one. */
function regionHeadline(
  word: string,
  { notification, origin }: Extract<Message, { kind: 'incident' }>,
  region: RegionFacts,
  fit: Fit,
): string {
  const text = regionConsequence(notification);
  const ways = busiestText(notification, region, fit.spell).map((by) => text + by);
  const place = [word, quotaName(region), plain(origin.account, 64), plain(origin.region, 20)].join(' ');
  const fitting = ways.find((way) => `${place}: ${way}`.length <= fit.maxLength) ?? text;
  return fitted(word, quotaName(region), origin, fitting, fit);
}

/** Who uses most of it, ever shorter. Where nobody does, that is what helps: nobody needs to be looked for. */
function busiestText(
  { facts, reason }: IncidentMessage['notification'],
  { otherKeys }: RegionFacts,
  spell: Fit['spell'],
): string[] {
  const keys = facts.busiestKeys ?? [];
  if (reason === 'resolved' || keys.length === 0) return [''];
  const big = keys.slice(0, MAX_HEADLINE_KEYS).filter(({ share }) => share >= NOTICE_QUOTA_SHARE);
  if (big.length === 0) return [`; spread over ${count(keys.length + otherKeys)} keys`, ''];
  const most = big.map((_, dropped) => big.slice(0, big.length - dropped));
  return [...most.map((named) => `; most by ${spell(sharesText(named, 24))}`), ''];
}

/** `92% of 20,000/s used, full in 12 min`. */
function regionConsequence({ facts, reason, incident }: IncidentMessage['notification']): string {
  const quota = `${count(facts.quotaPerSecond)}/s`;
  if (reason === 'resolved') {
    const { openedBin, endedBin = facts.bin, tally } = incident;
    const lasted = durationText(binStart(endedBin) - binStart(openedBin));
    return `over after ${lasted}, peak ${percent(tally.peakRatio)} of ${quota}`;
  }
  const before = {
    opened: '',
    escalated: 'worse, now ',
    updated: 'update, ',
    reminder: 'still ',
    acknowledged: 'acknowledged, ',
  }[reason];
  const soon = throttlingSoon(facts).map((text) => text.replace(/^quota /, ''));
  return `${before}${[`${percent(facts.regionQuotaShare)} of ${quota} used`, ...soon].join(', ')}`;
}

/** `called by role/etl (83%)`; undefined while that is not known. */
function topCaller(insight: Insight | undefined): string | undefined {
  const [caller] = insight?.callers.kind === 'known' ? insight.callers.sample.callers : [];
  return caller && `called by ${plain(caller.name, 40)} (${percent(caller.share)})`;
}

/** A locked phone shows no more, and people know the names. */
const MAX_HEADLINE_KEYS = 2;

/** What an incident's message comes down to, in a few words. */
export function consequence({ notification, insight }: IncidentMessage): string {
  const { facts, reason, incident } = notification;
  switch (reason) {
    case 'opened':
      return stakes(facts);
    case 'escalated':
      return `${facts.isBack ? 'back after a pause' : 'worse'}, now ${stakes(facts)}`;
    case 'updated':
      return facts.standing
        ? `a new level that lasts, ${stakes(facts)}`
        : `${topCaller(insight) ?? 'update'}, ${stakes(facts)}`;
    case 'reminder':
      return `${stillStakes(facts)}, ${usd(facts.excessUsd)} so far`;
    case 'acknowledged':
      return `acknowledged, ${stakes(facts)}`;
    case 'resolved': {
      const { openedBin, endedBin = facts.bin, tally } = incident;
      const lasted = durationText(binStart(endedBin) - binStart(openedBin));
      const peak = [
        `${usd(tally.peakUsdPerHour)}/h`,
        ...(tally.peakRatio >= 1.05 ? [times(tally.peakRatio)] : []),
      ];
      return `over after ${lasted}, ${usd(tally.excessUsd)} extra, peak ${peak.join(', ')}`;
    }
    default:
      return reason satisfies never;
  }
}

/** `+$14.6/h, 48x, 7% of quota`; what is about to stop working comes first, what is nothing is left out. */
export function stakes(facts: IncidentFacts): string {
  const { usdPerHour, ratio, quotaShare, operations, thresholds } = facts;
  const [limit] = thresholds;
  const parts = throttlingSoon(facts);
  if (usdPerHour >= 0.005) parts.push(`+${usd(usdPerHour)}/h`);
  if (ratio >= 1.05) parts.push(times(ratio));
  else if (operations.length > 0 && ratio === 0) parts.push('new use');
  if (quotaShare >= 0.01) parts.push(`${percent(quotaShare)} of quota`);
  if (operations.length === 0 && limit) {
    parts.push(
      `${count(limit.requests)} requests in ${durationText(limit.periodSeconds)}, over a fixed limit`,
    );
  }
  return parts.length > 0 ? parts.join(', ') : QUIET;
}

const QUIET = 'quiet at the moment';

const stillStakes = (facts: IncidentFacts): string => {
  const text = stakes(facts);
  return text === QUIET ? `${QUIET}, not over yet` : `still ${text}`;
};

function throttlingSoon(facts: IncidentFacts): string[] {
  const { minutesToThrottling } = facts;
  switch (quotaState(facts)) {
    case 'full':
      return ['AT THE QUOTA'];
    case 'nearlyFull':
    case 'higherThanDocumented':
      return [];
    case 'open':
      return minutesToThrottling !== undefined && minutesToThrottling <= PAGE_MINUTES_TO_THROTTLING
        ? [`quota full in ${durationText(minutesToThrottling * 60)}`]
        : [];
  }
}

function groupConsequence(items: readonly IncidentMessage[], spell: Fit['spell']): string {
  const total = items.reduce((sum, { notification }) => sum + notification.facts.usdPerHour, 0);
  const [worst] = byWeight(items);
  if (!worst) return 'nothing to tell';
  const { facts } = worst.notification;
  const parts = [
    ...throttlingSoon(facts),
    `+${usd(total)}/h`,
    `most by ${cut(spell(keyName(worst.key)), 24, '...')}`,
  ];
  return parts.join(', ');
}

/** One item for each key: an opening and its escalation that waited together are told as the escalation. */
export function latestPerKey(items: readonly IncidentMessage[]): IncidentMessage[] {
  const latest = new Map<string, IncidentMessage>();
  for (const item of items) {
    const known = latest.get(item.key.keyArn);
    if (!known || known.notification.number <= item.notification.number) latest.set(item.key.keyArn, item);
  }
  return [...latest.values()];
}

/** The items with what matters most first: severity, then dollars an hour, then the name. */
export const byWeight = (items: readonly IncidentMessage[]): IncidentMessage[] =>
  [...items].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.notification.facts.usdPerHour - a.notification.facts.usdPerHour ||
      keyLabel(a.key).localeCompare(keyLabel(b.key), 'en'),
  );

const rank = ({ notification }: IncidentMessage): number =>
  ['page', 'notice', 'digest'].indexOf(notification.severity);
