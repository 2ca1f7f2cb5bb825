import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryCallerSource } from '../../shared/adapters/memory/memory-caller-source.ts';
import { MemoryCommandStore } from '../../shared/adapters/memory/memory-command-store.ts';
import { MemoryIncidentStore } from '../../shared/adapters/memory/memory-incident-store.ts';
import { MemoryKeyFactsStore } from '../../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryKeyLookup } from '../../shared/adapters/memory/memory-key-lookup.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryMetricDirectory } from '../../shared/adapters/memory/memory-metric-directory.ts';
import { MemoryMetricSource } from '../../shared/adapters/memory/memory-metric-source.ts';
import { MemoryNoticeStore } from '../../shared/adapters/memory/memory-notice-store.ts';
import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { MemoryRunStore } from '../../shared/adapters/memory/memory-run-store.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import { detect } from '../../shared/app/detect.ts';
import type {
  DetectPorts,
  DetectRequest,
  DetectSettings,
  Spending,
} from '../../shared/app/detect-request.ts';
import type { KeyFacts } from '../../shared/domain/assess/key-facts.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { Message, MessageOrigin } from '../../shared/domain/incident/message.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import {
  BIN_SECONDS,
  BINS_PER_WEEK,
  binAt,
  binEnd,
  type EpochSeconds,
} from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { messageKind } from '../../shared/render/headline.ts';

/** A Wednesday, 08:00 UTC, with four weeks of history before it: what learning takes of more is time. */
export const START = Date.parse('2026-11-18T08:00:00Z') / 1000;

const SETTLE_SECONDS = 180;
const HISTORY_WEEKS = 4;

/** Requests of one metric in one bin. */
export type Trace = (bin: number) => number;

/** What a test's account is made of. */
export interface DetectorOptions {
  readonly traces: readonly {
    readonly metric: Metric;
    readonly requests: Trace;
    readonly fromBin?: number;
  }[];
  readonly keys?: readonly KeyFacts[];
  readonly policy?: unknown;
  /** @default 20 */
  readonly maxMessagesPerHour?: number;
  /** What differs from an account `prod` in eu-central-1, read in UTC. */
  readonly origin?: Partial<MessageOrigin>;
  /** @default none: everything is read in every run */
  readonly spending?: Spending;
  /** Last moment that is recorded. @default a day after START */
  readonly until?: EpochSeconds;
}

/** A detector whose whole world is in memory, and a hand to move its clock. */
export function aDetector({
  traces,
  keys = [],
  policy,
  until = START + 86_400,
  maxMessagesPerHour = 20,
  origin = {},
  spending,
}: DetectorOptions) {
  const recorded = new RecordedMetrics();
  for (const { metric, requests, fromBin = binAt(START) - HISTORY_WEEKS * BINS_PER_WEEK } of traces) {
    recorded.record(
      metric,
      fromBin,
      Array.from({ length: binAt(until) - fromBin }, (_, i) => requests(fromBin + i)),
    );
  }
  const clock = new FixedClock(START);
  const metrics = new MemoryMetricSource(recorded);
  const email = new MemoryReceiver({ name: 'sns' });
  const slack = new MemoryReceiver({ name: 'slack' });
  const callers = new MemoryCallerSource();
  const log = new MemoryLog();
  const ports = {
    clock,
    log,
    metrics,
    metricDirectory: new MemoryMetricDirectory(recorded, clock),
    baselines: new MemoryBaselineStore(),
    incidents: new MemoryIncidentStore(),
    commands: new MemoryCommandStore(),
    notices: new MemoryNoticeStore(),
    runs: new MemoryRunStore(),
    keyLookup: new MemoryKeyLookup(keys),
    quotaLookup: new MemoryQuotaLookup(),
    facts: new MemoryKeyFactsStore(),
    callers,
    receivers: [email, slack],
  } satisfies DetectPorts;
  const settings: DetectSettings = {
    policy: parsePolicy(policy, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 }),
    origin: { account: 'prod', region: 'eu-central-1', timeZone: 'UTC', ...origin },
    settleSeconds: SETTLE_SECONDS,
    maxMessagesPerHour,
    ...(spending ? { spending } : {}),
    quota: (group) => defaultQuota(group, 'eu-central-1'),
  };
  let runs = 0;
  const run = (
    at: EpochSeconds,
    request: Partial<DetectRequest> = {},
    through: DetectPorts = ports,
  ): Promise<RunReport> => {
    clock.set(at);
    runs++;
    return detect(through, settings, {
      runId: `run-${runs}`,
      asOf: at,
      deadline: at + 240,
      replay: false,
      lookbackSeconds: 0,
      notify: true,
      ...request,
    });
  };
  /** Runs on the schedule, three minutes after each bin that ends in (from, to]. */
  const runSchedule = async (from: EpochSeconds, to: EpochSeconds): Promise<RunReport | undefined> => {
    let last: RunReport | undefined;
    for (let bin = binAt(from); binEnd(bin) <= to; bin++) last = await run(binEnd(bin) + SETTLE_SECONDS);
    return last;
  };
  return { ports, settings, recorded, metrics, callers, email, slack, log, run, runSchedule };
}

/** What each message was about, in the order a receiver got them: the reason of an incident's, else the kind. */
export const reasonsOf = (messages: readonly Message[]): string[] => messages.map(messageKind);

/** Seconds since START, in bins. */
export const binsAfterStart = (bin: number): number => bin - Math.floor(START / BIN_SECONDS);
