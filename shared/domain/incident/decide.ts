import { isLouder, louder } from '../policy.ts';
import type { KeyArn } from '../usage/key.ts';
import { BIN_SECONDS, type Bin, FINAL_AFTER_SECONDS } from '../usage/time.ts';
import { type Incident, type IncidentEvent, incidentId, type Tally } from './incident.ts';
import type { Observation } from './observation.ts';

/**
 * Quiet bins after which an incident has ended: two hours, so that use which crosses the threshold again and again
 * stays one incident. The end is not urgent: to hear of it an hour later costs nobody anything, to hear of it every
 * other hour costs the trust in all messages.
 */
export const KEEP_FIRING_BINS = 24;

/**
 * Bins after people heard of its end in which a breach reopens an incident under its id, and the quiet that it needs
 * from then on: a day, so that trouble which comes and goes all day is told as begun, as over, as back, and no oftener.
 */
export const REOPEN_BINS = 288;

/** The same for what is only told in the daily digest: six hours. It disturbs nobody, and each day tells of its own. */
export const DIGEST_REOPEN_BINS = 72;

/** Bins of usual use, or without anything on top of a level that stands, after which more is told anew: an hour. */
const ON_TOP_BINS = 12;

/**
 * Bins by which the end of the final data lags the newest settled bin. Resolution waits for it, because only final
 * bins may end an incident; counted in bins, so that live runs, late runs and replays agree on the bin.
 */
export const FINAL_LAG_BINS = FINAL_AFTER_SECONDS / BIN_SECONDS;

/**
 * What follows from one more bin. `incident` already carries the bin's tally; `breachedBefore` is the last breaching
 * bin before this one.
 */
export function decide(
  incident: Incident | undefined,
  observed: Observation,
  breachedBefore: Bin | undefined,
): IncidentEvent[] {
  const { bin } = observed;
  if (!incident || incident.status === 'resolved') {
    if (observed.state !== 'breaching') return [];
    if (incident && bin <= Math.max(incident.lastTransitionBin, incident.endedBin ?? 0)) return [];
    if (incident && bin <= incident.lastTransitionBin + reopenBins(incident)) {
      // What comes back may be much smaller: nobody is woken for what was worth a page yesterday.
      const severity =
        incident.severity === 'digest' ? observed.severity : louder(observed.severity, 'notice');
      return [{ type: 'reopened', bin, severity, facts: observed.facts(withBin(incident.tally, observed)) }];
    }
    const facts = observed.facts({ excessUsd: observed.excessUsd, excessRequests: observed.excessRequests });
    return [{ type: 'opened', bin, severity: observed.severity, facts }];
  }
  if (bin <= incident.lastTransitionBin) return [];
  const { tally, standingBin } = incident;
  // Something new on top of a level that stands is told once: after an hour without.
  const isOnTop = standingBin !== undefined && bin - (breachedBefore ?? bin) > ON_TOP_BINS;
  if (observed.state === 'breaching' && (isLouder(observed.severity, incident.severity) || isOnTop)) {
    const severity = louder(observed.severity, incident.severity);
    return [{ type: 'escalated', bin, severity, facts: observed.facts(tally) }];
  }
  if (observed.state === 'breaching' && isBack(incident, observed)) {
    const facts = { ...observed.facts(tally), isBack: true } as const;
    return [{ type: 'escalated', bin, severity: incident.severity, facts }];
  }
  if (observed.standing && standingBin === undefined) {
    return [{ type: 'standing', bin, severity: incident.severity, facts: observed.facts(tally) }];
  }
  if (tally.quietBins >= quietBinsToEnd(incident) + FINAL_LAG_BINS) {
    return [{ type: 'resolved', bin, endedBin: tally.lastAboveBin + 1, facts: observed.facts(tally) }];
  }
  return [];
}

/**
 * Whether trouble has come back while its incident is open, as loud as the first time: another storm, which people take
 * for the end of the first unless they are told. Once an incident, and not after it was reopened: what comes and goes
 * all day is told once more and no oftener. In `bench/detection` it tells a storm of $20, two hours after another, that
 * was a reminder only, and nothing else changes.
 */
const isBack = ({ tally, ...incident }: Incident, { severity }: Observation): boolean =>
  incident.standingBin === undefined &&
  incident.reopenings === undefined &&
  (tally.resumedBin ?? -1) > incident.lastTransitionBin &&
  severity !== 'digest' &&
  !isLouder(incident.severity, severity);

