import { factsOf } from '../domain/assess/key-facts.ts';
import { type Ranking, rankKeys, type TopOrder } from '../domain/top.ts';
import { seriesName } from '../domain/usage/key.ts';
import { distinctTargets } from '../domain/usage/metric.ts';
import { isUnknown } from '../domain/usage/series.ts';
import { BIN_SECONDS, DAY_SECONDS, type EpochSeconds, HOUR_SECONDS, isoTime } from '../domain/usage/time.ts';
import type { DetectPorts, DetectSettings } from './detect-request.ts';
import { type Discovered, discover } from './discover.ts';
import { loadKnown } from './load.ts';
import type { UsageQuery } from './ports.ts';
import { metricsOf, type Periods, readByMetric, readByQuery, readSeries } from './read-use.ts';

/** The pipeline's world, and CloudWatch as a whole. */
export interface TopPorts extends DetectPorts {
  readonly usageQuery: UsageQuery;
}

/** What is asked. */
export interface TopRequest {
  readonly asOf: EpochSeconds;
  readonly by: TopOrder;
  /** Length of the window that ends with the last settled period: 5 minutes to 63 days. Three hours end up a little shorter. */
  readonly lastSeconds: number;
  /** Keys in the list. */
  readonly limit: number;
}

/** The keys that use most. */
export interface TopReport extends Ranking {
  readonly region: string;
  readonly by: TopOrder;
  /** The window, ISO 8601 UTC; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  /** Seconds that peaks are taken over: 300, or 3600 where the window is longer than a week. */
  readonly periodSeconds: number;
  /** Series known, in use or not. */
  readonly series: number;
  /** Series that could not be read: the figures are at least what they say. */
  readonly notRead: { readonly count: number; readonly examples: readonly string[] };
  /** What qualifies the figures, in sentences. */
  readonly notes: readonly string[];
  /** Metrics asked of CloudWatch, each billed. */
  readonly metricsRequested: number;
}

/** What reading will ask for. */
export interface TopPlan {
  readonly region: string;
  readonly series: number;
  /** Metrics requested at most: GetMetricData bills $0.01 per 1,000. */
  readonly metrics: number;
}

/** Windows up to here are read in 5-minute sums, longer ones in hours: twelve times fewer datapoints. */
const FINE_SECONDS = 7 * DAY_SECONDS;
/** How far back a query over all metrics reaches. */
const QUERY_SECONDS = 3 * HOUR_SECONDS;
/** Metrics from which on a query could be cut short, so that it is not worth asking. */
const QUERY_METRICS = 500;
/** CloudWatch's list forgets metrics that were silent for so long. */
const LISTED_SECONDS = 14 * DAY_SECONDS;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const QUOTA_METRICS = 3;
const MAX_EXAMPLES = 5;

