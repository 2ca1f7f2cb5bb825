import type { KeyArn } from './usage/key.ts';

/**
 * The order in which a run reads keys when it may not have time for all: from where the last run left off, round in
 * the order of their ARNs, every other one urgent as long as there are urgent ones. So urgent keys come early and no
 * key starves: a run that reads m keys moves on by at least m / 2 of them.
 *
 * @param resumeAt first key that the last run left; undefined: it left none
 */
export function inTurn(
  keys: Iterable<KeyArn>,
  isUrgent: (keyArn: KeyArn) => boolean,
  resumeAt: KeyArn | undefined,
): KeyArn[] {
  const round = inRound(keys, resumeAt);
  const urgent = round.filter(isUrgent);
  const others = round.filter((keyArn) => !isUrgent(keyArn));
  const both = Math.min(urgent.length, others.length);
  const alternating = urgent.slice(0, both).flatMap((keyArn, i) => [keyArn, ...others.slice(i, i + 1)]);
  return [...alternating, ...urgent.slice(both), ...others.slice(both)];
}

/** Where the next run has to go on: the first key in this run's round that it left. Undefined: none is left. */
export function nextTurn(
  keys: Iterable<KeyArn>,
  left: ReadonlySet<KeyArn>,
  resumeAt: KeyArn | undefined,
): KeyArn | undefined {
  return inRound(keys, resumeAt).find((keyArn) => left.has(keyArn));
}

function inRound(keys: Iterable<KeyArn>, resumeAt: KeyArn | undefined): KeyArn[] {
  const sorted = [...keys].sort();
  const at =
    resumeAt === undefined
      ? 0
      : Math.max(
          0,
          sorted.findIndex((keyArn) => keyArn >= resumeAt),
        );
  return [...sorted.slice(at), ...sorted.slice(0, at)];
}
