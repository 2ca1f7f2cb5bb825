import { HOUR_SECONDS } from '../../shared/domain/usage/time.ts';
import { compare } from './compare.ts';
import { faultPlanOf } from './fault-plan.ts';
import type { Plant } from './plants.ts';
import { play } from './play.ts';
import { Truth } from './truth.ts';
import { worldOf } from './world.ts';

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
  readonly runs: number;
  readonly failedRuns: number;
  readonly arrivals: number;
}

/** Plays each seed of a group, one after the other. */
export async function* playSeeds({ seeds, days, plant }: SeedGroup): AsyncGenerator<SeedOutcome> {
  const world = worldOf(worldSeedOf(seeds[0] ?? 1), days);
  const truth = new Truth(world.series, Math.floor(world.start / HOUR_SECONDS) - 2);
  const calm = await play(world, truth);
  for (const seed of seeds) {
    const { witness, runs, failedRuns } = await play(world, truth, faultPlanOf(world, seed), plant);
    const violations = [
      ...calm.witness.violations.map((one) => `without faults: ${one}`),
      ...witness.violations,
      ...compare(world, calm.witness, witness),
    ];
    yield { seed, violations, runs, failedRuns, arrivals: witness.arrivals.length };
  }
}
