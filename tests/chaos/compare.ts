import { isLouder } from '../../shared/domain/policy.ts';
import { BINS_PER_DAY, binAt, binStart, isoTime } from '../../shared/domain/usage/time.ts';
import type { FaultPlan, Loss } from './fault-plan.ts';
import type { Witness } from './witness.ts';
import type { ChaosWorld } from './world.ts';

/** Bins after a runaway in which its windows of an hour and more may still decide. */
const AFTERMATH_BINS = 12;

/** What the play with faults did worse than the one without. */
export function compare(world: ChaosWorld, calm: Witness, faulty: Witness, plan: FaultPlan): string[] {
  return [...missedRunaways(world, calm, faulty, plan), ...extraMessages(calm, faulty)];
}

/** Tellings that a lost incident may repeat to each receiver: its opening and its escalation. */
const REPEATED_BY_A_LOSS = 2;

/** Every runaway that is told without faults is told with them, as loud; what a lost incident owed is lost with it. */
function missedRunaways({ runaways }: ChaosWorld, calm: Witness, faulty: Witness, plan: FaultPlan): string[] {
  const unknown = plan.losses.filter((one) => isUnknown(one, plan));
  const kept = runaways.filter(
    ({ keyArn, fromBin, toBin }) =>
      ![...faulty.lost, ...unknown].some((one) => {
        const bin = binAt(one.at);
        return one.keyArn === keyArn && bin >= fromBin && bin <= toBin + BINS_PER_DAY;
      }),
  );
  return kept.flatMap(({ keyArn, fromBin, toBin }) =>
    calm.receivers.flatMap(({ name }) => {
      const told = calm.loudest(name, keyArn, fromBin, toBin + AFTERMATH_BINS);
      const heard = faulty.loudest(name, keyArn, fromBin, toBin + AFTERMATH_BINS);
      if (told === undefined || (heard !== undefined && !isLouder(told, heard))) return [];
      return `the runaway of ${keyArn.slice(-4)} at ${isoTime(binStart(fromBin))} is a ${told} and ${name} heard ${heard ?? 'nothing'}`;
    }),
  );
}

/** Nobody can know of a key whose baseline is lost while ListMetrics has forgotten it. */
const isUnknown = ({ item, keyArn, at }: Loss, plan: FaultPlan): boolean =>
  item === 'baseline' && plan.forgets.has(keyArn) && plan.rate('forgotten', at) > 0;

/** Nobody hears of more incidents, nor more about them, than without faults; what is told again counts once. A loss may repeat. */
function extraMessages(calm: Witness, faulty: Witness): string[] {
  return calm.receivers.flatMap(({ name }) => {
    const [usual, told] = [calm, faulty].map(({ arrivals }) => {
      const about = arrivals.filter(
        (one) => one.receiver === name && one.reason !== 'reminder' && one.reason !== 'updated',
      );
      return new Set(about.map((one) => one.name)).size;
    });
    const most = (usual ?? 0) + REPEATED_BY_A_LOSS * faulty.lost.length;
    return (told ?? 0) > most ? [`${name} heard ${told} tellings instead of ${usual}`] : [];
  });
}
