import { detect } from '../../shared/app/detect.ts';
import { type DetectRequest, readOnlyRequest } from '../../shared/app/detect-request.ts';
import { type Diagnosis, diagnose } from '../../shared/app/diagnose.ts';
import { diagnoseTop } from '../../shared/app/diagnose-top.ts';
import { type ExplainReport, explainSeries } from '../../shared/app/explain-series.ts';
import { UnknownNameError } from '../../shared/app/known-names.ts';
import { ReplayTooLargeError } from '../../shared/app/plan-windows.ts';
import { checkShard } from '../../shared/app/scale-out/check-shard.ts';
import { type ListReport, listShards } from '../../shared/app/scale-out/list-shards.ts';
import { mergeShards } from '../../shared/app/scale-out/merge-shards.ts';
import { coverageOf, readStatus, type StatusReport } from '../../shared/app/status.ts';
import { type TestAlertReport, testAlert } from '../../shared/app/test-alert.ts';
import { type TopReport, top } from '../../shared/app/top.ts';
import type { DoctorReport } from '../../shared/domain/doctor/finding.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { DAY_SECONDS, type EpochSeconds, isoTime, KEPT_DAYS } from '../../shared/domain/usage/time.ts';
import type { Problem } from '../../shared/problem.ts';
import { type CommandReport, type CommandTrigger, command, unknownNameProblem } from './command.ts';
import type { Detector } from './compose.ts';
import { parseTrigger, staleness, type Trigger } from './trigger.ts';

/** What the function answers, whatever it was asked. */
export type Answer =
  | {
      readonly ok: true;
      readonly action: string;
      readonly report:
        | RunReport
        | ListReport
        | ExplainReport
        | DiagnoseReport
        | StatusReport
        | TestAlertReport
        | DoctorReport
        | TopReport
        | (TopReport & DiagnosedTop)
        | CommandReport;
    }
  | { readonly ok: true; readonly action: 'check'; readonly skipped: string }
  | {
      readonly ok: false;
      readonly error: { readonly code: 'InvalidRequest'; readonly problems: readonly Problem[] };
    };

/** Keys that were looked into. */
export interface DiagnoseReport {
  readonly keys: readonly Diagnosis[];
}

/** The first keys of a ranking that were looked into, in its order. */
export interface DiagnosedTop {
  readonly diagnoses: readonly Diagnosis[];
}

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
    case 'doctor': {
      // A chunk of its own: it is asked now and then, and brings clients that a check does not need.
      const { runDoctor } = await import('./run-doctor.ts');
      return { ok: true, action: 'doctor', report: await runDoctor(detector, trigger, invocation) };
    }
    case 'top':
      return rank(detector, trigger, invocation);
    case 'check':
      return check(detector, trigger, invocation);
    case 'explain':
      return explain(detector, trigger, invocation);
    case 'diagnose':
      return diagnoseKeys(detector, trigger, invocation);
    case 'ack':
    case 'mute':
    case 'unmute':
    case 'accept':
      return obey(detector, trigger, invocation);
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
  if (trigger.at !== undefined && trigger.at > now) return inTheFuture(trigger.at, now);
  const request = {
    ...detectRequest(trigger, scheduledTime ?? now),
    runId,
    deadline: now + secondsLeft,
    scheduled: scheduledTime !== undefined && trigger.keys === undefined,
  };
  if (trigger.step !== undefined) return takeStep(detector, trigger.step, trigger.shard, request);
  const report = await detect(detector.ports, detector.settings, request).catch(tooLarge);
  if (report instanceof ReplayTooLargeError) {
    return invalid({ path: 'keys', value: trigger.keys, expected: report.message });
  }
  if (report.series > 0 && report.keys > 0 && coverageOf(report) === 0) throw new NothingCheckedError(report);
  if (scheduledTime !== undefined) detector.metrics.recordSweep(report);
  return { ok: true, action: 'check', report };
}

/** One step of a check that the state machine divides. A shard of which nothing could be checked is a fault: it is tried again. */
async function takeStep(
  { ports, shards, settings, metrics }: Detector,
  step: 'list' | 'shard' | 'merge',
  shard: number | undefined,
  request: DetectRequest,
): Promise<Answer> {
  if (step === 'list')
    return { ok: true, action: 'check', report: await listShards(ports, shards, settings, request) };
  const report =
    shard === undefined
      ? await mergeShards(ports, shards, settings, request)
      : await checkShard(ports, shards, settings, shard, request);
  if (report.keys > 0 && coverageOf(report) === 0) throw new NothingCheckedError(report);
  if (step === 'merge') metrics.recordSweep(report);
  return { ok: true, action: 'check', report };
}