const quietBinsToEnd = (incident: Incident): number =>
  incident.reopenings === undefined ? KEEP_FIRING_BINS : reopenBins(incident);

const reopenBins = ({ severity }: Incident): number =>
  severity === 'digest' ? DIGEST_REOPEN_BINS : REOPEN_BINS;

const withBin = ({ excessUsd, excessRequests }: Tally, observed: Observation) => ({
  excessUsd: excessUsd + observed.excessUsd,
  excessRequests: excessRequests + observed.excessRequests,
});

/** The first bin in which a breach no longer reopens the incident; undefined while it is open. */
export const reopensUntil = (incident: Incident): Bin | undefined =>
  incident.status === 'resolved' ? incident.lastTransitionBin + reopenBins(incident) + 1 : undefined;

/** The incident after an event. */
export function evolve(incident: Incident | undefined, event: IncidentEvent, keyArn: KeyArn): Incident {
  if (event.type === 'opened') {
    return {
      id: incidentId(keyArn, event.bin),
      keyArn,
      status: 'open',
      severity: event.severity,
      operations: [],
      openedBin: event.bin,
      lastTransitionBin: event.bin,
      sequence: 1,
      tally: emptyTally(event.bin - 1),
    };
  }
  if (!incident) throw new DecisionError(`${event.type} without an open incident for ${keyArn}`);
  const next = { ...incident, lastTransitionBin: event.bin, sequence: incident.sequence + 1 };
  switch (event.type) {
    case 'reopened': {
      const { endedBin: _, ...again } = next;
      return {
        ...again,
        status: 'open',
        severity: event.severity,
        reopenings: (incident.reopenings ?? 0) + 1,
        tally: { ...incident.tally, throughBin: event.bin - 1, quietBins: 0, unbrokenSinceBin: event.bin },
      };
    }
    case 'escalated':
      return {
        ...next,
        severity: event.severity,
        ...(event.facts.isBack ? { reopenings: (incident.reopenings ?? 0) + 1 } : {}),
      };
    case 'standing':
      return { ...next, standingBin: event.bin };
    case 'resolved':
      return { ...next, status: 'resolved', endedBin: event.endedBin };
    default:
      return event satisfies never;
  }
}

/** The incident with one more bin counted. */
export function accrue(incident: Incident, observed: Observation): Incident {
  const known = observed.state !== 'insufficientData';
  const isAbove = observed.state === 'above' || observed.state === 'breaching';
  const { tally } = incident;
  const resumedBin = isAbove && tally.quietBins >= ON_TOP_BINS ? observed.bin : tally.resumedBin;
  const added = observed.operations.filter((operation) => !incident.operations.includes(operation));
  const isUnbroken = !isAbove || tally.quietBins <= FINAL_LAG_BINS;
  return {
    ...incident,
    operations: added.length > 0 ? [...incident.operations, ...added] : incident.operations,
    tally: {
      ...tally,
      ...(isUnbroken ? {} : { unbrokenSinceBin: observed.bin }),
      throughBin: observed.bin,
      lastAboveBin: isAbove ? observed.bin : tally.lastAboveBin,
      lastBreachingBin: observed.state === 'breaching' ? observed.bin : tally.lastBreachingBin,
      quietBins: isAbove ? 0 : tally.quietBins + (known ? 1 : 0),
      ...(resumedBin === undefined ? {} : { resumedBin }),
      excessRequests: tally.excessRequests + observed.excessRequests,
      excessUsd: tally.excessUsd + observed.excessUsd,
      peakRatio: Math.max(tally.peakRatio, observed.ratio),
      peakUsdPerHour: Math.max(tally.peakUsdPerHour, observed.usdPerHour),
    },
  };
}

const emptyTally = (throughBin: Bin): Tally => ({
  throughBin,
  lastAboveBin: throughBin,
  lastBreachingBin: throughBin,
  quietBins: 0,
  excessRequests: 0,
  excessUsd: 0,
  peakRatio: 0,
  peakUsdPerHour: 0,
});

/** An event that cannot follow from the incident's state: a fault in the caller. */
export class DecisionError extends Error {
  override name = 'DecisionError' as const;
}
