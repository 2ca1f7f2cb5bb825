import { type EpochSeconds, isoTime } from '../../../shared/domain/usage/time.ts';
import { type SeedGroup, type SeedOutcome, worldSeedOf } from '../play-seeds.ts';
import { HEARD_BY, type Heard, type HeardBy } from './heard.ts';
import { type BundlePlan, bundlePlanOf, tellBundlePlan } from './plan.ts';
import { playBundle, timesOf } from './play.ts';

/** How often one run may repeat a message whose answer is lost: the attempts of the AWS SDK. */
const ATTEMPTS = 3;

/** Plays each seed of a group through the built bundle, and their world once without faults. */
export async function* playBundleSeeds({ seeds, days }: SeedGroup): AsyncGenerator<SeedOutcome> {
  const world = worldSeedOf(seeds[0] ?? 1);
  const calm = await playBundle(world, days);
  const tellings = calm.heard.filter(({ receiver }) => receiver === 'pagerduty').map(({ at }) => at);
  for (const seed of seeds) {
    const plan = bundlePlanOf(seed, timesOf(days), tellings);
    const faulty = await playBundle(world, days, seed, plan);
    yield {
      seed,
      violations: [
        ...calm.violations.map((one) => `without faults: ${one}`),
        ...(tellings.length > 0 ? [] : ['without faults: nobody is paged, so little is tested']),
        ...faulty.violations,
        ...HEARD_BY.flatMap((receiver) => amiss(receiver, calm.heard, faulty.heard, plan, days)),
      ],
      faults: tellBundlePlan(plan),
      runs: faulty.runs,
      failedRuns: faulty.failedRuns,
      arrivals: faulty.heard.length,
    };
  }
}

/** What one receiver missed, heard too much, or heard again for no reason. */
function amiss(
  receiver: HeardBy,
  calm: readonly Heard[],
  faulty: readonly Heard[],
  plan: BundlePlan,
  days: number,
): string[] {
  const [usual, told] = [calm, faulty].map((all) => all.filter((one) => one.receiver === receiver));
  const heardBefore = namesOf(usual ?? []);
  const heardNow = namesOf(told ?? []);
  const missed = (usual ?? []).filter((one) => !(told ?? []).some((other) => isToldBy(one, other)));
  return [
    ...missed.map(({ headline, incident }) => `${receiver} has not heard "${headline}" of ${incident}`),
    ...(heardNow.size > heardBefore.size
      ? [`${receiver} heard ${heardNow.size} tellings instead of ${heardBefore.size}`]
      : []),
    ...[...heardNow].flatMap(([name, times]) => {
      const [from = 0, to = 0] = [times[0], times.at(-1)];
      const unsure = timesOf(days).filter((at) => at >= from && at <= to && isUnsure(receiver, plan, at));
      const repeats = times.length - 1;
      if (repeats <= ATTEMPTS * unsure.length) return [];
      return [`${receiver} heard ${times.length} times "${name}", the last time at ${isoTime(to)}`];
    }),
  ];
}

/** Whether another message told as much. Several incidents may be told together, as loud as the loudest of them. */
const isToldBy = ({ incident, kind }: Heard, other: Heard): boolean =>
  other.incident === incident &&
  (other.kind === kind || (kind === 'NOTICE' && other.kind === 'PAGE') || / \d+ keys? /.test(other.headline));

/** When each message was heard. */
function namesOf(heard: readonly Heard[]): Map<string, EpochSeconds[]> {
  const names = new Map<string, EpochSeconds[]>();
  for (const { incident, headline, at } of heard) {
    const name = `${incident} ${headline}`;
    names.set(name, [...(names.get(name) ?? []), at]);
  }
  return names;
}

/** Whether a run may not have learned, or not have stored, that a message was taken: it is told at least once. */
const isUnsure = (receiver: HeardBy, { windows, doubled, deaths }: BundlePlan, at: EpochSeconds): boolean =>
  doubled.has(at) ||
  deaths.has(at) ||
  windows.some(
    ({ services, from, to }) =>
      at >= from && at < to && (services.includes(receiver) || services.includes('dynamodb')),
  );
