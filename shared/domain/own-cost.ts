import { CALL_COUNT_RESOURCES } from './assess/quota.ts';

/** AWS's own counts of the requests against each shared quota, read beside the series. */
const CALL_COUNTS = Object.keys(CALL_COUNT_RESOURCES).length;

/** What the detector is made of and how often it runs. */
export interface Deployment {
  readonly keys: number;
  /** Key x operation pairs; about 2.5 a key in real accounts. */
  readonly series: number;
  readonly scheduleMinutes: number;
  readonly slack: boolean;
}

/** Dollars a month, by what they are paid for. */
export interface MonthlyCost {
  readonly getMetricData: number;
  readonly customMetrics: number;
  readonly alarms: number;
  readonly secret: number;
  readonly table: number;
  readonly lambda: number;
  readonly logs: number;
  readonly total: number;
}

/**
 * List prices of us-east-1 in dollars, read 2026-11 from the services' price pages. Free tiers are left out, so the
 * bill is lower in an account that still has them.
 */
export const OWN_PRICES = {
  getMetricDataPerMetric: 0.01 / 1000,
  customMetric: 0.3,
  alarm: 0.1,
  secret: 0.4,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  logsGb: 0.5,
} as const;

const HOURS_PER_MONTH = 730;
const ALARMS = 4;
const MEMORY_GB = 1;
/** Stored bytes of an operation's baseline, rounded up: what a write is billed by, in KB. */
const BASELINE_KB = 4;
/** Budgets, not measurements: what a run may take before the Lambda's share of the bill would matter. */
const SECONDS_PER_RUN = 2;
const SECONDS_PER_1000_SERIES = 10;
const LOG_KB_PER_RUN = 3;

/** The whole monthly bill of a deployment, by list price. */
export function monthlyCost(
  { keys, series, scheduleMinutes, slack }: Deployment,
  customMetrics: number,
): MonthlyCost {
  const runs = (HOURS_PER_MONTH * 60) / scheduleMinutes;
  const gigabyteSeconds = runs * MEMORY_GB * (SECONDS_PER_RUN + (SECONDS_PER_1000_SERIES * series) / 1000);
  // Each run reads every baseline (eventually consistent: half a unit for 4 KB); each is written once an hour.
  const readUnits = runs * Math.max(16, series * (BASELINE_KB / 8) + keys * 0.1);
  const writeUnits = HOURS_PER_MONTH * series * BASELINE_KB + runs * 6;
  const parts = {
    getMetricData: runs * (series + CALL_COUNTS) * OWN_PRICES.getMetricDataPerMetric,
    customMetrics: customMetrics * OWN_PRICES.customMetric,
    alarms: ALARMS * OWN_PRICES.alarm,
    secret: slack ? OWN_PRICES.secret : 0,
    table: readUnits * OWN_PRICES.readUnit + writeUnits * OWN_PRICES.writeUnit,
    lambda: runs * OWN_PRICES.lambdaRequest + gigabyteSeconds * OWN_PRICES.lambdaGbSecond,
    logs: ((runs * LOG_KB_PER_RUN) / 1e6) * OWN_PRICES.logsGb,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, usd) => sum + usd, 0) };
}
