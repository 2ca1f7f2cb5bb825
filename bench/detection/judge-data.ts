import { thresholdFor } from '../../shared/domain/detection/sensitivity.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { ENGINE } from './contest.ts';
import { judgeMessages } from './judges/money.ts';
import { summarize } from './judges/money-summary.ts';
import { BUDGETS, judgeAtBudget, type Scores } from './judges/score.ts';
import { readLabelled } from './labelled-recording.ts';
import { moneyTable, type Named } from './report/money-tables.ts';
import { SHIPPED } from './report/results.ts';
import { kindsByScore, scoreTable } from './report/score-tables.ts';
import { RIVALS, rivalScores } from './rivals/rivals.ts';
import { type BenchSet, inOrderOfLabels, replayed } from './sets.ts';
import { tellerOf } from './tell.ts';
import { tune } from './tune.ts';

/** The tables of a labelled recording: thresholds are set on it, except that of the product as shipped. */
export async function judgeData(prefix: string, policy: Policy): Promise<string> {
  const set = replayed(await readLabelled(prefix), policy);
  const detectors = [
    { name: ENGINE, scores: set.evidence.series.map(({ score }): ArrayLike<number> => score) },
    ...RIVALS.map((rival) => ({
      name: rival.name,
      scores: rivalScores(rival, set.recording, set.fromBin),
    })),
  ];
  const tables = set.money
    ? moneyTables(set, detectors, thresholdFor(policy.defaults.sensitivity))
    : scoreTables(set, detectors);
  return [`## ${set.name}`, ...tables].join('\n\n');
}

interface Detector {
  readonly name: string;
  readonly scores: Scores;
}

function moneyTables(set: BenchSet, detectors: readonly Detector[], shipped: number): string[] {
  const { money, evidence, recording, settings } = set;
  if (!money) return [];
  const resultOf = (threshold: number, messages: Parameters<typeof judgeMessages>[1]): Named['result'] => {
    const verdict = judgeMessages(money, messages);
    const summary = summarize([verdict]);
    const { falseNotices: quietNotices, falsePages: quietPages } = summary;
    return { threshold, summary, outcomes: verdict.outcomes, quietNotices, quietPages };
  };
  const asShipped = resultOf(shipped, evidence.messages);
  const tuned = detectors.map(({ name, scores }): Named => {
    const teller = tellerOf(recording, settings, evidence, scores);
    const threshold = tune([(candidate) => judgeMessages(money, teller(candidate))]);
    return { name, result: resultOf(threshold, teller(threshold)) };
  });
  const missed = asShipped.summary.missed.join('; ') || 'none';
  return [moneyTable([{ name: SHIPPED, result: asShipped }, ...tuned]), `Missed as shipped: ${missed}.`];
}

function scoreTables(set: BenchSet, detectors: readonly Detector[]): string[] {
  const { scoreSet } = set;
  if (!scoreSet) return [];
  const results = detectors.map(({ name, scores }) => ({
    name,
    atBudgets: BUDGETS.map((budget) => judgeAtBudget(scoreSet, inOrderOfLabels(set, scores), budget)),
  }));
  return [scoreTable(results), kindsByScore(results)];
}
