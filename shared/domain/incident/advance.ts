import type { KeyArn } from '../usage/key.ts';
import type { Bin } from '../usage/time.ts';
import { accrue, decide, evolve } from './decide.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import type { Observation } from './observation.ts';

/** A transition and the incident as it stands after it. */
export interface Transition {
  readonly event: IncidentEvent;
  readonly incident: Incident;
}

/** What a key's bins did to its incident. */
export interface Advance {
  readonly transitions: readonly Transition[];
  /** The newest incident, counted through the newest bin: what people are told. */
  readonly current: Incident | undefined;
  /** The same, counted through the last final bin only: what is stored, so that late datapoints are never counted twice. */
  readonly stored: Incident | undefined;
}

/**
 * Folds a key's observations, in time order, over its stored incident. Bins that the stored tally already holds
 * are skipped; later ones are counted anew, but transitions up to `lastTransitionBin` are not made again.
 */
export function advance(
  keyArn: KeyArn,
  known: Incident | undefined,
  observations: Iterable<Observation>,
  finalEndBin: Bin,
): Advance {
  const transitions: Transition[] = [];
  let current = known;
  let stored = known;
  for (const observed of observations) {
    const breachedBefore = current?.tally.lastBreachingBin;
    if (current?.status === 'open') {
      if (observed.bin <= current.tally.throughBin) continue;
      current = accrue(current, observed);
    }
    for (const event of decide(current, observed, breachedBefore)) {
      current = evolve(current, event, keyArn);
      if (event.type === 'opened' || event.type === 'reopened') {
        stored = current;
        current = accrue(current, observed);
      }
      transitions.push({ event, incident: current });
    }
    if (!current) continue;
    const isCounted = observed.bin < finalEndBin || current.status === 'resolved';
    stored = isCounted || !stored ? current : { ...current, tally: stored.tally };
  }
  return { transitions, current, stored };
}
