import { Command, InvalidArgumentError, Option } from 'commander';
import { groupBy } from '../../shared/domain/group-by.ts';
import { PLANTS, type Plant } from './plants.ts';
import { type SeedGroup, type SeedOutcome, worldSeedOf } from './play-seeds.ts';
import { playBundleInWorkers, playPipelineInWorkers } from './workers.ts';

interface Options {
  readonly seeds: number;
  readonly first: number;
  readonly days: number;
  readonly plant?: Plant;
  readonly workers?: number;
  readonly bundle?: true;
}

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on.');
  return value;
};

const program = new Command('test:chaos')
  .description(
    'Plays simulated weeks with faults from a seed, and the same weeks without, and compares them.',
  )
  .addOption(new Option('--seeds <n>', 'how many seeds').argParser(whole).default(20))
  .addOption(
    new Option('--first <seed>', 'the first of them: a failing seed is replayed with it')
      .argParser(whole)
      .default(1),
  )
  .addOption(new Option('--days <n>', 'simulated days of each, at least 3').argParser(whole).default(14))
  .addOption(new Option('--plant <bug>', 'plant a bug, which is to be caught').choices([...PLANTS]))
  .addOption(
    new Option('--workers <n>', 'processes that play (default: 2; 5 with --bundle)').argParser(whole),
  )
  .option('--bundle', 'through the built function over HTTP, for 1 day or more; needs dist')
  .action(main);

/** Ends with 1 if an invariant was violated; with a planted bug, if none was. */
async function main({ seeds, first, days, plant, workers, bundle }: Options): Promise<void> {
  if (bundle && plant) program.error('--plant: not together with --bundle, whose code is as it was built');
  if (!bundle && days < 3) program.error('--days: at least 3, because the last 26 hours are without faults');
  const began = performance.now();
  const totals = { played: 0, runs: 0, failedRuns: 0, arrivals: 0, failedSeeds: 0 };
  const tell = () => {
    const seconds = Math.round((performance.now() - began) / 1000);
    return (
      `${totals.played} seed(s) from ${first}, ${days} days each, in ${seconds} s: ${totals.runs} runs with faults, ` +
      `${totals.failedRuns} of them failed, ${totals.arrivals} tellings; ${totals.failedSeeds} seed(s) violate an invariant`
    );
  };
  const heard = (outcome: SeedOutcome) => {
    totals.played++;
    totals.runs += outcome.runs;
    totals.failedRuns += outcome.failedRuns;
    totals.arrivals += outcome.arrivals;
    if (outcome.violations.length > 0) {
      totals.failedSeeds++;
      tellViolations(outcome, days, bundle ? ' --bundle' : plant ? ` --plant ${plant}` : '');
    }
    if (totals.played % 10 === 0) process.stderr.write(`${tell()}\n`);
  };
  const all = Array.from({ length: seeds }, (_, i) => first + i);
  // The bundle waits for its timeouts more than it computes: each seed by itself, all at once.
  if (bundle)
    await playBundleInWorkers(
      all.map((seed) => ({ seeds: [seed], days })),
      workers ?? 5,
      heard,
    );
  else await playPipelineInWorkers(groupsOf(all, days, plant), workers ?? 2, heard);
  print(tell());
  process.exitCode = totals.failedSeeds > 0 === (plant !== undefined) ? 0 : 1;
}

/** The seeds, those of one world together. */
const groupsOf = (seeds: readonly number[], days: number, plant: Plant | undefined): SeedGroup[] =>
  [...groupBy(seeds, (seed) => String(worldSeedOf(seed))).values()].map((group) => ({
    seeds: group,
    days,
    ...(plant ? { plant } : {}),
  }));

function tellViolations({ seed, violations, faults }: SeedOutcome, days: number, options: string): void {
  print(`seed ${seed}: ${violations.length} violation(s)`);
  for (const violation of violations.slice(0, 10)) print(`  ${violation}`);
  for (const fault of faults) print(`    with ${fault}`);
  print(`  replay: npm run test:chaos -- --seeds 1 --first ${seed} --days ${days}${options}`);
}

const print = (line: string) => process.stdout.write(`${line}\n`);

await program.parseAsync();
