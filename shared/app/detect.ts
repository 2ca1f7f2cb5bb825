import type { Quota, QuotaGroup } from '../domain/assess/quota.ts';
import type { MessageOrigin } from '../domain/incident/message.ts';
import type { Policy } from '../domain/policy.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { EpochSeconds } from '../domain/usage/time.ts';
import { backfill } from './backfill.ts';
import { claim } from './claim.ts';
import { deliver } from './deliver.ts';
import { discover } from './discover.ts';
import { fetchUsage } from './fetch-usage.ts';
import { judgeKeys } from './judge-keys.ts';
import { loadKnown } from './load.ts';
import { planWindows } from './plan-windows.ts';
import type {
  BaselineStore,
  Clock,
  IncidentStore,
  KeyFactsStore,
  KeyLookup,
  Log,
  MetricDirectory,
  MetricSource,
  Receiver,
  RunStore,
} from './ports.ts';
import { reportRun } from './report-run.ts';
import { saveBaselines } from './save-baselines.ts';
import { saveFacts } from './save-facts.ts';
import { takeLease } from './take-lease.ts';

/** The world as the pipeline sees it. */
export interface DetectPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metricDirectory: MetricDirectory;
  readonly metrics: MetricSource;
  readonly baselines: BaselineStore;
  readonly incidents: IncidentStore;
  readonly runs: RunStore;
  readonly keyLookup: KeyLookup;
  readonly facts: KeyFactsStore;
  readonly receivers: readonly Receiver[];
}

/** What holds for every run of a deployment. */
export interface DetectSettings {
  readonly policy: Policy;
  readonly origin: MessageOrigin;
  readonly settleSeconds: number;
  readonly quota: (group: QuotaGroup) => Quota;
}

/** One check. */
export interface DetectRequest {
  readonly runId: string;
  /** The instant the check stands for. */
  readonly asOf: EpochSeconds;
  /** Wall-clock time at which the run has to be over. */
  readonly deadline: EpochSeconds;
  /** Key ARNs, ids, aliases or alias patterns; undefined: all keys. */
  readonly keys?: readonly string[];
  readonly operations?: readonly string[];
  /** Baselines are replayed from CloudWatch's history instead of read from the store; nothing is written. */
  readonly replay: boolean;
  /** Also judge the bins of this many seconds before the last settled one; only with `replay`. */
  readonly lookbackSeconds: number;
  /** Claim, send and save. Without it nothing is written at all. */
  readonly notify: boolean;
}

/** THE PIPELINE: one check, stage by stage. Everything that judges is pure; effects stand at the two ends. */
export async function detect(
  ports: DetectPorts,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<RunReport> {
  const started = { at: ports.clock.now(), metricsRequested: ports.metrics.metricsRequested };
  const known = await loadKnown(ports, request);
  const found = await discover(ports, known, request);
  const windows = planWindows(known, found, settings, request);
  const usage = await fetchUsage(ports.metrics, windows);
  const judged = judgeKeys(known, found, windows, usage, ports.receivers, settings, request);
  const lease = await takeLease(ports, request);
  try {
    const claimed = await claim(ports, known, judged, lease, request);
    const delivery = await deliver(ports, claimed, found.directory, settings.origin, lease, request);
    await saveBaselines(ports, judged, claimed, lease, request);
    await saveFacts(ports, known, found, lease, request);
    const filled = await backfill(ports, judged, claimed, lease, request);
    const report = reportRun(ports, started, judged, found, usage, delivery, filled, request);
    if (lease.held) await ports.runs.saveReport(report);
    return report;
  } finally {
    await lease.release();
  }
}
