import type { RunReport } from '../domain/run-report.ts';
import { backfill } from './backfill.ts';
import { claim } from './claim.ts';
import { deliver } from './deliver.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { discover } from './discover.ts';
import { enrich } from './enrich.ts';
import { fetchUsage } from './fetch-usage.ts';
import { judgeKeys } from './judge-keys.ts';
import { callCountsWanted } from './judge-region.ts';
import { loadKnown } from './load.ts';
import { sendNotices } from './notices.ts';
import { choosePolls } from './plan-polls.ts';
import { planWindows } from './plan-windows.ts';
import { reportRun } from './report-run.ts';
import { saveBaselines } from './save-baselines.ts';
import { saveFacts } from './save-facts.ts';
import { takeLease } from './take-lease.ts';

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
  const wanted = planWindows(known, found, settings, request);
  const polls = await choosePolls(ports, known, found, wanted, settings, request);
  const counted = callCountsWanted(polls.windows, found.targets, home, request);
  const usage = await fetchUsage(ports.metrics, polls.windows, counted);
  const judged = judgeKeys(known, found, polls, usage, ports.receivers, settings, request);
  const lease = await takeLease(ports, request);
  try {
    const claimed = await claim(ports, known, judged, lease, request);
    const enriched = await enrich(ports, claimed, judged, found, lease, request);
    const delivered = await deliver(ports, known, enriched, found.directory, settings, lease, request);
    const metricsRequested = ports.metrics.metricsRequested - started.metricsRequested;
    const run = { known, judged, directory: found.directory, delivered, metricsRequested };
    const delivery = await sendNotices(ports, run, settings, lease, request);
    const baselineFaults = await saveBaselines(ports, judged, claimed, lease, request);
    await saveFacts(ports, known, found, lease, request);
    const filled = await backfill(ports, judged, claimed, lease, request);
    const faults = { incidents: claimed.faults, baselines: baselineFaults };
    const stages = { known, found, polls, usage, judged, faults, delivery, filled };
    const report = reportRun(ports, started, stages, request);
    if (lease.held) await ports.runs.saveReport(report);
    return report;
  } finally {
    await lease.release();
  }
}
