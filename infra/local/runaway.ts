import { gaussian } from './random.ts';
import type { WorldCaller } from './world-callers.ts';

/** A runaway that a world is told to have. */
export interface RunawayScript {
  /** `alias/lake-etl`; either this or the ARN. */
  readonly keyAlias?: string;
  readonly keyArn?: string;
  /** A new series begins with the runaway if the key was not used in this way before. */
  readonly operation: string;
  /** Epoch seconds: [from, to). */
  readonly from: number;
  readonly to: number;
  /** What runs away; decides how the load develops, and how much it is where nothing else says so. */
  readonly kind?: RunawayKind;
  /** Multiplies what the key does at the time. */
  readonly factor?: number;
  /** Is added to what the key does. */
  readonly requestsPerSecond?: number;
  /** Who makes the requests that come on top. @default what calls the key anyway, or a job that reads a bucket for `fullScan` */
  readonly caller?: WorldCaller;
}

/**
 * `retryStorm` full load at once; `fullScan` a job that reads everything, with a ramp at either end; `lostCache` a
 * client that no longer caches data keys, a multiple of everything; `creep` a multiple that grows over the whole
 * time; `spike` as short as it is said to be.
 */
type RunawayKind = 'retryStorm' | 'fullScan' | 'lostCache' | 'creep' | 'spike';

const DEFAULT_LOAD: Readonly<
  Record<RunawayKind, { readonly factor?: number; readonly requestsPerSecond?: number }>
> = {
  retryStorm: { requestsPerSecond: 400 },
  fullScan: { requestsPerSecond: 150 },
  lostCache: { factor: 8 },
  creep: { factor: 8 },
  spike: { requestsPerSecond: 300 },
};

/** Requests per second during a runaway of a key that would make `usual` at this time. */
export function runawayRate(
  script: RunawayScript,
  usual: number,
  epochSeconds: number,
  seed: number,
): number {
  const kind = script.kind ?? 'retryStorm';
  const given = script.factor !== undefined || script.requestsPerSecond !== undefined;
  const { factor = 1, requestsPerSecond = 0 } = given ? script : DEFAULT_LOAD[kind];
  const share = (epochSeconds - script.from) / (script.to - script.from);
  const force = kind === 'creep' ? share : kind === 'fullScan' ? Math.min(1, share * 8, (1 - share) * 8) : 1;
  const jitter = 1 + 0.04 * gaussian(seed, Math.floor(epochSeconds / 300));
  return usual * (1 + (factor - 1) * force) + Math.max(0, requestsPerSecond * force * jitter);
}
