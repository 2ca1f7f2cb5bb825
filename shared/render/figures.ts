import { cloudTrailUsd, HOURS_A_MONTH } from '../domain/assess/price.ts';
import type { Incident, IncidentFacts, ThresholdFacts } from '../domain/incident/incident.ts';
import type { MessageOrigin } from '../domain/incident/message.ts';
import { type KeyArn, REENCRYPT_DESTINATION } from '../domain/usage/key.ts';
import { type Bin, binEnd, HOUR_SECONDS } from '../domain/usage/time.ts';
import { count, percent, times, usd } from './number.ts';
import { quotaState } from './quota-state.ts';
import { sharesText } from './region-story.ts';
import type { Figure } from './story.ts';
import { plain } from './text.ts';
import { durationText, momentText } from './time.ts';

const HOURS_A_DAY = 24;

/** Minutes to throttling up to which the pace of the last 15 minutes says something. */
export const FORESEEN_MINUTES = 180;

/** What it costs: so far, an hour, a day, a month if it goes on. */
export function costFigure({ operations, usdPerHour, usdPerHourHigh, excessUsd }: IncidentFacts): Figure {
  const soFar = `${usd(excessUsd)} extra so far`;
  if (operations.length === 0) {
    const text = excessUsd > 0 ? `${soFar}, nothing more at the moment.` : NO_EXTRA_COST;
    return { label: 'Cost', text };
  }
  if (usdPerHourHigh < 0.005) return { label: 'Cost', text: `${soFar}, almost nothing an hour.` };
  const isRange = usdPerHourHigh > usdPerHour * 1.01;
  const over = (hours: number) =>
    isRange ? `${usd(usdPerHour * hours)} to ${usd(usdPerHourHigh * hours)}` : usd(usdPerHour * hours);
  const pace = `${over(1)} an hour, ${over(HOURS_A_DAY)} a day, ${over(HOURS_A_MONTH)} a month if it goes on.`;
  const why = isRange ? ' The price depends on the type of key pair.' : '';
  return { label: 'Cost', text: `${soFar}; ${pace}${why}` };
}

/** Dollars an hour below which what CloudTrail may charge is not worth a line. */
const LEAST_TRAIL_USD = 0.01;

/**
 * What the events of the requests on top cost an hour, where they are logged more than once: usually more than the
 * requests themselves. Whether they are is not known here, so it is said as a condition.
 */
export function trailFigure({ operations }: IncidentFacts): Figure[] {
  const hourly = operations
    .filter(({ operation }) => operation !== REENCRYPT_DESTINATION)
    .map(
      ({ requests, expected, windowSeconds }) =>
        (Math.max(0, requests - expected) * HOUR_SECONDS) / windowSeconds,
    );
  return trailCost(
    hourly.reduce((sum, requests) => sum + requests, 0),
    1,
    'an hour',
  );
}

/** The same for so many requests in so many hours. */
export function trailCost(requests: number, hours: number, period: string): Figure[] {
  const cost = cloudTrailUsd(requests);
  if (cost < LEAST_TRAIL_USD * hours) return [];
  return [
    {
      label: 'Trail',
      text: `If a second CloudTrail trail of the account logs KMS events, that costs another ${usd(cost)} ${period}.`,
    },
  ];
}

/** A limit needs no history: whether the requests are unusual may not be known. */
const NO_EXTRA_COST = 'No extra cost is known: only a fixed limit was exceeded.';

/** How much of the Region's request quota it takes, when KMS would start to refuse, and whom besides `keyArn`. */
export function quotaFigure(facts: IncidentFacts, { region }: MessageOrigin, keyArn?: KeyArn): Figure {
  const { operations, quotaShare, regionQuotaShare, quotaPerSecond } = facts;
  const quota = `${count(quotaPerSecond)} requests/s in ${plain(region, 20)}`;
  const share =
    operations.length > 0
      ? `The surge takes ${percent(quotaShare)} of the ${quota}, all keys together ${percent(regionQuotaShare)}.`
      : `All keys together take ${percent(regionQuotaShare)} of the ${quota}.`;
  return { label: 'Quota', text: [share, throttling(facts), ...sufferers(facts, keyArn)].join(' ') };
}

/** Who else would be refused. Named only where it may come to that. */
function sufferers({ busiestKeys = [] }: IncidentFacts, keyArn: KeyArn | undefined): string[] {
  const others = keyArn === undefined ? [] : busiestKeys.filter((key) => key.keyArn !== keyArn);
  return others.length > 0 ? [`Busiest of the others: ${sharesText(others)} of the quota.`] : [];
}

function throttling(facts: IncidentFacts): string {
  const { minutesToThrottling } = facts;
  switch (quotaState(facts)) {
    case 'full':
      return 'KMS refuses what comes on top, for every key in the Region.';
    case 'nearlyFull':
      return 'Use no longer rises: KMS is probably refusing requests already, of every key in the Region.';
    case 'higherThanDocumented':
      return 'That is more than the documented quota, so the quota of this account must be higher.';
    case 'open':
      if (minutesToThrottling === undefined) return 'No throttling expected.';
      return minutesToThrottling <= FORESEEN_MINUTES
        ? `Full in about ${durationText(minutesToThrottling * 60)} at this pace; then KMS refuses requests of all keys in the Region.`
        : `No throttling expected in the next ${durationText(FORESEEN_MINUTES * 60)}.`;
  }
}

/** `Over the fixed limit "etl-budget": 612,000 requests ($1.84) in 1 h up to Wed 25 Nov 02:15 UTC.` */
export function limitText(
  { name, requests, usd: cost, periodSeconds }: ThresholdFacts,
  bin: Bin,
  timeZone: string,
): string {
  const amount = `${count(requests)} requests (${usd(cost)}) in ${durationText(periodSeconds)}`;
  return `Over the fixed limit "${plain(name, 64)}": ${amount} up to ${momentText(binEnd(bin), timeZone)}.`;
}

/** What it came to in the end, and its worst hour. */
export function totalFigures({ tally, severity }: Incident, facts: IncidentFacts): Figure[] {
  if (tally.excessRequests < 1 && facts.excessUsd === 0) {
    return [{ label: 'Total', text: NO_EXTRA_COST }];
  }
  const ratio = tally.peakRatio >= 1.05 ? `, ${times(tally.peakRatio)} the usual` : '';
  return [
    {
      label: 'Total',
      text: `${usd(tally.excessUsd)} and ${count(tally.excessRequests)} requests above the usual.`,
    },
    {
      label: 'Peak',
      text: `+${usd(tally.peakUsdPerHour)} an hour${ratio}, told as ${severity.toUpperCase()}.`,
    },
  ];
}
