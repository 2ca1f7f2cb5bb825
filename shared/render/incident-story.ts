import type { KeyFacts } from '../domain/assess/key-facts.ts';
import type { IncidentFacts } from '../domain/incident/incident.ts';
import type { IncidentMessage, MessageOrigin } from '../domain/incident/message.ts';
import type { Notification } from '../domain/incident/notification.ts';
import { binEnd, binStart, HOUR_SECONDS } from '../domain/usage/time.ts';
import { ackCommand, checkCommand, keyCommands } from './commands.ts';
import { eventHistoryLink, graphLink, keyLink, type Link, quotaLink } from './console-links.ts';
import {
  costFigure,
  FORESEEN_MINUTES,
  limitText,
  quotaFigure,
  totalFigures,
  trailFigure,
} from './figures.ts';
import { chartOf } from './incident-chart.ts';
import { fixCommand, insightFigures } from './insight-story.ts';
import { assumptions, unknowns } from './notes.ts';
import { operationName, operationSentence } from './operation-text.ts';
import { quotaState } from './quota-state.ts';
import { regionStory, THROTTLING_FIGURES } from './region-story.ts';
import type { Figure, Story } from './story.ts';
import { plain } from './text.ts';
import { datedMomentText, durationText, momentText } from './time.ts';

/** Operations told in a sentence of their own; the others are named. */
const MAX_SENTENCES = 4;
const MAX_LIMITS = 3;
const MAX_ALIASES = 3;

/** One incident, told by what happened to it. */
export function incidentStory(message: IncidentMessage, origin: MessageOrigin): Story {
  const { notification, key, insight } = message;
  const { incident, facts, number, at, reason } = notification;
  if (facts.region) return regionStory(message, facts.region, origin);
  const isOver = reason === 'resolved';
  const links = linksOf(message);
  return {
    lead: isOver
      ? endLead(message, origin)
      : [...runningLead(notification, origin), ...sinceSentence(message, origin)],
    ...(isOver ? {} : chartOf(facts)),
    figures: [
      ...(isOver ? totalFigures(incident, facts) : runningFigures(message, origin)),
      ...insightFigures(insight, isOver ? 0 : facts.usdPerHour, key.keyArn),
      ...keyFigure(key),
    ],
    items: [],
    notes: [...assumptions(facts), ...unknowns(facts, isOver, links, insight, message.unseen)],
    keyArn: plain(key.keyArn, 256),
    links,
    commands: isOver
      ? []
      : [
          ...ackCommand(incident.id, origin),
          ...checkCommand([key.keyArn], origin),
          ...fixCommand(insight),
          ...keyCommands(key.keyArn, incident.id, origin),
        ],
    footer: [`Incident ${plain(incident.id, 64)}, message ${number}`, datedMomentText(at, origin.timeZone)],
  };
}

/** What a level that nobody has ended means for the reader. */
const STANDING =
  'It has lasted for two days: you will be reminded weekly, and told at once of more on top. After eight weeks it counts as usual.';

/** When it began, for everything but a first opening in time, which says so by itself. */
function sinceSentence({ notification }: IncidentMessage, { timeZone }: MessageOrigin): string[] {
  const { incident, facts, reason, at, mutedSince } = notification;
  const isBack = facts.isBack ?? (reason === 'opened' && incident.reopenings !== undefined);
  if (reason === 'opened' && !isBack && mutedSince === undefined) return [];
  const began = binStart(incident.openedBin);
  const since = `It began ${momentText(began, timeZone)}, ${durationText(at - began)} ago`;
  const before = isBack ? ['It is back after a pause.'] : [];
  const after = mutedSince === undefined ? [] : ['It was muted until now.'];
  if (facts.standing) return [...before, `${since}.`, ...after, STANDING];
  const worse = reason === 'escalated' && !isBack ? ', and has got worse' : '';
  return [...before, `${since}${worse}.`, ...after];
}

