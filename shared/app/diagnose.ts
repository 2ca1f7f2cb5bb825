import { factsOf, type KeyFacts } from '../domain/assess/key-facts.ts';
import { HOURS_A_MONTH, type Prices, pricesFor, unitPrice } from '../domain/assess/price.ts';
import type { Callers } from '../domain/callers/callers.ts';
import type { Cause } from '../domain/causes/cause.ts';
import { likelyCauses } from '../domain/causes/likely-causes.ts';
import { type KeyArn, keyArnParts, type Operation } from '../domain/usage/key.ts';
import { endBin, isUnknown, requestsAt } from '../domain/usage/series.ts';
import {
  BINS_PER_DAY,
  BINS_PER_WEEK,
  type Bin,
  binStart,
  DAY_SECONDS,
  type EpochSeconds,
  HOUR_SECONDS,
  isoTime,
  settledEnd,
} from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { discover } from './discover.ts';
import { type FetchedSeries, fetchUsage } from './fetch-usage.ts';
import { expectNames } from './known-names.ts';
import { loadKnown } from './load.ts';
import type { CallerQuestion } from './ports.ts';
import { nameable } from './requested-names.ts';

/** Bins whose shape counts: a polling loop shows itself over a day. */
const RECENT_BINS = BINS_PER_DAY;

/** Seconds that asking for the callers of one key may take. */
const CALLERS_SECONDS = 30;

/** Seconds before the deadline at which nobody is asked any more: the answer is still to be given. */
const STOP_BEFORE_DEADLINE_SECONDS = 10;

/** What one operation of a key did in the last day. */
export interface DiagnosedOperation {
  readonly operation: Operation;
  readonly requests: number;
  /** Requests in the same day a week before. */
  readonly requestsWeekBefore: number;
  readonly usd: number;
}

/** A cause, and what ending it would save. */
export interface DiagnosedCause extends Cause {
  readonly savesUsdPerMonth?: { readonly low: number; readonly high: number };
}

/** Who uses a key, what for, what it costs, why so much, and what to do about it. */
export interface Diagnosis {
  readonly keyArn: KeyArn;
  readonly aliases: readonly string[];
  readonly description?: string;
  readonly manager?: string;
  readonly spec?: string;
  /** The day that was looked at: ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  readonly operations: readonly DiagnosedOperation[];
  readonly requests: number;
  /** Dollars of the day, and of a month of such days; `high` where the price is a range. */
  readonly usd: number;
  readonly usdPerMonth: { readonly low: number; readonly high: number };
  readonly callers: Callers;
  /** Most certain first; empty: no known pattern fits. */
  readonly causes: readonly DiagnosedCause[];
  /** What could not be found out, and why. */
  readonly notKnown: readonly string[];
}

/**
 * Looks into every key that `request.keys` names, one after the other; empty if none of them was used. Writes nothing.
 * Keys whose turn comes near `request.deadline` are told without their callers.
 *
 * @throws {UnknownNameError} if nothing answers the request, and it names a key that is not there
 */
export async function diagnose(
  ports: DetectPorts,
  settings: Pick<DetectSettings, 'settleSeconds' | 'origin' | 'policy'>,
  request: DetectRequest,
): Promise<Diagnosis[]> {
  const known = await loadKnown(ports, request);
  const found = await discover(ports, known, request);
  if (found.series.length === 0)
    expectNames(request, nameable(found.known, found.directory), 'a key with use in the last day');
  const end = settledEnd(request.asOf, settings.settleSeconds);
  const start = end - BINS_PER_DAY - BINS_PER_WEEK;
  const windows = found.series.map((source) => ({ source, startBin: start, endBin: end, isKnown: false }));
  const usage = await fetchUsage(ports.metrics, windows);
  const fetched = [...usage.series.values()];
  const diagnoses: Diagnosis[] = [];
  for (const keyArn of new Set(fetched.map(({ id }) => id.keyArn))) {
    const series = fetched.filter(({ id }) => id.keyArn === keyArn);
    const facts = factsOf(found.directory, keyArn);
    const used = series.some((one) => sumOf(one, end - BINS_PER_DAY, end) > 0);
    if (used || series.some(({ fault }) => fault !== undefined)) {
      const prices = pricesFor(keyArnParts(keyArn).region, settings.policy.prices);
      const account = found.targets.get(keyArn)?.account;
      diagnoses.push(await diagnoseKey(ports, facts, account, series, prices, end, request.deadline));
    }
  }
  return diagnoses;
}

