import type { CallerSample, Purpose } from '../callers/callers.ts';
import type { CauseEvidence } from './cause.ts';
import { ALL, larger, type Portion, portionText, together } from './portion.ts';
import { callsSeen, serviceBehind } from './requests.ts';
import { resourceText } from './resources.ts';
import type { Finding } from './rule.ts';

/** Below this share a service is not what the key's use is about. */
export const LEAST_SHARE = 0.3;

/** Below this many sampled requests a share is a guess: its 95 % bounds are more than 40 points apart. */
export const LEAST_EVENTS = 20;

/** How an AWS service is known in CloudTrail and by its own key. */
export interface ServiceSigns {
  /** First labels of its names there, `s3` of `s3.amazonaws.com`; the one that people know comes first. */
  readonly services: readonly [string, ...string[]];
  /** Key of its encryption context. */
  readonly context: string;
  /** Alias of its AWS managed key, which nothing else can use. */
  readonly alias: string;
  /** Which of its purposes count; absent: all. */
  readonly counts?: (purpose: Purpose) => boolean;
}

/** What speaks for a service, before a rule adds its own words. */
export interface ServiceFinding extends Finding {
  /** What it was for, most frequent first; empty where only the service is known. */
  readonly purposes: readonly Purpose[];
}

/**
 * The share of the key's requests that a service makes: by encryption context, else by the callers, else because the
 * key is the service's own. The first two come from CloudTrail and make it likely, the last leaves it possible.
 */
export function findService(evidence: CauseEvidence, signs: ServiceSigns): ServiceFinding | undefined {
  const sample = evidence.callers;
  if (sample && sample.events > 0) return findInSample(sample, signs);
  const { manager, aliases } = evidence.key;
  if (manager !== 'AWS' || !aliases.includes(signs.alias)) return undefined;
  const because = [`The key is ${signs.alias}, which no other service can use.`];
  return { certainty: 'possible', because, explains: ALL, weight: 1, purposes: [] };
}

function findInSample(sample: CallerSample, signs: ServiceSigns): ServiceFinding | undefined {
  const named = sample.purposes.filter(({ context }) => context === signs.context);
  const purposes = named.filter((purpose) => signs.counts?.(purpose) ?? true);
  const called = together(
    sample.callers.filter((caller) => signs.services.includes(serviceBehind(caller) ?? '')),
  );
  // Where a rule picks among the purposes, the callers of all of them prove nothing.
  const explains = signs.counts && named.length > 0 ? together(purposes) : larger(together(purposes), called);
  if (explains.share < LEAST_SHARE) return undefined;
  return {
    certainty: sample.events < LEAST_EVENTS ? 'possible' : 'likely',
    because: [sampleSentence(sample, explains, purposes, signs)],
    explains,
    weight: (explains.share * sample.events) / callsSeen(sample),
    purposes,
  };
}

/** `84% (80% to 87%) of 400 sampled requests are for bucket lake and 2 more.` */
function sampleSentence(
  { events }: CallerSample,
  explains: Portion,
  purposes: readonly Purpose[],
  { services: [service] }: ServiceSigns,
): string {
  const [first] = purposes;
  const name = first && resourceText(first);
  const others = purposes.length > 1 ? ` and ${purposes.length - 1} more` : '';
  const what = name === undefined ? `come through ${service}.amazonaws.com` : `are for ${name}${others}`;
  return `${portionText(explains)} of ${sampled(events)} ${what}.`;
}

/** `400 sampled requests` */
export const sampled = (events: number): string =>
  events === 1 ? '1 sampled request' : `${events} sampled requests`;
