import { parseTime } from '../../infra/local/input.ts';
import type { LocalAws } from '../../infra/local/server.ts';
import type { Call } from '../../infra/local/service.ts';

/** Milliseconds that an answer takes before it is begun: one of these, each as often as the others. */
const LATENCIES_MS = [40, 60, 80, 100, 120];

const RECENT_SECONDS = 3 * 3600;

/**
 * What AWS refuses beyond, a second
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html).
 */
const PER_SECOND = {
  getMetricData: 500,
  listMetrics: 25,
  recentDatapoints: 180_000,
  olderDatapoints: 396_000,
};

/** Makes the embedded AWS as slow as a network and as strict as CloudWatch. */
export function beLikeAws({ faults, clock }: LocalAws): void {
  const buckets = new Map(Object.entries(PER_SECOND).map(([name, rate]) => [name, bucket(rate)]));
  const isRefused = (name: keyof typeof PER_SECOND, amount: number) => !(buckets.get(name)?.(amount) ?? true);
  faults.add({
    service: 'cloudwatch',
    action: 'ListMetrics',
    match: () => isRefused('listMetrics', 1),
    times: 'always',
    error: 'Throttling',
  });
  faults.add({
    service: 'cloudwatch',
    action: 'GetMetricData',
    match: (call) => {
      const { startsAt, datapoints } = askedFor(call);
      const age = clock.now() - startsAt > RECENT_SECONDS ? 'olderDatapoints' : 'recentDatapoints';
      return isRefused('getMetricData', 1) || isRefused(age, datapoints);
    },
    times: 'always',
    error: 'Throttling',
  });
  for (const [index, latencyMs] of LATENCIES_MS.entries()) {
    const share = 1 / (LATENCIES_MS.length - index);
    faults.add({ match: () => Math.random() < share, times: 'always', latencyMs });
  }
}

/** Takes from a bucket that fills within a second; false: there is not enough in it. One request may always empty it. */
function bucket(perSecond: number): (amount: number) => boolean {
  let filled = perSecond;
  let at = performance.now();
  return (amount) => {
    const now = performance.now();
    filled = Math.min(perSecond, filled + ((now - at) / 1000) * perSecond);
    at = now;
    if (filled < Math.min(amount, perSecond)) return false;
    filled -= amount;
    return true;
  };
}

function askedFor({ input }: Call): { readonly startsAt: number; readonly datapoints: number } {
  const { StartTime, EndTime, MetricDataQueries } = input;
  const startsAt = parseTime(StartTime as string);
  const periods = (parseTime(EndTime as string) - startsAt) / 300;
  return {
    startsAt,
    datapoints: periods * (Array.isArray(MetricDataQueries) ? MetricDataQueries.length : 0),
  };
}