async function diagnoseKey(
  ports: DetectPorts,
  facts: KeyFacts,
  account: string | undefined,
  series: readonly FetchedSeries[],
  prices: Prices,
  end: Bin,
  deadline: EpochSeconds,
): Promise<Diagnosis> {
  const { keyArn, aliases, description, manager, spec } = facts;
  const operations = series
    .map((one) => diagnosedOperation(one, facts, prices, end))
    .filter(({ requests, requestsWeekBefore }) => requests + requestsWeekBefore > 0)
    .toSorted((a, b) => b.usd - a.usd);
  const usd = operations.reduce((sum, one) => sum + one.usd, 0);
  const high = operations.reduce(
    (sum, { operation, requests }) => sum + requests * unitPrice(operation, spec, prices).high,
    0,
  );
  const to = binStart(end);
  const counted = account === undefined ? {} : { account };
  const callers = await askedInTime(ports, { keyArn, ...counted, from: to - HOUR_SECONDS, to }, deadline);
  const causes = likelyCauses({
    key: facts,
    operations: operations.map(({ operation, requests, requestsWeekBefore }) => ({
      operation,
      perHour: requests / 24,
      usualPerHour: requestsWeekBefore / 24,
    })),
    callers: callers.kind === 'known' ? callers.sample : undefined,
    recent: Array.from({ length: RECENT_BINS }, (_, i) => totalAt(series, end - RECENT_BINS + i)),
    standing: true,
    usdPerHour: usd / 24,
  });
  const month = HOURS_A_MONTH / 24;
  return {
    keyArn,
    aliases,
    ...(description === undefined ? {} : { description }),
    ...(manager === undefined ? {} : { manager }),
    ...(spec === undefined ? {} : { spec }),
    from: isoTime(to - DAY_SECONDS),
    to: isoTime(to),
    operations,
    requests: operations.reduce((sum, { requests }) => sum + requests, 0),
    usd,
    usdPerMonth: { low: usd * month, high: high * month },
    callers,
    causes: causes.map((cause) => withSaving(cause, usd * month)),
    notKnown: [
      ...(callers.kind === 'unknown' ? [`who calls: ${callers.why}`] : []),
      ...(causes.length === 0 ? ['the cause: no known pattern fits'] : []),
      ...(spec === undefined ? ['the kind of key; prices are those of a symmetric one'] : []),
      ...series.flatMap(({ id, fault, detail }) =>
        fault ? [`use of ${id.operation}: ${detail ?? fault}`] : [],
      ),
    ],
  };
}

/** Who calls, as far as that can be asked before the deadline. */
function askedInTime(
  { callers, clock }: DetectPorts,
  about: Omit<CallerQuestion, 'deadline'>,
  deadline: EpochSeconds,
): Promise<Callers> {
  const now = clock.now();
  const until = Math.min(now + CALLERS_SECONDS, deadline - STOP_BEFORE_DEADLINE_SECONDS);
  if (until > now) return callers.callersOf({ ...about, deadline: until });
  const why = 'the time was up; diagnose this key by itself';
  return Promise.resolve({ kind: 'unknown', why, mayCome: false });
}

function diagnosedOperation(
  series: FetchedSeries,
  { spec }: KeyFacts,
  prices: Prices,
  end: Bin,
): DiagnosedOperation {
  const { operation } = series.id;
  const requests = sumOf(series, end - BINS_PER_DAY, end);
  return {
    operation,
    requests,
    requestsWeekBefore: sumOf(series, end - BINS_PER_DAY - BINS_PER_WEEK, end - BINS_PER_WEEK),
    usd: requests * unitPrice(operation, spec, prices).low,
  };
}

const withSaving = (cause: Cause, usdPerMonth: number): DiagnosedCause =>
  cause.savedShare
    ? {
        ...cause,
        savesUsdPerMonth: {
          low: usdPerMonth * cause.savedShare.low,
          high: usdPerMonth * cause.savedShare.high,
        },
      }
    : cause;

/** Requests in [from, to); unknown bins add nothing. */
function sumOf({ usage }: FetchedSeries, from: Bin, to: Bin): number {
  let sum = 0;
  for (let bin = Math.max(from, usage.startBin); bin < Math.min(to, endBin(usage)); bin++) {
    const requests = requestsAt(usage, bin);
    if (!isUnknown(requests)) sum += requests;
  }
  return sum;
}

const totalAt = (series: readonly FetchedSeries[], bin: Bin): number =>
  series.reduce((sum, { usage }) => sum + (requestsAt(usage, bin) || 0), 0);
