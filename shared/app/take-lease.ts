import type { DetectPorts, DetectRequest } from './detect-request.ts';

/** Seconds the lease outlives the run's deadline: a run that was killed blocks nobody for long. */
const LEASE_MARGIN_SECONDS = 30;

/** Whether this run may claim, send and save. */
export interface Lease {
  readonly held: boolean;
  /** Why nothing is written, when it is not held. */
  readonly left?: { readonly left: string; readonly run?: string };
  release(): Promise<void>;
}

const NOTHING_TO_RELEASE = async () => undefined;

/** The lease guards claim, send and save only. A check that does not get it still evaluates and answers. */
export async function takeLease({ runs, clock }: DetectPorts, request: DetectRequest): Promise<Lease> {
  if (!request.notify) {
    return {
      held: false,
      left: { left: 'notify is false: nothing was written or sent' },
      release: NOTHING_TO_RELEASE,
    };
  }
  const now = clock.now();
  const seconds = request.deadline - now + LEASE_MARGIN_SECONDS;
  const taken = await runs.acquireLease(request.runId, now, seconds);
  if (!taken.held) {
    return {
      held: false,
      left: { left: 'another run is sending', run: taken.by },
      release: NOTHING_TO_RELEASE,
    };
  }
  return { held: true, release: () => runs.releaseLease(request.runId) };
}
