import { HOURS_A_MONTH } from '../domain/assess/price.ts';
import type { Caller, CallerSample, Purpose, SampledShare } from '../domain/callers/callers.ts';
import type { Cause } from '../domain/causes/cause.ts';
import { resourceText } from '../domain/causes/resources.ts';
import type { Insight } from '../domain/incident/insight.ts';
import { type KeyArn, keyArnParts } from '../domain/usage/key.ts';
import type { Command } from './commands.ts';
import { count, percent, usd } from './number.ts';
import type { Figure } from './story.ts';
import { plain } from './text.ts';

const MAX_CALLERS = 3;
const MAX_PURPOSES = 2;
const MAX_REASONS = 2;
const MAX_REFUSALS = 3;

/** Longest text of an account that is shown in a figure: an ARN of a bucket, a role, a user agent. */
const MAX_NAME = 120;

/** Who calls and what for, the likely cause and what ends it. `usdPerHour`: what goes on costs that much more. */
export function insightFigures(insight: Insight | undefined, usdPerHour: number, keyArn: KeyArn): Figure[] {
  if (!insight) return [];
  const { callers, causes } = insight;
  const [cause] = causes;
  return [
    ...(callers.kind === 'known' ? sampleFigures(callers.sample, keyArn) : []),
    ...(cause ? causeFigures(cause, usdPerHour) : []),
  ];
}

/** The command that ends the likely cause, if there is one to paste. */
export function fixCommand(insight: Insight | undefined): Command[] {
  const [cause] = insight?.causes ?? [];
  return cause?.command
    ? [{ label: 'Fix: changes your account, read "Fix" above first', line: cause.command }]
    : [];
}

/** What the message cannot say of the callers; undefined: nothing is missing. */
export function unknownCallers(insight: Insight | undefined): string | undefined {
  if (!insight) return undefined;
  const { callers, wantedUntil } = insight;
  if (callers.kind === 'known') return undefined;
  const promise = wantedUntil === undefined ? '' : ' (you get one update if it tells within the hour)';
  return `who calls: ${plain(callers.why, 200)}${promise}`;
}

/** A sample's callers, purposes and refusals, a figure each. The account is told where it is not the key's own. */
export function sampleFigures(sample: CallerSample, keyArn: KeyArn): Figure[] {
  const { callers, purposes, refused, events } = sample;
  const from = `sample of ${count(events)} events`;
  return [
    ...(callers.length === 0
      ? []
      : [
          {
            label: 'Callers',
            text: `${callers.slice(0, MAX_CALLERS).map(callerText).join('; ')} (${from}).`,
          },
        ]),
    ...detailsOf(callers[0], keyArnParts(keyArn).accountId),
    ...(purposes.length === 0
      ? []
      : [{ label: 'For', text: `${purposes.slice(0, MAX_PURPOSES).map(purposeText).join('; ')}.` }]),
    ...refusedFigure(refused, events),
  ];
}

/** How sure, in words: a sample of everything is exact. */
const shareText = ({ share, low, high }: SampledShare): string => {
  const margin = Math.round((100 * (high - low)) / 2);
  return margin === 0 ? percent(share) : `${percent(share)} ±${margin}`;
};

/** A service by its short name (`s3`), anything else as it is. */
const serviceName = (name: string): string =>
  plain(name.replace(/^([a-z0-9.-]{1,60})\.amazonaws\.com$/, '$1'), MAX_NAME);

/** `role/etl via s3`. */
export function callerName(caller: Caller): string {
  const via = caller.via && caller.via !== caller.name ? ` via ${serviceName(caller.via)}` : '';
  return `${serviceName(caller.name)}${via}`;
}

/** `bucket lake-raw`; what is no resource that we know of is shown as it is. */
export function purposeName(purpose: Purpose): string {
  const known = resourceText(purpose);
  return known ? plain(known, MAX_NAME) : `${plain(purpose.context, 64)} ${plain(purpose.value, MAX_NAME)}`;
}

const callerText = (caller: Caller): string => `${callerName(caller)} ${shareText(caller)}`;

const purposeText = (purpose: Purpose): string => `${purposeName(purpose)} ${shareText(purpose)}`;

/** Where the first caller sits and what it runs. */
function detailsOf(caller: Caller | undefined, keyAccount: string): Figure[] {
  if (!caller) return [];
  // A service that calls on somebody's behalf is named as address and as agent, too.
  const isNews = (text: string | undefined): text is string =>
    text !== undefined && text !== caller.via && text !== caller.name;
  const parts = [
    ...(isNews(caller.source) ? [`from ${plain(caller.source, 64)}`] : []),
    ...(isNews(caller.userAgent) ? [`with ${plain(caller.userAgent, MAX_NAME)}`] : []),
    ...(isNews(caller.account) && caller.account !== keyAccount
      ? [`account ${plain(caller.account, 20)}`]
      : []),
  ];
  return parts.length === 0 ? [] : [{ label: 'Top one', text: `${parts.join(', ')}.` }];
}

function refusedFigure(refused: CallerSample['refused'], events: number): Figure[] {
  const codes = Object.entries(refused).toSorted(([, a], [, b]) => b - a);
  if (codes.length === 0) return [];
  const named = codes.slice(0, MAX_REFUSALS).map(([code, times]) => `${count(times)} ${plain(code, 64)}`);
  return [
    {
      label: 'Refused',
      text: `${named.join(', ')} beside ${count(events)} that succeeded; the metric leaves them out.`,
    },
  ];
}

/** The cause, the fix and what it saves, a figure each. */
export function causeFigures(cause: Cause, usdPerHour: number): Figure[] {
  const sure = cause.certainty === 'likely' ? 'Likely' : 'Possible';
  const reasons = cause.because.slice(0, MAX_REASONS).map((reason) => plain(reason, 240));
  return [
    {
      label: 'Cause',
      text: `${sure}: ${plain(cause.title, 160)}. ${reasons.map(sentence).join(' ')}`.trim(),
    },
    { label: 'Fix', text: sentence(plain(cause.fix, 400)) },
    ...savingFigure(cause, usdPerHour),
  ];
}

function savingFigure({ savedShare }: Cause, usdPerHour: number): Figure[] {
  if (!savedShare || usdPerHour < 0.005) return [];
  const over = (share: number) => usd(usdPerHour * share * HOURS_A_MONTH);
  const range =
    savedShare.low === savedShare.high
      ? over(savedShare.high)
      : `${over(savedShare.low)} to ${over(savedShare.high)}`;
  const why = savedShare.why ? `: ${plain(savedShare.why, 200)}` : '';
  return [{ label: 'Saves', text: sentence(`${range} a month if it goes on${why}`) }];
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
