import type { QuotaGroup } from '../domain/assess/quota.ts';
import type { KeyShare } from '../domain/assess/region-use.ts';
import { NOTICE_QUOTA_SHARE } from '../domain/assess/severity.ts';
import type { IncidentFacts, RegionFacts } from '../domain/incident/incident.ts';
import type { IncidentMessage, MessageOrigin } from '../domain/incident/message.ts';
import { BIN_SECONDS, binEnd, binStart, HOUR_SECONDS } from '../domain/usage/time.ts';
import { checkCommand, regionCommands, statusCommand } from './commands.ts';
import { callCountLink, graphLink, type Link, quotaLink } from './console-links.ts';
import { chartOf } from './incident-chart.ts';
import { quotaAssumptions } from './notes.ts';
import { count, percent } from './number.ts';
import { NEARLY_FULL, quotaState } from './quota-state.ts';
import type { Figure, Story } from './story.ts';
import { plain } from './text.ts';
import { datedMomentText, durationText, momentText, windowText } from './time.ts';

/** What the requests of a quota are, in the words of the developer guide. */
const SHARED_BY: Readonly<Record<QuotaGroup, string>> = {
  symmetric: 'Decrypt, Encrypt, GenerateDataKey and ReEncrypt of symmetric keys, and HMACs',
  rsa: 'requests with RSA keys',
  ecc: 'requests with elliptic curve keys',
  mlDsa: 'requests with ML-DSA keys',
};

/** How headlines call a quota: the symmetric one is what nearly everybody means. */
export const quotaName = ({ group }: RegionFacts): string =>
  ({ symmetric: 'KMS quota', rsa: 'KMS RSA quota', ecc: 'KMS ECC quota', mlDsa: 'KMS ML-DSA quota' })[group];

/** `lake-etl 31%, orders-api 12%`: shares of the whole quota. */
export const sharesText = (keys: readonly KeyShare[], maxLength = 40): string =>
  keys.map(({ name, share }) => `${plain(name, maxLength) || 'unnamed key'} ${percent(share)}`).join(', ');

/** The Region's request quota that all keys together fill, without a single one to blame. */
export function regionStory(message: IncidentMessage, region: RegionFacts, origin: MessageOrigin): Story {
  const { notification } = message;
  const { incident, facts, number, at, reason } = notification;
  const isOver = reason === 'resolved';
  const assumed = quotaAssumptions(facts);
  return {
    lead: isOver ? endLead(message, origin) : runningLead(message, region, origin),
    ...(isOver ? {} : chartOf(facts)),
    figures: isOver ? [peakFigure(message)] : runningFigures(facts, region, origin),
    items: [],
    notes: [
      ...(assumed.length > 0 ? [{ label: 'Assumed', text: `${assumed.join('; ')}.` }] : []),
      ...(isOver ? [] : [{ label: 'Not known', text: unknownText(facts, region) }]),
    ],
    links: linksOf(message, region),
    commands: isOver
      ? []
      : [
          ...checkCommand(
            (facts.busiestKeys ?? []).map(({ keyArn }) => keyArn),
            origin,
          ),
          ...regionCommands(incident.keyArn, incident.id, origin),
          ...statusCommand(origin),
        ],
    footer: [`Incident ${plain(incident.id, 64)}, message ${number}`, datedMomentText(at, origin.timeZone)],
  };
}

function runningLead(
  { notification }: IncidentMessage,
  region: RegionFacts,
  origin: MessageOrigin,
): string[] {
  const { facts, incident, reason } = notification;
  const { requestsPerSecond, usualPerSecond } = region;
  const usual = usualPerSecond === undefined ? '' : `, usually ${count(usualPerSecond)}`;
  const end = binEnd(facts.bin);
  const window = windowText(end - BIN_SECONDS, end, origin.timeZone);
  const together = `All keys in ${plain(origin.region, 20)} together make ${count(requestsPerSecond)} requests/s ${window}${usual}.`;
  const began = binStart(incident.openedBin);
  const since =
    reason === 'opened'
      ? []
      : [`It began ${momentText(began, origin.timeZone)}, ${durationText(notification.at - began)} ago.`];
  return [together, outlook(facts), ...blame(facts, region), ...since];
}

