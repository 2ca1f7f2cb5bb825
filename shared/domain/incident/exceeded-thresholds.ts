import { trailingRequests } from '../assess/trailing.ts';
import type { Threshold } from '../policy.ts';
import { BIN_SECONDS } from '../usage/time.ts';
import type { ThresholdFacts } from './incident.ts';
import type { KeyWatch, OperationWatch } from './watch.ts';

/** A fixed limit of the policy that a key's newest bin is over, and by what. */
export interface ExceededThreshold {
  readonly rule: Threshold;
  readonly operations: readonly OperationWatch[];
  readonly facts: ThresholdFacts;
}

/** The fixed limits that the key is over, in the order of the policy. */
export function exceededThresholds(watch: KeyWatch): ExceededThreshold[] {
  const exceeded: ExceededThreshold[] = [];
  for (const rule of watch.policy.thresholds) {
    const operations = watch.operations.filter(
      ({ operation }) => rule.operations.length === 0 || rule.operations.includes(operation),
    );
    let requests = 0;
    let usd = 0;
    for (const { trailing, price } of operations) {
      const sum = trailingRequests(trailing, rule.periodSeconds / BIN_SECONDS);
      requests += sum;
      usd += sum * price.low;
    }
    const isOver =
      (rule.above !== undefined && requests > rule.above) ||
      (rule.aboveUsd !== undefined && usd > rule.aboveUsd);
    if (!isOver) continue;
    exceeded.push({
      rule,
      operations,
      facts: {
        name: rule.name,
        periodSeconds: rule.periodSeconds,
        requests,
        usd,
        ...(rule.above === undefined ? {} : { above: rule.above }),
        ...(rule.aboveUsd === undefined ? {} : { aboveUsd: rule.aboveUsd }),
      },
    });
  }
  return exceeded;
}
