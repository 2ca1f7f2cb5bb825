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

/** What each world stands for: the question about AWS that only a live account can answer. */
export const UNKNOWNS: Readonly<Record<string, string>> = {
  'idle minutes leave gaps': 'Whether an idle key has datapoints of zero or none; here it has none.',
  'idle minutes are published as zeros': 'The same; here each idle minute has a datapoint of zero.',
  'datapoints are 3 minutes late': 'How long after its minute a datapoint appears; here after three minutes.',
  'datapoints are 5 minutes late': 'The same; here after five minutes.',
  'datapoints are 10 minutes late': 'The same; here after ten minutes.',
  'datapoints appear in part at first':
    'Whether a value still grows once it has appeared; here it is completed three minutes later.',
  'metrics are kept in the account of the owner':
    "In which account a call across accounts is counted; here in that of the key's owner, else in the caller's.",
  'metrics have no unit': 'Which unit the datapoints have; here None, else Count.',
  'new metrics are listed a quarter of an hour late':
    'How soon ListMetrics shows a new metric; here after the documented maximum of fifteen minutes, else after five.',
};
