import type { Bin } from '../usage/time.ts';
import type { Observation } from './observation.ts';

/**
 * The newest bin that a message may tell of: one with requests, or the newest final one. CloudWatch may be late, and
 * whether an idle key has datapoints is not documented, so a newer bin without requests says nothing yet: told as it
 * looks, every reminder of a key that runs on would say that it is quiet. `finalEndBin` is the first bin that may still
 * change.
 */
export function newestTold(hasRequests: (bin: Bin) => boolean, endBin: Bin, finalEndBin: Bin): Bin {
  let bin = endBin - 1;
  while (bin >= finalEndBin && !hasRequests(bin)) bin--;
  return bin;
}

/** The observation with its numbers taken now: those of a key are gone once its next bin is judged. */
export function withFactsKept(observed: Observation): Observation {
  const facts = observed.facts({ excessUsd: 0, excessRequests: 0 });
  return {
    ...observed,
    facts: ({ excessUsd, excessRequests }) => ({ ...facts, excessUsd, excessRequests }),
  };
}
