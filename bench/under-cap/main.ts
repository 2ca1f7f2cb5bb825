import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backtest } from '../../shared/app/backtest.ts';
import { shippedConfig, shippedPolicyDefaults } from '../../shared/config.ts';
import { monthlyCost } from '../../shared/domain/own-cost.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { settingsFor } from '../detection/evidence.ts';
import { judgeMessages } from '../detection/judges/money.ts';
import { type Account, simulate } from '../detection/world/account.ts';
import { moneyLabels } from '../detection/world/label-account.ts';
import { dollarAccount } from '../detection/world/plans.ts';
import { SHAPE_WEIGHTS } from '../detection/world/shapes.ts';
import { mostActive } from './activity.ts';
import { type Played, play, spendingUnder } from './play.ts';
import { isKept, resultsDocument, type Watched } from './results.ts';

const CAP_USD = shippedConfig().MONTHLY_USD_CAP;
const KEYS = 400;
/** Seeds of no other benchmark. */
const FIRST_SEED = 70_000;
/** More keys that are hardly ever used than in the benchmark of detection, so that at most 60 % are in use at a time. */
const SHAPES = { ...SHAPE_WEIGHTS, idle: 36 };
/** Of the keys, in four weeks: a third, as in the benchmark of detection, would be a month that nobody has. */
const RUNAWAY_SHARE = 0.1;

const policy = parsePolicy(undefined, shippedPolicyDefaults());

async function watch(seed: number): Promise<Watched> {
  const account = simulate({ ...dollarAccount(seed, KEYS), shapes: SHAPES, runawayShare: RUNAWAY_SHARE });
  const { recording, judgeFromBin } = account;
  const everything = backtest(recording, settingsFor(recording, policy, judgeFromBin));
  const capped = await play(account, policy, spendingUnder(CAP_USD), (done, of) => {
    if (done % 500 === 0) process.stderr.write(`account ${seed}: ${done} of ${of} runs\n`);
  });
  const labels = moneyLabels(account);
  return {
    keys: account.keys.length,
    series: recording.series.length,
    mostActive: mostActive(account),
    usdPerMonth: monthlyUsd(account, capped),
    played: capped,
    everything: judgeMessages(labels, everything.messages),
    capped: judgeMessages(labels, capped.messages),
  };
}

/** What this month of watching would have cost: the model's whole bill with the metrics that were really asked for. */
function monthlyUsd({ keys, recording }: Account, { metricsRequested, runs }: Played): number {
  const { monthlyUsdCap: _cap, customMetrics, ...spending } = spendingUnder(CAP_USD);
  const deployment = { ...spending, keys: keys.length, series: recording.series.length };
  return monthlyCost({ ...deployment, metricsPerRun: metricsRequested / runs }, customMetrics).total;
}

/** Writes RESULTS.md; ends with 1 if a target is missed. */
async function main(accounts: number, out: string): Promise<void> {
  const watched: Watched[] = [];
  for (let i = 0; i < accounts; i++) watched.push(await watch(FIRST_SEED + i));
  const document = resultsDocument(watched, CAP_USD);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'RESULTS.md'), document);
  process.stdout.write(document);
  if (!isKept(watched, CAP_USD)) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? 1), process.argv[3] ?? 'bench/under-cap');
