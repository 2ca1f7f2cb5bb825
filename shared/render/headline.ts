import type { KeyFacts } from '../domain/assess/key-facts.ts';
import { keyLabel } from '../domain/assess/key-facts.ts';
import { PAGE_MINUTES_TO_THROTTLING } from '../domain/assess/severity.ts';
import type { IncidentFacts } from '../domain/incident/incident.ts';
import type { IncidentMessage, Message, MessageOrigin } from '../domain/incident/message.ts';
import { louder, type Severity } from '../domain/policy.ts';
import { binStart } from '../domain/usage/time.ts';
import { noticeHeadline } from './notice-headline.ts';
import { count, percent, times, usd } from './number.ts';
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
      return fitted(word, keyName(message.key), origin, consequence(message), fit);
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

/** What an incident's message comes down to, in a few words. */
export function consequence({ notification }: IncidentMessage): string {
  const { facts, reason, incident } = notification;
  switch (reason) {
    case 'opened':
      return stakes(facts);
    case 'escalated':
      return `worse, now ${stakes(facts)}`;
    case 'updated':
      return facts.standing ? `a new level that lasts, ${stakes(facts)}` : `update, ${stakes(facts)}`;
    case 'reminder':
      return `${stillStakes(facts)}, ${usd(facts.excessUsd)} so far`;
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
    case 'higherThanDocumented':
      return [];
    case 'open':
      return minutesToThrottling !== undefined && minutesToThrottling <= PAGE_MINUTES_TO_THROTTLING
        ? [`quota full in ${durationText(minutesToThrottling * 60)}`]
        : [];
  }
}

/**
 * How the Region's request quota stands. `full`: KMS refuses what comes on top, and the metric cannot show it.
 * `higherThanDocumented`: more was served than the documented quota admits, so the account's own must be higher.
 */
export function quotaState(facts: IncidentFacts): 'open' | 'full' | 'higherThanDocumented' {
  if (facts.regionQuotaShare < 1 && facts.minutesToThrottling !== 0) return 'open';
  return facts.assumed.includes('quota') && facts.regionQuotaShare > 1.05 ? 'higherThanDocumented' : 'full';
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
