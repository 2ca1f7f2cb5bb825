import { type BudgetUse, sentInHour, spend } from '../domain/incident/alert-budget.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import type { Receiver } from './ports.ts';

/** How much a receiver may still be told in this hour. */
export interface AlertBudget {
  /** Whether a receiver has heard enough in this hour. Pagers and programs never have: they count for themselves. */
  isSpent(receiver: Receiver): Promise<boolean>;
  /** Counts one message that was sent. */
  spend(receiver: Receiver): Promise<void>;
}

/**
 * The budget of the hour in which the run is. It is read when the first message is due, and stored after each. Where
 * it cannot be read, the run counts from zero and overwrites nothing: to hear too much beats to hear nothing.
 */
export function alertBudget(
  { runs, log }: Pick<DetectPorts, 'runs' | 'log'>,
  { maxMessagesPerHour }: Pick<DetectSettings, 'maxMessagesPerHour'>,
  { asOf }: Pick<DetectRequest, 'asOf'>,
): AlertBudget {
  let use: Promise<BudgetUse | undefined> | undefined;
  let isKept = true;
  const load = () => {
    use ??= runs.budgetUse().catch((error: unknown) => {
      isKept = false;
      log.error('how many messages this hour has had could not be read; this run counts from zero', {
        error,
      });
      return undefined;
    });
    return use;
  };
  return {
    async isSpent({ name, groups }) {
      return groups && sentInHour(await load(), name, asOf) >= maxMessagesPerHour;
    },
    async spend({ name, groups }) {
      if (!groups) return;
      const next = spend(await load(), name, asOf);
      use = Promise.resolve(next);
      if (!isKept) return;
      await runs.saveBudgetUse(next).catch((error: unknown) => {
        log.error('a message could not be counted against the budget of this hour', { error });
      });
    },
  };
}
