import { type Random, randomFrom } from '../../../bench/detection/world/random.ts';
import type { Fault } from '../../../infra/local/faults.ts';
import type { RunawayScript } from '../../../infra/local/runaway.ts';
import type { ServiceName } from '../../../infra/local/service.ts';
import { DAY_SECONDS, type EpochSeconds, HOUR_SECONDS, isoTime } from '../../../shared/domain/usage/time.ts';

/** A Wednesday, 08:00 UTC. */
export const START: EpochSeconds = Date.parse('2026-11-18T08:00:00Z') / 1000;

/** Keys of the simulated account: the first ones of its fleet, by alias. */
const STORMY = ['alias/lake-etl', 'alias/orders-api', 'alias/payments'] as const;
export const KEYS = STORMY.length;

/** Hours without faults and storms at the end, in which all that is owed is told. */
const QUIET_HOURS = 7;

/** The storms of a world: the first key's is worth a page, the others are told or not. */
export function stormsOf(world: number, days: number): RunawayScript[] {
  const random = randomFrom(world, 11);
  const last = days * DAY_SECONDS - 2 * QUIET_HOURS * HOUR_SECONDS;
  return STORMY.map((keyAlias, i) => {
    const from = START + Math.round(random.between(2 * HOUR_SECONDS, last) / 60) * 60;
    const to = from + random.whole(20, 120) * 60;
    const requestsPerSecond = i === 0 ? random.between(2500, 4000) : random.logBetween(100, 1500);
    return { keyAlias, operation: 'Decrypt', kind: 'retryStorm', from, to, requestsPerSecond };
  });
}

const AWS: readonly ServiceName[] = [
  'cloudwatch',
  'cloudtrail',
  'kms',
  'servicequotas',
  'dynamodb',
  'secretsmanager',
  'sns',
  'events',
];

/** Who is told, and the service that they are told through. */
const RECEIVERS = ['slack', 'sns', 'pagerduty', 'events'] as const satisfies ServiceName[];

const EXPIRED = {
  code: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
  status: 400,
} as const;

/** What happens to the calls of some services in [from, to). */
export interface Window {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly services: readonly ServiceName[];
  readonly error: NonNullable<Fault['error']>;
  /** Share of the calls that meet it. */
  readonly rate: number;
}

/** Everything that goes wrong with a seed. */
export interface BundlePlan {
  readonly windows: readonly Window[];
  /** The webhook is gone in this time, and another one is in the secret afterwards. */
  readonly webhookGone: { readonly from: EpochSeconds; readonly to: EpochSeconds } | undefined;
  readonly missed: ReadonlySet<EpochSeconds>;
  readonly doubled: ReadonlySet<EpochSeconds>;
  /** Runs that die after so many calls. */
  readonly deaths: ReadonlyMap<EpochSeconds, number>;
}

/** The faults of a seed: one receiver always fails when a storm is to be told, at one of `tellings`. */
export function bundlePlanOf(
  seed: number,
  times: readonly EpochSeconds[],
  tellings: readonly EpochSeconds[],
): BundlePlan {
  const random = randomFrom(seed, 12);
  const last = (times.at(-1) ?? START) - QUIET_HOURS * HOUR_SECONDS;
  const telling = tellings[random.whole(0, tellings.length - 1)] ?? START;
  const windows: Window[] = [
    {
      from: telling,
      to: telling + random.between(0.5, 3) * HOUR_SECONDS,
      services: [random.pick(RECEIVERS)],
      error: random.pick(['InternalFailure', 'AccessDenied', 'drop', 'dropAnswer']),
      rate: 1,
    },
  ];
  for (const service of AWS) if (random.chance(0.6)) windows.push(aWindow([service], tellings, random));
  for (const service of RECEIVERS) if (random.chance(0.3)) windows.push(aWindow([service], tellings, random));
  if (random.chance(0.5)) {
    const expired = aWindow(AWS, tellings, random);
    windows.push({
      ...expired,
      to: Math.min(expired.to, expired.from + HOUR_SECONDS),
      error: EXPIRED,
      rate: 1,
    });
  }
  const some = (rate: number) => times.filter((at) => at < last && random.chance(rate));
  const gone = aWindow(['slack'], tellings, random);
  return {
    windows: windows.map((one) => ({ ...one, to: Math.min(one.to, last) })),
    webhookGone: random.chance(0.5) ? { from: gone.from, to: Math.min(gone.to, last) } : undefined,
    missed: new Set(some(0.05)),
    doubled: new Set(some(0.1)),
    deaths: new Map(some(0.05).map((at) => [at, random.whole(0, 40)])),
  };
}

function aWindow(
  services: readonly ServiceName[],
  tellings: readonly EpochSeconds[],
  random: Random,
): Window {
  const seconds = random.logBetween(0.3, 4) * HOUR_SECONDS;
  const telling = tellings[random.whole(0, tellings.length - 1)] ?? START;
  const from = telling + random.between(-2, 1) * HOUR_SECONDS;
  return {
    services,
    from,
    to: from + seconds,
    error: random.pick(['Throttling', 'InternalFailure', 'AccessDenied', 'drop', 'dropAnswer']),
    rate: random.pick([0.2, 0.5, 1]),
  };
}

/** The plan in a few words, for a failure. */
export function tellBundlePlan({ windows, webhookGone, missed, doubled, deaths }: BundlePlan): string[] {
  const span = ({ from, to }: { from: EpochSeconds; to: EpochSeconds }) =>
    `${isoTime(Math.round(from))} to ${isoTime(Math.round(to))}`;
  return [
    ...windows.map(
      ({ services, error, rate, ...time }) =>
        `${services.join(', ')} ${typeof error === 'object' ? error.code : error} ${span(time)}, ${100 * rate} %`,
    ),
    ...(webhookGone ? [`webhook gone ${span(webhookGone)}`] : []),
    `${missed.size} runs missed, ${doubled.size} doubled, ${deaths.size} died`,
  ];
}