function runningLead(
  { facts, incident }: Pick<Notification, 'facts' | 'incident'>,
  { timeZone }: MessageOrigin,
): string[] {
  const sentences = facts.operations
    .slice(0, MAX_SENTENCES)
    .map((operation) => operationSentence(operation, facts.bin, timeZone));
  const others = facts.operations.slice(MAX_SENTENCES);
  if (others.length > 0) sentences.push(`Also: ${namesOf(others.map(({ operation }) => operation))}.`);
  if (facts.operations.length === 0) {
    sentences.push(
      ...facts.thresholds.slice(0, MAX_LIMITS).map((limit) => `${limitText(limit, facts.bin, timeZone)}`),
    );
  }
  if (sentences.length === 0) {
    const quiet = incident.reopenings === undefined ? 'two hours' : 'a day';
    return [`Back to the usual at the moment. You will hear when it is over: after ${quiet} of quiet.`];
  }
  return [...sentences, ...trend(facts)];
}

/** Where it is heading. Under a full quota the curve is flat for a reason that has to be said. */
function trend(facts: IncidentFacts): string[] {
  if (quotaState(facts) === 'full') return ['Flat because KMS refuses the rest; the real demand is unknown.'];
  const [before, last] = facts.recent.slice(-2);
  if (before === undefined || last === undefined) return [];
  if (last > before * 1.1) return ['Still rising.'];
  return last < before * 0.9 ? ['Falling.'] : ['Steady now.'];
}

function endLead({ notification }: IncidentMessage, { timeZone }: MessageOrigin): string[] {
  const { incident, facts } = notification;
  const began = binStart(incident.openedBin);
  const ended = binStart(incident.endedBin ?? facts.bin);
  const operations = incident.operations.length > 0 ? ` Operations: ${namesOf(incident.operations)}.` : '';
  return [
    `Back to the usual since ${momentText(ended, timeZone)}.`,
    `It began ${momentText(began, timeZone)} and lasted ${durationText(ended - began)}.${operations}`,
  ];
}

function namesOf(operations: readonly string[]): string {
  const named = operations.slice(0, 8).map(operationName);
  return operations.length > 8 ? `${named.join(', ')} and ${operations.length - 8} more` : named.join(', ');
}

function runningFigures({ notification, key }: IncidentMessage, origin: MessageOrigin): Figure[] {
  const { facts } = notification;
  const limits = facts.operations.length === 0 ? [] : facts.thresholds.slice(0, MAX_LIMITS);
  return [
    costFigure(facts),
    ...trailFigure(facts),
    quotaFigure(facts, origin, key.keyArn),
    ...(isThrottlingNear(facts) ? THROTTLING_FIGURES : []),
    ...limits.map((limit) => ({ label: 'Limit', text: limitText(limit, facts.bin, origin.timeZone) })),
  ];
}

/** Whether KMS refuses requests, or will within hours: then it is not a matter of this key and of money alone. */
function isThrottlingNear(facts: IncidentFacts): boolean {
  const state = quotaState(facts);
  if (state === 'open') return (facts.minutesToThrottling ?? Number.POSITIVE_INFINITY) <= FORESEEN_MINUTES;
  return state !== 'higherThanDocumented';
}

function keyFigure({ aliases, formerAliases = [], description }: KeyFacts): Figure[] {
  const named = aliases.slice(0, MAX_ALIASES).map((alias) => plain(alias, 100));
  if (aliases.length > MAX_ALIASES) named.push(`${aliases.length - MAX_ALIASES} more`);
  const words = description ? plain(description, 160) : '';
  const isNews = words !== '' && !aliases.includes(`alias/${words}`);
  const former = formerAliases.slice(0, 1).map((alias) => `, formerly ${plain(alias, 100)}`);
  const parts = [named.join(', ') || `no alias${former.join('')}`, ...(isNews ? [`"${words}"`] : [])];
  return [{ label: 'Key', text: parts.join(', ') }];
}

/**
 * Graph, callers and key. While it lasts, the graph reaches into the future and the events are open-ended: a look at
 * them an hour later still shows the newest.
 */
function linksOf({ notification, key }: IncidentMessage): Link[] {
  const { incident, facts, reason } = notification;
  const named =
    incident.operations.length > 0 ? incident.operations : facts.operations.map((one) => one.operation);
  const began = binStart(incident.openedBin);
  const ended = incident.endedBin === undefined ? undefined : binStart(incident.endedBin);
  return [
    ...graphLink(key.keyArn, named, began - 3 * HOUR_SECONDS, (ended ?? binEnd(facts.bin)) + HOUR_SECONDS),
    ...eventHistoryLink(key.keyArn, began, ended),
    ...keyLink(key),
    ...(reason !== 'resolved' && isThrottlingNear(facts) ? quotaLink(key.keyArn) : []),
  ];
}
