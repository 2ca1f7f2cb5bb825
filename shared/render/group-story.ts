import type { IncidentFacts } from '../domain/incident/incident.ts';
import type { IncidentMessage, MessageOrigin } from '../domain/incident/message.ts';
import { binEnd, type EpochSeconds, HOUR_SECONDS } from '../domain/usage/time.ts';
import { checkCommand, statusCommand } from './commands.ts';
import { graphLink } from './console-links.ts';
import { costFigure, quotaFigure } from './figures.ts';
import { byWeight, consequence, keyName, latestPerKey, severityWord } from './headline.ts';
import { assumptions } from './notes.ts';
import { count, usd } from './number.ts';
import { operationName, usually } from './operation-text.ts';
import type { Figure, Story, StoryItem } from './story.ts';
import { plain } from './text.ts';
import { datedMomentText } from './time.ts';

/** Keys told one by one; the others are counted. Bounds the message. */
const MAX_GROUP_ITEMS = 8;

/** Several keys at once, worst first. */
export function groupStory(
  items: readonly IncidentMessage[],
  origin: MessageOrigin,
  at: EpochSeconds,
  budget?: { readonly limit: number },
): Story {
  const sorted = byWeight(latestPerKey(items));
  const shown = sorted.slice(0, MAX_GROUP_ITEMS);
  const hidden = sorted.slice(MAX_GROUP_ITEMS);
  const fullest = fullestOf(sorted);
  const together = fullest && sumOf(sorted, fullest.notification.facts);
  return {
    lead: budget
      ? heldLead(items.length, sorted.length, budget.limit)
      : [`${sorted.length} keys need a look at the same time. The worst come first.`],
    figures: together ? [costFigure(together), quotaOf(sorted, together, fullest.origin ?? origin)] : [],
    items: [...shown.map(itemOf), ...restOf(hidden)],
    notes: together
      ? [
          ...assumptions(together),
          { label: 'Not known', text: "who is calling (CloudTrail's event history of each key shows it)." },
        ]
      : [],
    links: [],
    commands: [
      ...checkCommand(
        shown.map(({ key }) => key.keyArn),
        origin,
      ),
      ...(hidden.length > 0 ? statusCommand(origin) : []),
    ],
    footer: [`${sorted.length} incidents in one message`, datedMomentText(at, origin.timeZone)],
  };
}

/**
 * What all of them take of the Region's quota. Where they count against several quotas, the shares do not add up, and
 * the fullest is told.
 *
 * @param origin of the key whose quota is fullest
 */
function quotaOf(items: readonly IncidentMessage[], together: IncidentFacts, origin: MessageOrigin): Figure {
  const isOne = items.every(
    ({ origin: own, notification: { facts } }) =>
      own === undefined && facts.quotaPerSecond === together.quotaPerSecond,
  );
  if (isOne) return quotaFigure(together, origin);
  const { label, text } = quotaFigure({ ...together, operations: [] }, origin);
  return { label, text: `Where it is fullest: ${text}` };
}

/** The item about a key whose quota is taken most of. */
const fullestOf = (items: readonly IncidentMessage[]): IncidentMessage | undefined =>
  items.toSorted((a, b) => b.notification.facts.regionQuotaShare - a.notification.facts.regionQuotaShare)[0];

/** Why so much comes in one message, and comes late. */
const heldLead = (messages: number, keys: number, limit: number): string[] => [
  `Alert budget: ${limit} messages in the hour before; ${messages} more are in this one${keys === messages ? '' : `, about ${keys} keys`}. The worst come first.`,
  'Pages are never held back.',
];

function itemOf(item: IncidentMessage): StoryItem {
  const { key, notification, origin } = item;
  const place = origin ? `, ${plain(origin.account, 64)} ${plain(origin.region, 20)}` : '';
  const { facts, incident, number, severity, reason } = notification;
  const busiest = [...facts.operations].sort((a, b) => b.requests - a.requests)[0];
  const what = busiest
    ? `${operationName(busiest.operation)}: ${count(busiest.requests)} requests, ${usually(busiest.expected)}.`
    : undefined;
  return {
    title: `${reason === 'resolved' ? 'RESOLVED' : severityWord(severity)} ${keyName(key)}${place}: ${consequence(item)}`,
    lines: [
      ...(what && reason !== 'resolved' ? [what] : []),
      `Incident ${plain(incident.id, 64)}, message ${number}`,
    ],
    links: graphLink(
      key.keyArn,
      busiest ? [busiest.operation] : incident.operations.slice(0, 1),
      binEnd(facts.bin) - 3 * HOUR_SECONDS,
      binEnd(facts.bin),
    ),
  };
}

function restOf(hidden: readonly IncidentMessage[]): StoryItem[] {
  if (hidden.length === 0) return [];
  const usdPerHour = hidden.reduce((sum, { notification }) => sum + notification.facts.usdPerHour, 0);
  const names = hidden.slice(0, 12).map(({ key }) => keyName(key, 32));
  const more = hidden.length > 12 ? ` and ${hidden.length - 12} more` : '';
  return [
    {
      title: `and ${hidden.length} more, +${usd(usdPerHour)}/h together`,
      lines: [`Others: ${names.join(', ')}${more}`],
      links: [],
    },
  ];
}

/** The facts of all keys as one: dollars and quota shares add up, what was assumed for one was assumed. */
function sumOf(items: readonly IncidentMessage[], fullest: IncidentFacts): IncidentFacts {
  const facts = items.map(({ notification }) => notification.facts);
  const total = (of: (one: IncidentFacts) => number) => facts.reduce((sum, one) => sum + of(one), 0);
  return {
    ...fullest,
    usdPerHour: total((one) => one.usdPerHour),
    usdPerHourHigh: total((one) => one.usdPerHourHigh),
    excessUsd: total((one) => one.excessUsd),
    excessRequests: total((one) => one.excessRequests),
    quotaShare: total((one) => (one.quotaPerSecond === fullest.quotaPerSecond ? one.quotaShare : 0)),
    assumed: [...new Set(facts.flatMap(({ assumed }) => assumed))],
  };
}