/** Nobody looks for a culprit where there is none. */
function blame({ busiestKeys: [busiest] = [] }: IncidentFacts, { otherKeys }: RegionFacts): string[] {
  if (!busiest || otherKeys === 0 || busiest.share >= NOTICE_QUOTA_SHARE) return [];
  return ['No single key is behind it: no key takes even a tenth of the quota.'];
}

/** What becomes of it, said as what people will see. */
function outlook(facts: IncidentFacts): string {
  const used = `${percent(facts.regionQuotaShare)} of the quota`;
  const { minutesToThrottling } = facts;
  switch (quotaState(facts)) {
    case 'full':
      return 'The quota is full: KMS refuses requests now, of every key alike. The curve is flat because of that; the real demand is unknown.';
    case 'higherThanDocumented':
      return 'That is more than the documented quota, so the quota of this account must be higher.';
    case 'nearlyFull':
      return `${used}, and no longer rising: KMS is probably refusing requests already, of every key alike. The real demand is unknown.`;
    case 'open':
      return minutesToThrottling !== undefined && minutesToThrottling <= 180
        ? `${used}, and rising: full in about ${durationText(minutesToThrottling * 60)} at this pace. Then KMS refuses requests of every key alike.`
        : `${used}, and not rising: a burst can still fill it for seconds, and KMS then refuses requests of every key alike.`;
  }
}

function runningFigures(facts: IncidentFacts, region: RegionFacts, origin: MessageOrigin): Figure[] {
  const keys = facts.busiestKeys ?? [];
  const others = region.otherKeys > 0 ? `, and ${count(region.otherKeys)} other keys` : '';
  const quota = `${count(facts.quotaPerSecond)} requests/s in ${plain(origin.region, 20)}`;
  return [
    { label: 'Quota', text: `${quota}, shared by ${SHARED_BY[region.group]}.` },
    ...(keys.length > 0 ? [{ label: 'Busiest', text: `${sharesText(keys)} of the quota${others}.` }] : []),
    ...THROTTLING_FIGURES,
  ];
}

/** Whom a full quota hits, and what helps. */
export const THROTTLING_FIGURES: readonly Figure[] = [
  {
    label: 'Suffers',
    text: 'Every application that uses KMS here, and every AWS service that does so for you: S3, EBS, DynamoDB, Secrets Manager and others.',
  },
  {
    label: 'To do',
    text: 'Stop or slow what has just begun; ask for a higher quota (link below); let whoever uses the busiest keys reuse data keys (S3 Bucket Keys, a data key cache).',
  },
];

function endLead({ notification }: IncidentMessage, { timeZone }: MessageOrigin): string[] {
  const { incident, facts } = notification;
  const began = binStart(incident.openedBin);
  const ended = binStart(incident.endedBin ?? facts.bin);
  return [
    `The quota has had room again since ${momentText(ended, timeZone)}; now ${percent(facts.regionQuotaShare)} are used.`,
    `It began ${momentText(began, timeZone)} and lasted ${durationText(ended - began)}.`,
  ];
}

const peakFigure = ({ notification: { incident, facts } }: IncidentMessage): Figure => ({
  label: 'Peak',
  text: `${percent(incident.tally.peakRatio)} of ${count(facts.quotaPerSecond)} requests/s.`,
});

function unknownText({ regionQuotaShare }: IncidentFacts, { source }: RegionFacts): string {
  const refused = regionQuotaShare >= NEARLY_FULL ? 'how many requests KMS refused; ' : '';
  return source === 'callCount'
    ? `${refused}bursts shorter than 5 minutes.`
    : `${refused}bursts shorter than 5 minutes; requests that no key's metric counts, such as GenerateRandom (CloudWatch had no total, so this is the sum over the keys).`;
}

/** Pages of the console. They need an ARN of the Region to be found by: the busiest key's. */
function linksOf({ notification }: IncidentMessage, region: RegionFacts): Link[] {
  const { incident, facts } = notification;
  const [busiest] = facts.busiestKeys ?? [];
  if (!busiest) return [];
  const start = binStart(incident.openedBin) - 3 * HOUR_SECONDS;
  const end = binEnd(facts.bin) + HOUR_SECONDS;
  return [
    ...(region.source === 'callCount' ? callCountLink(busiest.keyArn, region.group, start, end) : []),
    ...quotaLink(busiest.keyArn),
    ...graphLink(busiest.keyArn, ['Decrypt', 'GenerateDataKey'], start, end).map(({ url }) => ({
      label: 'Busiest key in CloudWatch',
      url,
    })),
  ];
}
