import type { Policy } from '../../shared/domain/policy.ts';
import { asShipped, type ContestSets, calibrate, contest } from './contest.ts';
import { machine } from './machine.ts';
import type { BenchResults } from './report/results.ts';
import { type BenchSet, simulatedSet } from './sets.ts';
import { type BenchSizes, seedsOf } from './sizes.ts';
import { dollarAccount, quietAccount, smallFleet } from './world/plans.ts';

/** Simulates all sets of a run and lets everybody judge them. */
export function runBench(sizes: BenchSizes, policy: Policy, progress: (line: string) => void): BenchResults {
  const started = performance.now();
  const sets = simulatedSets(sizes, policy, progress);
  const all = [...sets.training, ...sets.accounts, ...sets.quiet, ...sets.fleets];
  const results = contest(sets, (name) => progress(`judged ${name}`));
  const bins = all.reduce((sum, { evidence }) => sum + evidence.bins, 0);
  const replaySeconds = all.reduce((sum, { evidence }) => sum + evidence.seconds, 0);
  return {
    sizes,
    machine: machine(),
    seconds: (performance.now() - started) / 1000,
    sets: [
      `training: ${described(sets.training)}`,
      `held-out accounts: ${described(sets.accounts)}`,
      `quiet half-years: ${described(sets.quiet)}`,
      `fleets of small counts: ${described(sets.fleets)}`,
    ],
    shipped: asShipped(sets, policy),
    results,
    calibrations: calibrate([...sets.accounts, ...sets.quiet, ...sets.fleets]),
    microsecondsPerBin: (1e6 * replaySeconds) / bins,
  };
}

/** The sets of a run, each replayed through the engine. */
function simulatedSets(sizes: BenchSizes, policy: Policy, progress: (line: string) => void): ContestSets {
  const seeds = seedsOf(sizes);
  const { keys, quietKeys, fleetKeys } = sizes;
  const made = (name: string, plan: Parameters<typeof simulatedSet>[1]) => {
    progress(`simulating and replaying ${name}`);
    return simulatedSet(name, plan, policy);
  };
  return {
    training: [
      made('training account', dollarAccount(seeds.training, keys)),
      made('quiet training', quietAccount(seeds.quietTraining, Math.ceil(0.6 * quietKeys))),
    ],
    accounts: seeds.accounts.map((seed) => made(`account ${seed}`, dollarAccount(seed, keys))),
    quiet: seeds.quiet.map((seed) => made(`quiet ${seed}`, quietAccount(seed, quietKeys))),
    fleets: seeds.fleets.map((seed) => made(`fleet ${seed}`, smallFleet(seed, fleetKeys))),
  };
}

function described(sets: readonly BenchSet[]): string {
  const series = sets.reduce((sum, { recording }) => sum + recording.series.length, 0);
  const weeks = sets.map(({ recording, fromBin }) => Math.round((recording.endBin - fromBin) / 2016));
  const runaways = sets.flatMap(({ money }) => money?.keys.flatMap((key) => key.runaways) ?? []);
  return `${sets.length} with ${series} series, ${[...new Set(weeks)].join(' and ')} weeks judged after 8 of training, ${runaways.length} runaways`;
}
