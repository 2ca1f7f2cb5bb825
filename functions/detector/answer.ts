import { detect } from '../../shared/app/detect.ts';
import type { DetectRequest } from '../../shared/app/detect-request.ts';
import { ReplayTooLargeError } from '../../shared/app/plan-windows.ts';
import { coverageOf, readStatus, type StatusReport } from '../../shared/app/status.ts';
import { type TestAlertReport, testAlert } from '../../shared/app/test-alert.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { type EpochSeconds, isoTime } from '../../shared/domain/usage/time.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Detector } from './compose.ts';
import { parseTrigger, staleness, type Trigger } from './trigger.ts';

/** What the function answers, whatever it was asked. */
export type Answer =
  | {
      readonly ok: true;
      readonly action: string;
      readonly report: RunReport | StatusReport | TestAlertReport;
    }
  | { readonly ok: true; readonly action: 'check'; readonly skipped: string }
  | {
      readonly ok: false;
      readonly error: { readonly code: 'InvalidRequest'; readonly problems: readonly Problem[] };
    };

/** The circumstances of one invocation. */
export interface Invocation {
  readonly runId: string;
  /** Seconds the function may still run. */
  readonly secondsLeft: number;
}

/** Parses a payload, carries it out and answers. A bad payload is an answer; a fault is thrown. */
export async function answer(detector: Detector, event: unknown, invocation: Invocation): Promise<Answer> {
  const parsed = parseTrigger(event);
  if (parsed.kind === 'invalid') return invalid(...parsed.problems);
  const { trigger } = parsed;
  const { ports, settings } = detector;
  switch (trigger.action) {
    case 'status':
      return { ok: true, action: 'status', report: await readStatus(ports) };
    case 'test-alert':
      return {
        ok: true,
        action: 'test-alert',
        report: await testAlert(ports, settings.origin, invocation.runId),
      };
    case 'check':
      return check(detector, trigger, invocation);
    default:
      return trigger satisfies never;
  }
}

async function check(
  detector: Detector,
  trigger: Extract<Trigger, { action: 'check' }>,
  { runId, secondsLeft }: Invocation,
): Promise<Answer> {
  const { scheduledTime } = trigger;
  if (scheduledTime !== undefined && detector.clockMode === 'schedule') detector.setClock(scheduledTime);
  const now = detector.ports.clock.now();
  const stale = scheduledTime === undefined ? undefined : staleness(scheduledTime, now);
  if (stale) return { ok: true, action: 'check', skipped: stale };
  const { at } = trigger;
  if (at !== undefined && at > now) {
    return invalid({ path: 'at', value: isoTime(at), expected: `a time in the past; it is ${isoTime(now)}` });
  }
  const request = {
    ...detectRequest(trigger, scheduledTime ?? now),
    runId,
    deadline: now + secondsLeft,
    scheduled: scheduledTime !== undefined && trigger.keys === undefined,
  };
  const report = await detect(detector.ports, detector.settings, request).catch((error: unknown) => {
    if (error instanceof ReplayTooLargeError) return error;
    throw error;
  });
  if (report instanceof ReplayTooLargeError) {
    return invalid({ path: 'keys', value: trigger.keys, expected: report.message });
  }
  if (report.series > 0 && report.keys > 0 && coverageOf(report) === 0) throw new NothingCheckedError(report);
  if (scheduledTime !== undefined) detector.metrics.recordSweep(report);
  return { ok: true, action: 'check', report };
}

const invalid = (...problems: readonly Problem[]): Answer => ({
  ok: false,
  error: { code: 'InvalidRequest', problems },
});

function detectRequest(
  { keys, operations, at, lookback, notify }: Extract<Trigger, { action: 'check' }>,
  asOf: EpochSeconds,
): Omit<DetectRequest, 'runId' | 'deadline'> {
  const replay = at !== undefined || lookback !== undefined;
  return {
    asOf: at ?? asOf,
    replay,
    lookbackSeconds: lookback ?? 0,
    notify: notify ?? !(replay || keys !== undefined),
    ...(keys === undefined ? {} : { keys }),
    ...(operations === undefined ? {} : { operations }),
  };
}

/** Not one key could be checked: a fault of the whole run, which Lambda is to count as an error. */
export class NothingCheckedError extends Error {
  override name = 'NothingCheckedError' as const;

  constructor(report: RunReport) {
    const reasons = Object.entries(report.notChecked).map(([reason, { count, examples }]) => {
      return `${count} ${reason} (${examples[0] ?? ''})`;
    });
    super(`None of ${report.keys} keys could be checked: ${reasons.join('; ')}`);
  }
}
