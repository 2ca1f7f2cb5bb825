/**
 * What the documentation of AWS leaves open about `AWS/KMS SuccessfulRequest` and about CloudTrail. A detector must be right whichever
 * way it is, so every world can be switched to each of the answers.
 */
export interface WorldSwitches {
  /** What an idle minute of a known metric looks like: no datapoint, or a datapoint of 0. @default 'gaps' */
  readonly idle: 'gaps' | 'zeros';
  /** Time from the end of a minute to its datapoint. @default 60 */
  readonly publicationDelaySeconds: number;
  /** A datapoint appears with a part of its value and is completed 3 minutes later. @default false */
  readonly latePartial: boolean;
  /** Account that a request across accounts is counted in: of the caller, or of the key's owner. @default 'caller' */
  readonly metricAccount: 'caller' | 'owner';
  /** Unit of the datapoints. @default 'Count' */
  readonly unit: 'Count' | 'None';
  /** Age that a metric's data must have before ListMetrics shows the metric, at most 15 minutes. @default 300 */
  readonly newMetricListedAfterSeconds: number;
  /** Time from a call to its event in CloudTrail's event history. @default 300 */
  readonly trailDelaySeconds: number;
  /** What LookupEvents knows a key by as `ResourceName`: its full ARN, its id, or neither. @default 'arn' */
  readonly trailResourceName: 'arn' | 'keyId' | 'none';
}

export const DEFAULT_SWITCHES: WorldSwitches = {
  idle: 'gaps',
  publicationDelaySeconds: 60,
  latePartial: false,
  metricAccount: 'caller',
  unit: 'Count',
  newMetricListedAfterSeconds: 300,
  trailDelaySeconds: 300,
  trailResourceName: 'arn',
};

/** How long a datapoint stays partial in a `latePartial` world. */
const PARTIAL_SECONDS = 180;

const PARTIAL_SHARE = 0.6;

/** Share of a minute's value that has been published: 0, a part, or 1. */
export function publishedShare(minuteStart: number, now: number, switches: WorldSwitches): number {
  const age = now - (minuteStart + 60 + switches.publicationDelaySeconds);
  if (age < 0) return 0;
  return switches.latePartial && age < PARTIAL_SECONDS ? PARTIAL_SHARE : 1;
}

/** Everything that ended by this time has been published completely. */
export const settledBefore = (now: number, switches: WorldSwitches): number =>
  now - switches.publicationDelaySeconds - (switches.latePartial ? PARTIAL_SECONDS : 0);
