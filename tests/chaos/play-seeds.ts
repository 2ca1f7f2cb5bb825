import { type EpochSeconds, HOUR_SECONDS } from '../../shared/domain/usage/time.ts';
import { compare } from './compare.ts';
import { faultPlanOf, lastFaultAt, tellPlan } from './fault-plan.ts';
import type { Plant } from './plants.ts';
import { play } from './play.ts';
import { Truth } from './truth.ts';
import type { Witness } from './witness.ts';
import { type ChaosWorld, worldOf } from './world.ts';

/** Fault plans that one world is played with: the play without faults, which they are compared with, is made once. */
export const PLANS_PER_WORLD = 5;

/** The world that a seed's faults happen in. */
export const worldSeedOf = (seed: number): number => Math.ceil(seed / PLANS_PER_WORLD);

/** Seeds that share a world. */
export interface SeedGroup {
  readonly seeds: readonly number[];
  readonly days: number;
  readonly plant?: Plant;
}

/** What came of one seed. */
export interface SeedOutcome {
  readonly seed: number;
  readonly violations: readonly string[];
  /** What went wrong with it, for a person. */
  readonly faults: readonly string[];
  readonly runs: number;
  readonly failedRuns: number;
  readonly arrivals: number;
}

/** Plays each seed of a group, one after the other. */
export async function* playSeeds({ seeds, days, plant }: SeedGroup): AsyncGenerator<SeedOutcome> {
  const world = worldOf(worldSeedOf(seeds[0] ?? 1), days);
  const truth = new Truth(world.series, Math.floor(world.start / HOUR_SECONDS) - 2);
  const calm = await play(world, truth);
  const tellings = tellingsOf(world, calm.witness);
  for (const seed of seeds) {
    const plan = faultPlanOf(world, tellings, seed);
    const { witness, runs, failedRuns } = await play(world, truth, plan, plant);
    const violations = [
      ...calm.witness.violations.map((one) => `without faults: ${one}`),
      ...witness.violations,
      ...(tellings.length > 0 ? [] : ['without faults: nobody is told of anything, so nothing is tested']),
      ...compare(world, calm.witness, witness, plan),
    ];
    yield { seed, violations, faults: tellPlan(plan), runs, failedRuns, arrivals: witness.arrivals.length };
  }
}

/** When people are first told of something, early enough for a receiver to fail then. */
const tellingsOf = (world: ChaosWorld, { arrivals }: Witness): EpochSeconds[] =>
  arrivals
    .filter(({ reason, at }) => reason === 'opened' && at < lastFaultAt(world) - 2 * HOUR_SECONDS)
    .map(({ at }) => at);
