import { Command, InvalidArgumentError, Option } from 'commander';
import { compare } from './compare.ts';
import { faultPlanOf, tellPlan } from './fault-plan.ts';
import { PLANTS, type Plant } from './plants.ts';
import { play } from './play.ts';
import { worldOf } from './world.ts';

interface Options {
  readonly seeds: number;
  readonly first: number;
  readonly days: number;
  readonly plant?: Plant;
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
  .action(main);

/** Ends with 1 if an invariant was violated; with a planted bug, if none was. */
async function main({ seeds, first, days, plant }: Options): Promise<void> {
  if (days < 3) program.error('--days: at least 3, because the last 26 hours are without faults');
  const began = performance.now();
  const totals = { runs: 0, failedRuns: 0, arrivals: 0, failedSeeds: 0 };
  let played = 0;
  for (let seed = first; seed < first + seeds; seed++) {
    played++;
    const { violations, runs, failedRuns, arrivals } = await playSeed(seed, days, plant);
    totals.runs += runs;
    totals.failedRuns += failedRuns;
    totals.arrivals += arrivals;
    if (played % 10 === 0) process.stderr.write(`${played} seeds played\n`);
    if (violations.length === 0) continue;
    totals.failedSeeds++;
    print(`seed ${seed}: ${violations.length} violation(s)`);
    for (const violation of violations.slice(0, 10)) print(`  ${violation}`);
    for (const fault of tellPlan(faultPlanOf(worldOf(seed, days)))) print(`    with ${fault}`);
    print(
      `  replay: npm run test:chaos -- --seeds 1 --first ${seed} --days ${days}${plant ? ` --plant ${plant}` : ''}`,
    );
    if (plant) break;
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  print(
    `${played} seed(s) from ${first}, ${days} days each, in ${seconds} s: ${totals.runs} runs with faults, ` +
      `${totals.failedRuns} of them failed, ${totals.arrivals} tellings; ${totals.failedSeeds} seed(s) violate an invariant`,
  );
  process.exitCode = totals.failedSeeds > 0 === (plant !== undefined) ? 0 : 1;
}

async function playSeed(seed: number, days: number, plant: Plant | undefined) {
  const world = worldOf(seed, days);
  const calm = await play(world);
  const faulty = await play(world, faultPlanOf(world), plant);
  const violations = [
    ...calm.witness.violations.map((one) => `without faults: ${one}`),
    ...faulty.witness.violations,
    ...compare(world, calm, faulty),
  ];
  const { runs, failedRuns, witness } = faulty;
  return { violations, runs, failedRuns, arrivals: witness.arrivals.length };
}

const print = (line: string) => process.stdout.write(`${line}\n`);

await program.parseAsync();
