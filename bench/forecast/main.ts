import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPolicyDefaults } from '../../shared/config.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { dollarAccount } from '../detection/world/plans.ts';
import { resultsDocument, shareInside, TARGET, type TriedKind } from './results.ts';
import { tryForecast } from './trial.ts';

/** Accounts of each kind. Their seeds follow from the first: no other benchmark uses them, and nothing is tuned on them. */
const ACCOUNTS = 25;
const KINDS = [
  {
    name: '16 keys, a third of which run away',
    firstSeed: 40_000,
    planOf: (seed: number) => dollarAccount(seed, 16),
  },
  {
    name: '8 keys, none of which runs away',
    firstSeed: 41_000,
    planOf: (seed: number) => ({ ...dollarAccount(seed, 8), runawayShare: 0 }),
  },
] as const;

function tryKind({ name, firstSeed, planOf }: (typeof KINDS)[number]): TriedKind {
  const policy = parsePolicy(undefined, shippedPolicyDefaults());
  const trials = Array.from({ length: ACCOUNTS }, (_, i) => {
    process.stderr.write(`${name}: ${i + 1} of ${ACCOUNTS}\n`);
    return tryForecast(planOf(firstSeed + i), policy);
  });
  return { name, trials };
}

/** Writes RESULTS.md; ends with 1 if the interval holds too seldom. */
function main(out: string): void {
  const kinds = KINDS.map(tryKind);
  const document = resultsDocument(kinds);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'RESULTS.md'), document);
  process.stdout.write(document);
  const all = kinds.flatMap(({ trials }) => trials);
  const shares = [all.map(({ notices }) => notices), all.map(({ pages }) => pages)].map(shareInside);
  if (Math.min(...shares) < TARGET) process.exitCode = 1;
}

main(process.argv[2] ?? 'bench/forecast');
