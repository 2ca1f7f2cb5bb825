import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPolicyDefaults } from '../../shared/config.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { markdownTable, percent } from '../detection/report/markdown.ts';
import type { AccountPlan } from '../detection/world/account.ts';
import { dollarAccount } from '../detection/world/plans.ts';
import { type AccountTrials, DAYS, isInside, type Trial, tryForecast } from './trial.ts';

/** Accounts of each kind, and their first seeds: no other benchmark uses these, and nothing is tuned on them. */
const ACCOUNTS = 50;
const KINDS = [
  { name: '16 keys, a third of which run away', firstSeed: 40_000, keys: 16, runaways: true },
  { name: '8 keys, none of which runs away', firstSeed: 41_000, keys: 8, runaways: false },
] as const;
type Kind = (typeof KINDS)[number];

/** Least share of the fortnights that must lie inside the interval. */
const TARGET = 0.75;

const planOf = ({ keys, runaways }: Kind, seed: number): AccountPlan => {
  const plan = dollarAccount(seed, keys);
  return runaways ? plan : { ...plan, runawayShare: 0 };
};

function trialsOf(kind: Kind): AccountTrials[] {
  const policy = parsePolicy(undefined, shippedPolicyDefaults());
  return Array.from({ length: ACCOUNTS }, (_, i) => tryForecast(planOf(kind, kind.firstSeed + i), policy));
}

const shareInside = (trials: readonly Trial[]): number => trials.filter(isInside).length / trials.length;

const mean = (trials: readonly Trial[], figure: (trial: Trial) => number): string =>
  (trials.reduce((sum, trial) => sum + figure(trial), 0) / trials.length).toFixed(1);

function row(name: string, trials: readonly Trial[]): string[] {
  return [
    name,
    `${trials.filter(isInside).length} of ${trials.length}`,
    percent(shareInside(trials)),
    mean(trials, ({ before }) => before),
    mean(trials, ({ came }) => came),
    mean(trials, ({ forecast: { low } }) => low),
    mean(trials, ({ forecast: { high } }) => high),
  ];
}

function resultsDocument(byKind: readonly (readonly [Kind, readonly AccountTrials[]])[]): string {
  const rows = byKind.flatMap(([{ name }, trials]) => [
    row(
      `${name}: notices`,
      trials.map(({ notices }) => notices),
    ),
    row(
      `${name}: pages`,
      trials.map(({ pages }) => pages),
    ),
  ]);
  return `# How well a backtest forecasts

A backtest says between which bounds the notices and pages of the next ${DAYS} days will lie in 80 % of cases. Here
${ACCOUNTS} simulated accounts of each kind learn for eight weeks, are judged for ${DAYS} days, forecast the next
${DAYS} and are judged on. Made by \`npm run bench:forecast\`; the seeds are used for nothing else. At least ${percent(TARGET)}
must lie inside. Counts are whole and small, so bounds cannot cut at 80 % exactly, and these are drawn for messages
that come in pairs: on the safe side, they may hold more.

${markdownTable(['account', 'inside', 'share', 'mean before', 'mean that came', 'mean low', 'mean high'], rows)}
`;
}

function main(out: string): void {
  const started = performance.now();
  const byKind = KINDS.map((kind) => [kind, trialsOf(kind)] as const);
  const document = resultsDocument(byKind);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'RESULTS.md'), document);
  process.stdout.write(`${document}\n${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  const all = byKind.flatMap(([, trials]) => trials);
  const shares = [all.map(({ notices }) => notices), all.map(({ pages }) => pages)].map(shareInside);
  if (Math.min(...shares) < TARGET) process.exitCode = 1;
}

main(process.argv[2] ?? 'bench/forecast');
