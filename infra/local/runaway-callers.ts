import type { Counter } from './counter-metric.ts';
import { BIN_SECONDS } from './counter-metric.ts';
import type { RunawayScript } from './runaway.ts';
import { FULL_SCAN, type WorldCallerShare } from './world-callers.ts';

/**
 * Who makes the requests of each bin of a key with runaways: what comes on top of the undisturbed use is the runaway's
 * caller's. Runaways of callers that call the key anyway change nothing.
 */
export function callersDuring(
  runaways: readonly RunawayScript[],
  counter: Counter,
  undisturbed: Counter,
  usual: readonly WorldCallerShare[],
): (bin: number) => readonly WorldCallerShare[] {
  return (bin) => {
    const start = bin * BIN_SECONDS;
    const active = runaways
      .filter(({ from, to }) => from < start + BIN_SECONDS && to > start)
      .flatMap(({ caller, kind }) => caller ?? (kind === 'fullScan' ? FULL_SCAN : []));
    const requests = counter.requests(bin);
    if (active.length === 0 || !(requests > 0)) return usual;
    // Before its birth a series has no undisturbed use.
    const before = Math.min(requests, undisturbed.requests(bin) || 0);
    const onTop = (requests - before) / requests;
    return [
      ...usual.map(({ caller, share }) => ({ caller, share: share * (1 - onTop) })),
      ...active.map((caller) => ({ caller, share: onTop / active.length })),
    ];
  };
}
