import { excessPerHour } from '../assess/excess.ts';
import { severityOf } from '../assess/severity.ts';
import { pushRequests } from '../assess/trailing.ts';
import { judgeBin } from '../detection/judge.ts';
import { louder, type Severity } from '../policy.ts';
import { isUnknown } from '../usage/series.ts';
import type { Bin } from '../usage/time.ts';
import { type ExceededThreshold, exceededThresholds } from './exceeded-thresholds.ts';
import { binUse, factsOf, isStanding, quotaStakes, ratioOf, surplusOf } from './incident-facts.ts';
import type { Observation } from './observation.ts';
import { type KeyWatch, type OperationWatch, RECENT_BINS } from './watch.ts';

/** Most keys have no fixed limits: nothing is made for them bin by bin. */
const NONE: readonly ExceededThreshold[] = [];

/**
 * Judges one more bin of a key and assesses what it costs. Bins come in time order without gaps; `requestsOf` gives
 * NaN for what is not known, and an operation whose judge starts later is passed over until then.
 */
export function observe(watch: KeyWatch, bin: Bin, requestsOf: (index: number) => number): Observation {
  let breaching = false;
  let above = false;
  let unknown = false;
  let total = 0;
  const active: OperationWatch[] = [];
  for (const [index, operation] of watch.operations.entries()) {
    if (bin < operation.firstBin) continue;
    const requests = requestsOf(index);
    if (isUnknown(requests)) unknown = true;
    else total += requests;
    pushRequests(operation.trailing, bin, requests);
    const { judge, score } = operation;
    if (!judge) {
      unknown = true;
      continue;
    }
    judgeBin(judge, bin, requests, score);
    if (score.insufficient !== undefined) unknown = true;
    const isBreaching = score.score >= watch.threshold && score.aboveFloor;
    if (!isBreaching && score.aboveScore < watch.threshold) continue;
    breaching ||= isBreaching;
    above = true;
    active.push(operation);
  }
  watch.recent[bin % RECENT_BINS] = total;
  const limits = watch.policy.thresholds.length > 0 ? exceededThresholds(watch) : NONE;
  if (!above && limits.length === 0) return quiet(watch, bin, unknown);
  return troubled(watch, bin, active, limits, breaching || limits.length > 0);
}

const quiet = (watch: KeyWatch, bin: Bin, unknown: boolean): Observation => ({
  bin,
  state: unknown ? 'insufficientData' : 'normal',
  standing: false,
  severity: 'digest',
  operations: [],
  excessRequests: 0,
  excessUsd: 0,
  usdPerHour: 0,
  ratio: 0,
  facts: (totals) => factsOf(watch, bin, [], [], totals),
});

function troubled(
  watch: KeyWatch,
  bin: Bin,
  active: readonly OperationWatch[],
  limits: readonly ExceededThreshold[],
  breaching: boolean,
): Observation {
  const limited = limits.flatMap(({ operations }) => operations);
  const involved = [...new Set([...active, ...limited])];
  const excess = excessPerHour(active.map(binUse));
  const stakes = { excess, ...quotaStakes(watch, bin, active) };
  const fixed = limits.map(({ rule }) => rule.severity);
  const severity = fixed.reduce<Severity>(
    louder,
    active.length > 0 ? severityOf(stakes, watch.policy) : 'digest',
  );
  const surplus = active.map(({ score, price }) => ({
    requests: surplusOf(score),
    usd: surplusOf(score) * price.low,
  }));
  return {
    bin,
    state: breaching ? 'breaching' : 'above',
    standing: isStanding(active, limits),
    severity,
    operations: involved.map(({ operation }) => operation),
    excessRequests: surplus.reduce((sum, { requests }) => sum + requests, 0),
    excessUsd: surplus.reduce((sum, { usd }) => sum + usd, 0),
    usdPerHour: excess.steady,
    ratio: ratioOf(active),
    facts: (totals) => factsOf(watch, bin, active, limits, totals),
  };
}
