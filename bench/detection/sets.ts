import type { Policy } from '../../shared/domain/policy.ts';
import { type Evidence, gatherEvidence, settingsFor } from './evidence.ts';
import { type ScoreSet, type Scores, scoreSet } from './judges/score.ts';
import { judgedRequests, type Labelled, positionsOf } from './labelled-recording.ts';
import { type AccountPlan, simulate } from './world/account.ts';
import { moneyLabels, scoreLabels } from './world/label-account.ts';

/** A labelled recording with what the engine said of it: all that a detector is judged on. */
export interface BenchSet extends Labelled {
  readonly settings: ReturnType<typeof settingsFor>;
  readonly evidence: Evidence;
  readonly scoreSet?: ScoreSet;
}

/** Simulates an account and replays it. */
export function simulatedSet(name: string, plan: AccountPlan, policy: Policy): BenchSet {
  const account = simulate(plan);
  return replayed(
    {
      name,
      recording: account.recording,
      fromBin: account.judgeFromBin,
      money: moneyLabels(account),
      score: scoreLabels(account),
    },
    policy,
  );
}

/** Replays a labelled recording through the engine at the shipped defaults. */
export function replayed(labelled: Labelled, policy: Policy): BenchSet {
  const settings = settingsFor(labelled.recording, policy, labelled.fromBin);
  const evidence = gatherEvidence(labelled.recording, settings);
  const { score } = labelled;
  if (!score) return { ...labelled, settings, evidence };
  return { ...labelled, settings, evidence, scoreSet: scoreSet(score, judgedRequests(score, labelled)) };
}

/** A detector's scores in the order of the labels. */
export function inOrderOfLabels({ score, recording }: BenchSet, scores: Scores): Scores {
  if (!score) return [];
  return positionsOf(score, recording).map((position) =>
    position === undefined ? [] : (scores[position] ?? []),
  );
}

/** Several sets as one, for the judge of scores. */
export const pooled = (sets: readonly ScoreSet[]): ScoreSet => ({
  series: sets.flatMap(({ series }) => series),
  bins: sets[0]?.bins ?? 0,
});
