import { isLouder } from '../../shared/domain/policy.ts';
import { binStart, isoTime } from '../../shared/domain/usage/time.ts';
import type { Witness } from './witness.ts';
import type { ChaosWorld } from './world.ts';

/** Bins after a runaway in which its windows of an hour and more may still decide. */
const AFTERMATH_BINS = 12;

/** What the play with faults did worse than the one without. */
export function compare(world: ChaosWorld, calm: Witness, faulty: Witness): string[] {
  return [...missedRunaways(world, calm, faulty), ...extraMessages(calm, faulty)];
}

/** Every runaway that is told without faults is told with them, as loud. */
function missedRunaways({ runaways }: ChaosWorld, calm: Witness, faulty: Witness): string[] {
  return runaways.flatMap(({ keyArn, fromBin, toBin }) =>
    calm.receivers.flatMap(({ name }) => {
      const told = calm.loudest(name, keyArn, fromBin, toBin + AFTERMATH_BINS);
      const heard = faulty.loudest(name, keyArn, fromBin, toBin + AFTERMATH_BINS);
      if (told === undefined || (heard !== undefined && !isLouder(told, heard))) return [];
      return `the runaway of ${keyArn.slice(-4)} at ${isoTime(binStart(fromBin))} is a ${told} and ${name} heard ${heard ?? 'nothing'}`;
    }),
  );
}

/** Nobody hears of more incidents, nor more about them, than without faults; what is told again counts once. */
function extraMessages(calm: Witness, faulty: Witness): string[] {
  return calm.receivers.flatMap(({ name }) => {
    const [usual, told] = [calm, faulty].map(({ arrivals }) => {
      const about = arrivals.filter(
        (one) => one.receiver === name && one.reason !== 'reminder' && one.reason !== 'updated',
      );
      return new Set(about.map((one) => one.name)).size;
    });
    return (told ?? 0) > (usual ?? 0) ? [`${name} heard ${told} tellings instead of ${usual}`] : [];
  });
}