async function explain(
  { ports, settings }: Detector,
  { key, operation, at }: Extract<Trigger, { action: 'explain' }>,
  { runId, secondsLeft }: Invocation,
): Promise<Answer> {
  const now = ports.clock.now();
  if (at !== undefined && at > now) return inTheFuture(at, now);
  if (at !== undefined && at < now - KEPT_DAYS * DAY_SECONDS) return beforeHistory(at, now);
  const report = await explainSeries(ports, settings, {
    ...readOnlyRequest([key], { runId, asOf: at ?? now, deadline: now + secondsLeft }),
    ...(operation === undefined ? {} : { operations: [operation] }),
  }).catch(mendable);
  if (report instanceof ReplayTooLargeError) {
    return invalid({ path: 'key', value: key, expected: report.message });
  }
  if (report instanceof UnknownNameError) return invalid(unknownNameProblem(report));
  if (report.series.length === 0 && report.unread.length === 0) {
    return invalid({
      path: 'key',
      value: key,
      expected: 'a key (and operation) with use in the last eight weeks',
    });
  }
  return { ok: true, action: 'explain', report };
}

async function diagnoseKeys(
  { ports, settings }: Detector,
  { key }: Extract<Trigger, { action: 'diagnose' }>,
  { runId, secondsLeft }: Invocation,
): Promise<Answer> {
  const now = ports.clock.now();
  const request = readOnlyRequest([key], { runId, asOf: now, deadline: now + secondsLeft });
  const keys = await diagnose(ports, settings, request).catch(unknown);
  if (keys instanceof UnknownNameError) return invalid(unknownNameProblem(keys));
  if (keys.length === 0)
    return invalid({ path: 'key', value: key, expected: 'a key with use in the last day' });
  return { ok: true, action: 'diagnose', report: { keys } };
}

async function rank(
  { ports, settings }: Detector,
  { by, last: lastSeconds, limit, diagnose: deep }: Extract<Trigger, { action: 'top' }>,
  { runId, secondsLeft }: Invocation,
): Promise<Answer> {
  const asOf = ports.clock.now();
  const { settleSeconds, quota, origin } = settings;
  const report = await top(
    ports,
    { settleSeconds, quota, region: origin.region },
    { asOf, by, lastSeconds, limit },
  );
  if (deep === undefined) return { ok: true, action: 'top', report };
  const request = { runId, asOf, deadline: asOf + secondsLeft };
  const diagnoses = await diagnoseTop(ports, settings, report.keys, deep, request);
  return { ok: true, action: 'top', report: { ...report, diagnoses } };
}

/** A replay that is too large is the asker's to mend; anything else is a fault. */
function tooLarge(error: unknown): ReplayTooLargeError {
  if (error instanceof ReplayTooLargeError) return error;
  throw error;
}

/** And so is a name that is not there. */
function unknown(error: unknown): UnknownNameError {
  if (error instanceof UnknownNameError) return error;
  throw error;
}

const mendable = (error: unknown): ReplayTooLargeError | UnknownNameError =>
  error instanceof UnknownNameError ? error : tooLarge(error);

const beforeHistory = (at: EpochSeconds, now: EpochSeconds): Answer =>
  invalid({
    path: 'at',
    value: isoTime(at),
    expected: `a time after ${isoTime(now - KEPT_DAYS * DAY_SECONDS)}: CloudWatch keeps five-minute figures for ${KEPT_DAYS} days`,
  });

const inTheFuture = (at: EpochSeconds, now: EpochSeconds): Answer =>
  invalid({ path: 'at', value: isoTime(at), expected: `a time in the past; it is ${isoTime(now)}` });

async function obey(detector: Detector, trigger: CommandTrigger, { runId }: Invocation): Promise<Answer> {
  const outcome = await command(detector.ports, trigger, runId, detector.settings);
  return outcome.kind === 'done'
    ? { ok: true, action: trigger.action, report: outcome.report }
    : invalid(outcome.problem);
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
    notify: notify ?? !(replay || keys !== undefined || operations !== undefined),
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
