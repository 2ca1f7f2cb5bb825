import type { TargetFault } from '../../app/ports.ts';
import type { Target } from '../../domain/usage/key.ts';

/**
 * Asks several targets at once. One that fails is told to `onFault`, and the others' answers count; if all of them fail,
 * or nobody listens, the first failure is thrown.
 */
export async function askEach<T>(
  targets: readonly Target[],
  ask: (target: Target) => Promise<T>,
  onFault?: TargetFault,
): Promise<T[]> {
  const outcomes = await Promise.allSettled(targets.map(ask));
  const failed = outcomes.flatMap((outcome, i) => {
    const target = targets[i];
    return outcome.status === 'rejected' && target ? [{ target, error: outcome.reason as unknown }] : [];
  });
  const [first] = failed;
  if (first && (!onFault || failed.length === outcomes.length)) throw first.error;
  for (const { target, error } of failed) onFault?.(target, error);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
