import { randomFrom } from '../../bench/detection/world/random.ts';
import { staleness } from '../../functions/detector/trigger.ts';
import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryCallerSource } from '../../shared/adapters/memory/memory-caller-source.ts';
import { MemoryCommandStore } from '../../shared/adapters/memory/memory-command-store.ts';
import { MemoryKeyFactsStore } from '../../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryKeyLookup } from '../../shared/adapters/memory/memory-key-lookup.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryMetricDirectory } from '../../shared/adapters/memory/memory-metric-directory.ts';
import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import { detect } from '../../shared/app/detect.ts';
import type { DetectPorts, DetectSettings } from '../../shared/app/detect-request.ts';
import { shippedPolicyDefaults } from '../../shared/config.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { type EpochSeconds, isoTime } from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import type { FaultPlan } from './fault-plan.ts';
import { faultyPorts, InjectedFault } from './faulty-ports.ts';
import { LateMetrics } from './late-metrics.ts';
import { type Plant, planted } from './plants.ts';
import type { Truth } from './truth.ts';
import { Witness } from './witness.ts';
import type { ChaosWorld } from './world.ts';

const SETTLE_SECONDS = 180;
const TIMEOUT_SECONDS = 240;
const MAX_SKEW_SECONDS = 50;
const MAX_LAG_SECONDS = 840;
const MAX_CLOCK_SECONDS = 2_400;

/** What came of a world that was played from its start to its end. */
export interface Play {
  readonly witness: Witness;
  readonly runs: number;
  readonly failedRuns: number;
}

const settings: DetectSettings = {
  policy: parsePolicy(undefined, shippedPolicyDefaults()),
  origin: { account: 'chaos', region: 'eu-central-1', timeZone: 'UTC' },
  settleSeconds: SETTLE_SECONDS,
  maxMessagesPerHour: 20,
  quota: (group) => defaultQuota(group, 'eu-central-1'),
};

/** Plays a world on its schedule, with what the plan does to it; without a plan, nothing goes wrong. */
export async function play(world: ChaosWorld, truth: Truth, plan?: FaultPlan, plant?: Plant): Promise<Play> {
  const random = randomFrom(plan?.seed ?? 0, 3);
  const witness = new Witness(truth);
  const recorded = new RecordedMetrics();
  for (const { metric, startBin, requests } of world.series) recorded.record(metric, startBin, requests);
  const clock = new FixedClock(world.start);
  const metrics = new LateMetrics(recorded, world, plan, random);
  const perfect: DetectPorts = {
    clock,
    log: new MemoryLog(),
    metrics,
    metricDirectory: new MemoryMetricDirectory(recorded, clock),
    baselines: witness.baselines,
    incidents: witness.incidents,
    commands: new MemoryCommandStore(),
    notices: witness.notices,
    runs: witness.runs,
    keyLookup: new MemoryKeyLookup([]),
    quotaLookup: new MemoryQuotaLookup(),
    facts: new MemoryKeyFactsStore(),
    callers: new MemoryCallerSource(),
    receivers: witness.receivers,
  };
  let runs = 0;
  let failedRuns = 0;

  const run = async (asOf: EpochSeconds, now: EpochSeconds) => {
    runs++;
    const runId = `run-${runs}`;
    const known = new Set<KeyArn>();
    const faulty = plan ? faultyPorts(perfect, plan, now, random) : perfect;
    const ports = witnessed(plant ? planted(faulty, plant, random) : faulty, known);
    const request = {
      runId,
      asOf,
      deadline: clock.now() + TIMEOUT_SECONDS,
      replay: false,
      lookbackSeconds: 0,
      notify: true,
      scheduled: true,
    };
    try {
      checkReport(await detect(ports, settings, request), known, witness);
    } catch (error) {
      failedRuns++;
      if (!(error instanceof InjectedFault)) witness.violate(`${runId} failed: ${String(error)}`);
    }
  };

  const losses = plan?.losses ?? [];
  for (let asOf = world.start + SETTLE_SECONDS; asOf < world.end; asOf += world.paceSeconds) {
    const struck = (kind: Parameters<FaultPlan['rate']>[0]) =>
      plan !== undefined && random.chance(plan.rate(kind, asOf));
    if (struck('missed')) continue;
    const lag = struck('delayed')
      ? random.whole(0, Math.min(MAX_LAG_SECONDS, world.paceSeconds - TIMEOUT_SECONDS / 4))
      : 0;
    const now = asOf + lag;
    witness.now = now;
    metrics.now = now;
    const skew = struck('clock') ? MAX_CLOCK_SECONDS : struck('skew') ? MAX_SKEW_SECONDS : 0;
    clock.set(now + random.whole(-skew, skew));
    for (const loss of losses.filter(({ at }) => at <= now && at > now - world.paceSeconds))
      await witness.lose(loss);
    if (staleness(asOf, clock.now())) continue;
    const copies = struck('doubled') ? 2 : 1;
    await Promise.all(Array.from({ length: copies }, () => run(asOf, now)));
  }
  const { open } = await witness.incidents.loadOpen();
  for (const { record } of open)
    for (const { at, deliveries } of record.notifications)
      for (const { receiver, status } of deliveries)
        if (status === 'pending' || status === 'gaveUp')
          witness.violate(`${record.incident.id} of ${isoTime(at)} is ${status} for ${receiver} at the end`);
  return { witness, runs, failedRuns };
}

/** Ports that note which keys a run could know of. */
const witnessed = (ports: DetectPorts, known: Set<KeyArn>): DetectPorts => ({
  ...ports,
  baselines: {
    save: (key, expiresAt) => ports.baselines.save(key, expiresAt),
    loadAll: async () => {
      const stored = await ports.baselines.loadAll();
      for (const { keyArn } of stored) known.add(keyArn);
      return stored;
    },
  },
  metricDirectory: {
    listMetrics: async (span) => {
      const listed = await ports.metricDirectory.listMetrics(span);
      for (const metric of listed) if (metric.kind === 'key') known.add(metric.keyArn);
      return listed;
    },
  },
});

/** Every key that a run could know of is in its report, once. */
function checkReport(report: RunReport, known: ReadonlySet<KeyArn>, witness: Witness): void {
  const { runId, keys, normal, breaching, excluded, insufficientData, notChecked } = report;
  const counted = [...Object.values(insufficientData), ...Object.values(notChecked)].map(
    ({ count }) => count,
  );
  const sum = counted.reduce((all, count) => all + count, normal + breaching + excluded);
  if (keys !== known.size) witness.violate(`${runId} reports ${keys} keys of ${known.size}`);
  if (keys !== sum) witness.violate(`${runId} reports ${keys} keys, and ${sum} outcomes`);
}
