import type { Caller } from '../callers/callers.ts';
import { count, percent } from '../number.ts';
import type { CauseEvidence } from './cause.ts';
import { ALL } from './portion.ts';
import { excess, isIdentity, operationShare, usualPerHour } from './requests.ts';
import { callerText } from './resources.ts';
import type { Finding, Rule } from './rule.ts';
import { LEAST_EVENTS, sampled } from './service-finding.ts';
import { burstOf, steadinessOf } from './shape.ts';

/** From this share on a single caller is the reason. */
const ONE_CALLER = 0.7;

/** What the shape of use and a single caller tell. */
export const USE_RULES: readonly Rule[] = [
  {
    id: 'one-off-job',
    title: 'One job runs: a backfill, a migration, an inventory or a restore',
    signs: 'A burst of at most six hours between quiet times and one caller behind it, or mostly ReEncrypt.',
    fix:
      'If the job is wanted, let it finish: it ends by itself. Otherwise stop it; before the next one, look whether ' +
      'it can read each object once, or run against a bucket with a Bucket Key.',
    saves: { low: 0, high: 1, why: 'nothing if the job is wanted, all above the usual if it is not' },
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html',
    kind: 'use',
    find: findJob,
  },
  {
    id: 'polling-loop',
    title: 'A loop asks KMS at a fixed rate around the clock',
    signs: 'The same number of requests every five minutes for half a day or more, with no day and no night.',
    fix:
      'Find the timer, health check or poller behind it and make it ask less often, or keep what KMS answered: ' +
      'twice the interval is half the cost.',
    saves: {
      low: 0.5,
      high: 0.99,
      why: 'in proportion to the interval: half at twice, 99% at a hundred times',
    },
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html',
    kind: 'use',
    find: findLoop,
  },
];

function findJob(evidence: CauseEvidence): Finding | undefined {
  if (evidence.standing) return undefined;
  const { callers: sample } = evidence;
  const burst = burstOf(evidence.recent);
  const reencrypts = operationShare(evidence, 'ReEncrypt');
  const caller = singleCaller(evidence);
  const isJob = reencrypts >= 0.5 || (burst !== undefined && (sample ? caller !== undefined : burst.ended));
  if (!isJob) return undefined;
  const because = [
    ...(burst ? [burstSentence(burst.hours, burst.ended)] : []),
    ...(reencrypts >= 0.5
      ? [`${percent(reencrypts)} of the requests are ReEncrypt: data moves to another key.`]
      : []),
    ...(caller && sample ? [callerSentence(caller, sample.events)] : []),
  ];
  return {
    certainty: caller && (burst?.ended || reencrypts >= 0.5) ? 'likely' : 'possible',
    because,
    explains: excess(evidence),
    weight: caller?.share ?? 0.5,
  };
}

function findLoop(evidence: CauseEvidence): Finding | undefined {
  const steady = steadinessOf(evidence.recent);
  const caller = singleCaller(evidence);
  if (!steady || (evidence.callers && !caller)) return undefined;
  const because = [
    `For ${steady.hours} hours there have been ${count(steady.perHour)} requests an hour, day and night alike ` +
      `(usually ${count(usualPerHour(evidence))}).`,
    ...(caller && evidence.callers ? [callerSentence(caller, evidence.callers.events)] : []),
  ];
  const explains = caller ?? ALL;
  return { certainty: caller ? 'likely' : 'possible', because, explains, weight: explains.share };
}

/** The one caller behind most of the requests; none where it is a service that acts on its own. */
function singleCaller({ callers: sample }: CauseEvidence): Caller | undefined {
  const [first] = sample?.callers ?? [];
  if (!sample || !first || sample.events < LEAST_EVENTS || first.share < ONE_CALLER) return undefined;
  return isIdentity(first) ? first : undefined;
}

const callerSentence = ({ name, share }: Caller, events: number): string =>
  `${percent(share)} of ${sampled(events)} come from ${callerText(name)}.`;

function burstSentence(hours: number, ended: boolean): string {
  const long = hours < 1 ? `${Math.round(hours * 60)} minutes` : `${Number(hours.toFixed(1))} hours`;
  return ended
    ? `The requests were high for ${long} and are quiet again.`
    : `The requests have been high for ${long}, and were quiet before.`;
}
