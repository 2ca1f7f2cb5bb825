import type { RunReport } from '../domain/run-report.ts';
import { backfill } from './backfill.ts';
import { claim } from './claim.ts';
import { deliver } from './deliver.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { discover } from './discover.ts';
import { enrich } from './enrich.ts';
import { judgeKeys } from './judge-keys.ts';
import { callCountsWanted } from './judge-region.ts';
import { loadKnown } from './load.ts';
import { sendNotices } from './notices.ts';
import { choosePolls } from './plan-polls.ts';
import { planWindows } from './plan-windows.ts';
import { readInTime } from './read-in-time.ts';
import { reportRun } from './report-run.ts';
import { nameable } from './requested-names.ts';
import { saveBaselines } from './save-baselines.ts';
import { saveFacts } from './save-facts.ts';
import { takeLease } from './take-lease.ts';
import { tellReady } from './tell-ready.ts';

/** THE PIPELINE: one check, stage by stage. Everything that judges is pure; effects stand at the two ends. */
export async function detect(
  ports: DetectPorts,
  settings: DetectSettings,
  request: DetectRequest,
): Promise<RunReport> {
  const started = { at: ports.clock.now(), metricsRequested: ports.metrics.metricsRequested };
  const known = await loadKnown(ports, request);
  const home = settings.origin.region;
  const found = await discover(ports, known, request, settings);
  settings.onFound?.(nameable(found.known, found.directory));
  const wanted = planWindows(known, found, settings, request);
  const chosen = await choosePolls(ports, known, found, wanted, settings, request);
  const counted = callCountsWanted(chosen.windows, found.targets, home, request);
  const { polls, usage } = await readInTime(ports, known, chosen, settings, request, counted);
  const judged = judgeKeys(known, found, polls, usage, ports.receivers, settings, request);
  const lease = await takeLease(ports, request);
  try {
    const claimed = await claim(ports, known, judged, lease, request);
    const enriched = await enrich(ports, claimed, judged, found, lease, request);
    const delivered = await deliver(ports, known, enriched, found.directory, settings, lease, request);
    const metricsRequested = ports.metrics.metricsRequested - started.metricsRequested;
    const run = { known, watched: wanted, judged, directory: found.directory, delivered, metricsRequested };
    const sent = await sendNotices(ports, run, settings, lease, request);
    const baselineFaults = await saveBaselines(ports, judged, claimed, lease, request);
    await saveFacts(ports, known, found, lease, request);
    const filled = await backfill(ports, known, judged, claimed, lease, request);
    const delivery = await tellReady(ports, run, filled, sent, settings, lease, request);
    const faults = { incidents: claimed.faults, baselines: baselineFaults };
    const stages = { known, found, polls, usage, judged, faults, delivery, filled };
    const report = reportRun(ports, started, stages, request);
    if (lease.held) await ports.runs.saveReport(report);
    return report;
  } finally {
    await lease.release();
  }
}
