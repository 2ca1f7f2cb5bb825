import type { CallerSample } from '../callers/callers.ts';
import { count, percent, times } from '../number.ts';
import type { CauseEvidence } from './cause.ts';
import { callsSeen, excess, requestsPerHour } from './requests.ts';
import type { Finding, Rule } from './rule.ts';
import { LEAST_EVENTS } from './service-finding.ts';
import { stepOf } from './shape.ts';

/** Refused calls below this share of all calls are daily life. */
const MANY_REFUSED = 0.2;

/** KMS refuses so for their number, and not for what they ask. */
const THROTTLED = /throttl|limitexceeded|toomanyrequests/i;

const RETRIES = {
  saves: {
    low: 0,
    high: 1,
    why: 'at best only the usual requests are left; what is needed once is still asked once',
  },
  source: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
} as const;

const BOUNDED_RETRIES = 'AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=3';

/** Clients that ask again and again. */
export const RETRY_RULES: readonly Rule[] = [
  {
    ...RETRIES,
    id: 'retries-of-throttled-calls',
    title: 'Clients repeat calls that KMS throttles',
    signs: 'A fifth or more of the calls in CloudTrail are refused with ThrottlingException or the like.',
    fix:
      'Bound the retries and let them back off with jitter, in your own loops, too. Then lower the demand: a higher ' +
      'quota alone makes the storm dearer.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html',
    kind: 'fault',
    find: (evidence) => findRefused(evidence, (code) => THROTTLED.test(code), BOUNDED_RETRIES),
  },
  {
    ...RETRIES,
    id: 'retries-of-refused-calls',
    title: 'Clients repeat calls that KMS refuses',
    signs:
      'A fifth or more of the calls in CloudTrail are refused, such as with AccessDenied or DisabledException.',
    fix:
      'Mend what is refused (the key policy, the role, a disabled key), or stop the caller: asking again does not ' +
      'help, and each attempt repeats the calls before it that succeed and cost money.',
    kind: 'fault',
    find: (evidence) => findRefused(evidence, (code) => !THROTTLED.test(code)),
  },
  {
    ...RETRIES,
    id: 'sudden-loop',
    title: 'A loop or a retry storm began within minutes',
    signs: 'The requests jump at least eightfold within ten minutes and stay there.',
    fix:
      'Look at what was deployed or began to fail at that time, and undo it. Bound the retries of whatever calls ' +
      'the key.',
    kind: 'use',
    find: findStep,
  },
];

function findRefused(
  evidence: CauseEvidence,
  isSuch: (code: string) => boolean,
  command?: string,
): Finding | undefined {
  const sample = evidence.callers;
  if (!sample) return undefined;
  const refused = refusals(sample).filter(([code]) => isSuch(code));
  const calls = refused.reduce((sum, [, number]) => sum + number, 0);
  const weight = calls / Math.max(1, callsSeen(sample));
  if (calls < LEAST_EVENTS || weight < MANY_REFUSED) return undefined;
  const because = [
    `${percent(weight)} of ${count(callsSeen(sample))} sampled calls are refused: ${refused.map(refusalText).join(', ')}.`,
    'Refused calls are not in the metric; the successful ones around them are.',
  ];
  return { certainty: 'likely', because, explains: excess(evidence), weight, ...(command && { command }) };
}

const refusals = ({ refused }: CallerSample): (readonly [string, number])[] =>
  Object.entries(refused).toSorted(([, a], [, b]) => b - a);

/** `ThrottlingException 140`; what is no error code is not repeated. */
const refusalText = ([code, number]: readonly [string, number]): string =>
  `${/^[A-Za-z][A-Za-z0-9.]{1,60}$/.test(code) ? code : 'another error'} ${count(number)}`;

function findStep(evidence: CauseEvidence): Finding | undefined {
  const step = stepOf(evidence.recent);
  const isMore = excess(evidence).share >= 0.5;
  if (!step || !isMore || evidence.standing) return undefined;
  const minutes = Math.round(step.hoursAgo * 60);
  const because = [
    `About ${minutes} minutes ago the requests rose ${times(step.factor)} at once, and have stayed there: ` +
      `${count(requestsPerHour(evidence))} an hour.`,
  ];
  const explains = excess(evidence);
  return { certainty: 'possible', because, explains, weight: explains.share / 2, command: BOUNDED_RETRIES };
}
