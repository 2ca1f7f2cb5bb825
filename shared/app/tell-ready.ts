import type { DeliveryReport } from '../domain/run-report.ts';
import type { Backfilled } from './backfill.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from './detect-request.ts';
import { type NoticeRun, sendNotices } from './notices.ts';
import { FIRST_DAY } from './plan-notices.ts';
import { REPLAY_SECONDS } from './replay-history.ts';
import type { Lease } from './take-lease.ts';

/**
 * Stage 13b: in a small account the first scheduled run learns everything, so it also makes the first report, which
 * would else come with the next run. `delivery` is what the run has sent so far. Where too little time is left to
 * look through the history, the next run has all of its own.
 */
export async function tellReady(
  ports: DetectPorts,
  run: Omit<NoticeRun, 'notices'>,
  filled: Backfilled,
  delivery: DeliveryReport,
  settings: DetectSettings,
  lease: Lease,
  request: DetectRequest,
): Promise<DeliveryReport> {
  const isLearnedNow = filled.done > 0 && filled.remaining === 0;
  if (!request.scheduled || !isLearnedNow || !lease.held || 'left' in delivery) return delivery;
  if (ports.clock.now() > request.deadline - REPLAY_SECONDS) return delivery;
  try {
    const stored = await ports.notices.load();
    if (stored.some(({ notice }) => notice.id === FIRST_DAY)) return delivery;
    const learned = await afterLearning(ports, run);
    const told = await sendNotices(ports, learned, settings, lease, request);
    if ('left' in told || 'left' in run.delivered.report) return delivery;
    const before = run.delivered.report;
    return {
      ...told,
      sent: delivery.sent + told.sent - before.sent,
      failures: [...delivery.failures, ...told.failures.slice(before.failures.length)],
    };
  } catch (error) {
    ports.log.error('the first report could not be made in the first run; the next run makes it', { error });
    return delivery;
  }
}

/** The run with what it has learned and stored. */
async function afterLearning(
  { baselines }: DetectPorts,
  run: Omit<NoticeRun, 'notices'>,
): Promise<Omit<NoticeRun, 'notices'>> {
  const stored = await baselines.loadAll();
  const keys = run.judged.keys.map((key) => ({ ...key, unlearned: [] }));
  const known = { ...run.known, baselines: new Map(stored.map((key) => [key.keyArn, key])) };
  return { ...run, known, judged: { ...run.judged, keys } };
}