/** Ranks the keys of a Region by what they used lately. Reads only. `onPlan` hears what it will ask for before it does. */
export async function top(
  ports: TopPorts,
  settings: Pick<DetectSettings, 'settleSeconds' | 'quota'> & { readonly region: string },
  request: TopRequest,
  onPlan: (plan: TopPlan) => void = () => undefined,
): Promise<TopReport> {
  const { asOf, by, lastSeconds, limit } = request;
  const { region } = settings;
  const asked = ports.metrics.metricsRequested + ports.usageQuery.metricsRequested;
  const found = await everySeries(ports, asOf);
  const periods = periodsOf(asOf, settings.settleSeconds, lastSeconds);
  const isQuick = lastSeconds <= QUERY_SECONDS && metricsOf(found.series).length < QUERY_METRICS;
  const metrics = metricsOf(found.series).length * (isQuick ? 3 : 2) + QUOTA_METRICS;
  if (found.series.length > 0) onPlan({ region, series: found.series.length, metrics });

  const notes = [...found.stale.map((what) => `The ${what} could not be refreshed: as last read, if ever.`)];
  const { series, usage } = isQuick
    ? await readByQuery(ports, found.series, periods, notes)
    : await readByMetric(ports, found.series, periods);
  const weekBefore = await readSeries(ports, series, earlier(periods, WEEK_SECONDS));
  const [from, to] = [periods.start * periods.seconds, periods.end * periods.seconds];
  const isOneTarget = distinctTargets(found.targets.values()).length <= 1;
  const calls = isOneTarget
    ? await ports.usageQuery.quotaCalls({ from, to, periodSeconds: periods.seconds })
    : SEVERAL_TARGETS;
  if (calls.kind === 'refused') notes.push(`AWS's own count of calls is not known: ${calls.reason}`);
  const ranking = rankKeys(
    {
      series: usage.map(({ id, usage: { requests } }) => {
        const before = weekBefore.get(seriesName(id))?.usage.requests.reduce((sum, more) => sum + more, 0);
        return { id, requests, weekBefore: before === undefined || isUnknown(before) ? undefined : before };
      }),
      directory: found.directory,
      periodSeconds: periods.seconds,
      seconds: to - from,
      quota: settings.quota,
      quotaCalls: calls.kind === 'answered' ? calls.answer : undefined,
    },
    by,
    limit,
  );
  const faults = usage.filter(({ fault }) => fault !== undefined);
  return {
    region,
    by,
    from: isoTime(from),
    to: isoTime(to),
    periodSeconds: periods.seconds,
    ...ranking,
    // Each account and Region has quotas of its own: their sum is none.
    total: { ...ranking.total, quotas: isOneTarget ? ranking.total.quotas : [] },
    series: series.length,
    notRead: {
      count: faults.length,
      examples: faults
        .slice(0, MAX_EXAMPLES)
        .map(({ id, detail, fault }) => `${seriesName(id)}: ${detail ?? fault ?? ''}`),
    },
    notes: [...notes, ...qualifications(found, ranking, lastSeconds)],
    metricsRequested: ports.metrics.metricsRequested + ports.usageQuery.metricsRequested - asked,
  };
}

const SEVERAL_TARGETS = {
  kind: 'refused',
  reason: 'the keys are of several accounts or Regions, each with quotas of its own',
} as const;

/** Everything listed, and everything the detector knows beyond that. */
async function everySeries(ports: DetectPorts, asOf: EpochSeconds): Promise<Discovered> {
  const request = {
    runId: 'top',
    asOf,
    deadline: Number.POSITIVE_INFINITY,
    replay: false,
    lookbackSeconds: 0,
    notify: false,
  };
  return discover(ports, { ...(await loadKnown(ports, request)), lastDiscovery: undefined }, request);
}

/**
 * The last settled periods. A window of three hours gives up its first minutes where a query would not reach them:
 * the settle delay lies within the three hours that CloudWatch counts from now.
 */
function periodsOf(asOf: EpochSeconds, settleSeconds: number, lastSeconds: number): Periods {
  const seconds = lastSeconds <= FINE_SECONDS ? BIN_SECONDS : HOUR_SECONDS;
  const end = Math.floor((asOf - settleSeconds) / seconds);
  const start = end - Math.ceil(lastSeconds / seconds);
  const reached = lastSeconds <= QUERY_SECONDS ? Math.ceil((asOf - QUERY_SECONDS) / seconds) : start;
  return { start: Math.max(start, Math.min(reached, end - 1)), end, seconds };
}

const earlier = ({ start, end, seconds }: Periods, by: number): Periods => ({
  start: start - by / seconds,
  end: end - by / seconds,
  seconds,
});

/** What the figures do not say by themselves. */
function qualifications(found: Discovered, { keys }: Ranking, lastSeconds: number): string[] {
  const unknown = keys.filter(({ keyArn }) => factsOf(found.directory, keyArn).spec === undefined).length;
  return [
    ...(unknown > 0
      ? [
          `${unknown} of these keys could not be described (another account's, or not asked yet): their cost is a range.`,
        ]
      : []),
    ...(lastSeconds > LISTED_SECONDS
      ? ['CloudWatch lists no metric that was silent for two weeks: keys that stopped before may be missing.']
      : []),
  ];
}
