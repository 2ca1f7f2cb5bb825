import type { WorldSwitches } from '../../infra/local/world-switches.ts';

/** What the documentation of AWS leaves open, each way: every story must be the same in all of these worlds. */
export const WORLDS: Readonly<Record<string, Partial<WorldSwitches>>> = {
  'idle minutes leave gaps': { idle: 'gaps' },
  'idle minutes are published as zeros': { idle: 'zeros' },
  'datapoints are 3 minutes late': { publicationDelaySeconds: 180 },
  'datapoints are 5 minutes late': { publicationDelaySeconds: 300 },
  'datapoints are 10 minutes late': { publicationDelaySeconds: 600 },
  'datapoints appear in part at first': { latePartial: true },
  'metrics are kept in the account of the owner': { metricAccount: 'owner' },
  'metrics have no unit': { unit: 'None' },
  'new metrics are listed a quarter of an hour late': { newMetricListedAfterSeconds: 900 },
};
