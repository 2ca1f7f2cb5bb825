import { factsOf, type KeyFacts } from '../domain/assess/key-facts.ts';
import { pricesFor } from '../domain/assess/price.ts';
import { examineWindows, explain } from '../domain/detection/explain.ts';
import { judgeBin, MOST_REQUESTS, newBinScore, upperFor } from '../domain/detection/judge.ts';
import { NEVER } from '../domain/detection/learn.ts';
import { thresholdFor } from '../domain/detection/sensitivity.ts';
import type { SeriesExplanation } from '../domain/detection/series-explanation.ts';
import { policyForKey } from '../domain/policy.ts';
import { keyArnParts, type Operation } from '../domain/usage/key.ts';
import { endBin, isUnknown, requestsAt, UNKNOWN } from '../domain/usage/series.ts';
import { BIN_SECONDS, BINS_PER_WEEK, binStart, isoTime } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { discover } from './discover.ts';
import { type FetchedSeries, fetchUsage } from './fetch-usage.ts';
import { watchSeries } from './key-context.ts';
import { expectNames } from './known-names.ts';
import { loadKnown } from './load.ts';
import { planWindows } from './plan-windows.ts';
import { nameable } from './requested-names.ts';

/** Weeks of the same five minutes that are shown. */
const SHOWN_WEEKS = 8;

/** Explanations of all series that were asked for; empty if none matches. */
export interface ExplainReport {
  readonly series: readonly SeriesExplanation[];
  /** Series that could not be read, and why. */
  readonly unread: readonly {
    readonly keyArn: string;
    readonly operation: Operation;
    readonly detail: string;
  }[];
}

/**
 * Judges series at `request.asOf` from CloudWatch's history alone, and says why. Writes nothing.
 *
 * @throws {UnknownNameError} if nothing answers the request, and it names a key or an operation that is not there
 */
export async function explainSeries(
  ports: DetectPorts,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<ExplainReport> {
  const known = await loadKnown(ports, request);
  const found = await discover(ports, known, request);
  if (found.series.length === 0)
    expectNames(request, nameable(found.known, found.directory), 'a key with use in the last eight weeks');
  // One bin more than the eight weeks: the oldest of the same five minutes lies just before them.
  const reach = { ...request, lookbackSeconds: request.lookbackSeconds + BIN_SECONDS };
  const windows = planWindows(known, found, settings, reach);
  const usage = await fetchUsage(ports.metrics, windows);
  const fetched = [...usage.series.values()];
  return {
    series: fetched.flatMap((series) =>
      explainFetched(series, factsOf(found.directory, series.id.keyArn), settings, request),
    ),
    unread: fetched.flatMap(({ id, fault, detail }) =>
      fault ? [{ keyArn: id.keyArn, operation: id.operation, detail: detail ?? fault }] : [],
    ),
  };
}

function explainFetched(
  series: FetchedSeries,
  facts: KeyFacts,
  settings: DetectSettings,
  request: DetectRequest,
): SeriesExplanation[] {
  const { id, usage } = series;
  const policy = policyForKey(settings.policy, facts);
  const context = {
    keyArn: id.keyArn,
    facts,
    series: [series],
    windows: [],
    baselines: undefined,
    incident: undefined,
    unreadableIncident: undefined,
    unseenFrom: undefined,
    accepted: NEVER,
    muted: false,
  };
  const { judge, firstBin } = watchSeries(
    context,
    series,
    undefined,
    pricesFor(keyArnParts(id.keyArn).region, settings.policy.prices),
    request,
  );
  if (!policy || !judge) return [];
  const score = newBinScore();
  const end = endBin(usage);
  const threshold = thresholdFor(policy.sensitivity);
  settings.observer?.onKey(facts);
  for (let bin = firstBin; bin < end; bin++) {
    judgeBin(judge, bin, requestsAt(usage, bin), score);
    settings.observer?.onScore(id, score, score.score >= threshold && score.aboveFloor, () =>
      upperFor(judge, threshold),
    );
  }
  const upper = upperFor(judge, threshold);
  const [alias] = facts.aliases;
  return [
    {
      keyArn: id.keyArn,
      ...(alias === undefined ? {} : { alias }),
      operation: id.operation,
      bin: isoTime(binStart(score.bin)),
      requests: orNull(score.requests),
      band: { expected: score.expected, upper: upper > MOST_REQUESTS ? null : upper },
      ...explain(score, threshold),
      windows: examineWindows(judge),
      sameTime: Array.from({ length: SHOWN_WEEKS }, (_, back) => {
        const bin = score.bin - (back + 1) * BINS_PER_WEEK;
        return {
          bin: isoTime(binStart(bin)),
          requests: orNull(bin < usage.startBin ? UNKNOWN : requestsAt(usage, bin)),
        };
      }),
      historyWeeks: (usage.requests.length - 1) / BINS_PER_WEEK,
      sensitivity: policy.sensitivity,
    },
  ];
}

const orNull = (requests: number): number | null => (isUnknown(requests) ? null : requests);
