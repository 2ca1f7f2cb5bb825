import { thresholdFor } from '../../shared/domain/detection/sensitivity.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { judgeMessages, type MoneyVerdict } from './judges/money.ts';
import { type MoneySummary, type Rate, rateOf, summarize } from './judges/money-summary.ts';
import { BUDGETS, judgeAt, judgeAtBudget, type Scores, type ScoreVerdict } from './judges/score.ts';
import type { Rival } from './rivals/rival.ts';
import { RIVALS, rivalScores } from './rivals/rivals.ts';
import { type BenchSet, inOrderOfLabels, pooled } from './sets.ts';
import { type Teller, tellerOf } from './tell.ts';
import { type JudgedTeller, tune } from './tune.ts';

/** The sets of a contest: thresholds are tuned on the first group, everything else is judged on sets not seen. */
export interface ContestSets {
  readonly training: readonly BenchSet[];
  readonly accounts: readonly BenchSet[];
  readonly quiet: readonly BenchSet[];
  readonly fleets: readonly BenchSet[];
}

/** A detector's money at one threshold. */
export interface MoneyResult {
  readonly threshold: number;
  readonly summary: MoneySummary;
  readonly outcomes: MoneyVerdict['outcomes'];
  /** On the quiet half-years, per 1,000 series. */
  readonly quietNotices: Rate;
  readonly quietPages: Rate;
}

/** How one detector did. */
export interface Result {
  readonly name: string;
  /** At the threshold tuned on the training sets. */
  readonly tuned: MoneyResult;
  /** At the threshold that gives three false notices on the held-out sets themselves. */
  readonly hindsight: MoneyResult;
  readonly atBudgets: readonly ScoreVerdict[];
  /** Recall by false alerts per series and week, on the fleets. */
  readonly curve: readonly { readonly falseAlerts: number; readonly recall: number }[];
}

export const ENGINE = 'this detector';

/** A detector as the contest sees it: scores of all series of a set. */
interface Contestant {
  readonly name: string;
  readonly scores: (set: BenchSet) => Scores;
}

const engine: Contestant = {
  name: ENGINE,
  scores: ({ evidence }) => evidence.series.map(({ score }) => score),
};

const contestantOf = (rival: Rival): Contestant => ({
  name: rival.name,
  scores: ({ recording, fromBin }) => rivalScores(rival, recording, fromBin),
});

/** Everybody judged alike. Calls back after each detector, because it takes a while. */
export function contest(sets: ContestSets, onDone: (name: string) => void): Result[] {
  return [engine, ...RIVALS.map(contestantOf)].map((contestant) => {
    const result = judged(contestant, sets);
    onDone(contestant.name);
    return result;
  });
}

/** The product as it is shipped: its own messages at its default sensitivity. */
export const asShipped = ({ accounts, quiet }: ContestSets, policy: Policy): MoneyResult => ({
  threshold: thresholdFor(policy.defaults.sensitivity),
  ...moneyOf(accounts.map(shippedVerdict), quiet.map(shippedVerdict)),
});

/** What the shipped defaults tell of one set. */
export function shippedVerdict({ name, money, evidence }: BenchSet): MoneyVerdict {
  if (!money) throw new RangeError(`${name} has no labels in money`);
  return judgeMessages(money, evidence.messages);
}

function judged({ name, scores }: Contestant, sets: ContestSets): Result {
  const tellers = (group: readonly BenchSet[]) => group.map((set) => judgedTeller(set, scores(set)));
  const accounts = tellers(sets.accounts);
  const quiet = tellers(sets.quiet);
  const moneyAt = (threshold: number): MoneyResult => ({
    threshold,
    ...moneyOf(
      accounts.map((judge) => judge(threshold)),
      quiet.map((judge) => judge(threshold)),
    ),
  });
  const fleetScores = sets.fleets.flatMap((set) => [...inOrderOfLabels(set, scores(set))]);
  const fleets = pooled(sets.fleets.flatMap((set) => set.scoreSet ?? []));
  return {
    name,
    tuned: moneyAt(tune(tellers(sets.training))),
    hindsight: moneyAt(tune([...accounts, ...quiet])),
    atBudgets: BUDGETS.map((budget) => judgeAtBudget(fleets, fleetScores, budget)),
    curve: CURVE_BUDGETS.map((budget) => {
      const { recall, perSeriesWeek } = judgeAtBudget(fleets, fleetScores, budget);
      return { falseAlerts: Math.max(budget, perSeriesWeek), recall };
    }),
  };
}

const CURVE_BUDGETS = [0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.35, 0.5];

function judgedTeller(set: BenchSet, scores: Scores): JudgedTeller {
  const { money, recording, settings, evidence, name } = set;
  if (!money) throw new RangeError(`${name} has no labels in money`);
  const teller: Teller = tellerOf(recording, settings, evidence, scores);
  return (threshold) => judgeMessages(money, teller(threshold));
}

function moneyOf(accounts: readonly MoneyVerdict[], quiet: readonly MoneyVerdict[]) {
  const all = summarize(quiet);
  return {
    summary: summarize(accounts),
    outcomes: accounts.flatMap(({ outcomes }) => outcomes),
    quietNotices: all.falseNotices,
    quietPages: all.falsePages,
  };
}

/** How often the engine is wrong where its score says how often it would be. */
export interface Calibration {
  readonly set: string;
  readonly nominal: number;
  readonly measured: Rate;
}

/** Nominal against measured false alerts per series and week of the engine, by set. */
export function calibrate(sets: readonly BenchSet[]): Calibration[] {
  return sets.flatMap((set) => {
    const { scoreSet } = set;
    if (!scoreSet) return [];
    const scores = inOrderOfLabels(set, engine.scores(set));
    return BUDGETS.map((nominal): Calibration => {
      const { falseAlerts, perSeriesWeek } = judgeAt(scoreSet, scores, -Math.log10(nominal));
      const seriesWeeks = scoreSet.series.length * (scoreSet.bins / 2016);
      return {
        set: set.name,
        nominal,
        measured: { ...rateOf(falseAlerts, seriesWeeks), value: perSeriesWeek },
      };
    });
  });
}
