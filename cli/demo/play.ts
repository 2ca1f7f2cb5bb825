import type { LocalAws } from '../../infra/local/server.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { BIN_SECONDS, type EpochSeconds, isoTime } from '../../shared/domain/usage/time.ts';
import { type DetectorHandler, lambdaContext } from '../lambda.ts';

/** Seconds after the end of a bin at which the schedule runs: `cron(3/5 * * * ? *)`. */
const SCHEDULE_OFFSET_SECONDS = 180;

/** A stretch of time to be played. */
export interface Play {
  readonly aws: LocalAws;
  readonly handler: DetectorHandler;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** Sees each run right after it, with the messages it has sent already in their boxes. */
  readonly onRun: (report: RunReport) => void;
}

/** Invokes the function on its schedule, from one moment to another; returns the last report. */
export async function playSchedule({ aws, handler, from, to, onRun }: Play): Promise<RunReport | undefined> {
  let last: RunReport | undefined;
  const first = Math.ceil(from / BIN_SECONDS) * BIN_SECONDS + SCHEDULE_OFFSET_SECONDS;
  for (let at = first; at <= to; at += BIN_SECONDS) {
    aws.clock.set(at);
    const answer = await handler({ action: 'check', scheduledTime: isoTime(at) }, lambdaContext());
    last = reportOf(answer);
    onRun(last);
  }
  return last;
}

function reportOf(answer: unknown): RunReport {
  if (typeof answer === 'object' && answer !== null && 'report' in answer) return answer.report as RunReport;
  throw new TypeError(`the function answered ${JSON.stringify(answer)} to a scheduled check`);
}
