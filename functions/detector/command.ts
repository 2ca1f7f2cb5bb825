import { type AcceptReport, accept } from '../../shared/app/accept.ts';
import { type AckReport, acknowledge } from '../../shared/app/acknowledge.ts';
import type { DetectPorts, DetectSettings } from '../../shared/app/detect-request.ts';
import { UnknownNameError } from '../../shared/app/known-names.ts';
import { type MuteReport, mute, unmute } from '../../shared/app/mute.ts';
import { type DayName, namedDay } from '../../shared/domain/calendar.ts';
import {
  isRegionSubject,
  type KeyArn,
  regionSubject,
  targetOfSubject,
} from '../../shared/domain/usage/key.ts';
import { type EpochSeconds, isoTime } from '../../shared/domain/usage/time.ts';
import type { Problem } from '../../shared/problem.ts';
import { MAX_MUTE_SECONDS, type Trigger } from './trigger.ts';

/** What people tell the detector. */
export type CommandTrigger = Extract<Trigger, { action: 'ack' | 'mute' | 'unmute' | 'accept' }>;

/** What came of a command. */
export type CommandReport = AckReport | MuteReport | AcceptReport | Awaited<ReturnType<typeof unmute>>;

/** Letters of a random run id that name what it made: 48 bits, short enough to paste. */
const ID_LENGTH = 12;

/** What is watched, from where, and whose days are meant. */
type CommandSettings = Pick<DetectSettings, 'origin' | 'watched'>;

/** Whether the quotas of this name are of an account and Region that is watched. */
function isWatched(subject: string, { origin, watched }: CommandSettings): boolean {
  const { region, account } = targetOfSubject(subject as KeyArn);
  const regions = watched?.regions ?? [origin.region];
  return regions.includes(region) && (account === undefined || watched?.linkedAccounts === true);
}

/** Carries out a command. It waits for no lease: its writes are conditional. */
export async function command(
  ports: DetectPorts,
  trigger: CommandTrigger,
  runId: string,
  settings: CommandSettings,
): Promise<
  | { readonly kind: 'done'; readonly report: CommandReport }
  | { readonly kind: 'invalid'; readonly problem: Problem }
> {
  try {
    const done = await carryOut(ports, trigger, runId.replaceAll('-', '').slice(0, ID_LENGTH), settings);
    return 'problem' in done
      ? { kind: 'invalid', problem: done.problem }
      : { kind: 'done', report: done.report };
  } catch (error) {
    if (!(error instanceof UnknownNameError)) throw error;
    return { kind: 'invalid', problem: unknownNameProblem(error) };
  }
}

/** A name that is not there, as an answer tells it. */
export const unknownNameProblem = ({ field, value, expected }: UnknownNameError): Problem => ({
  path: field,
  value,
  expected,
});

async function carryOut(
  ports: DetectPorts,
  trigger: CommandTrigger,
  id: string,
  settings: CommandSettings,
): Promise<{ readonly report: CommandReport } | { readonly problem: Problem }> {
  const { by } = trigger;
  switch (trigger.action) {
    case 'ack': {
      const { incident, key = '' } = trigger;
      const target =
        incident === undefined
          ? ({ field: 'key', value: key } as const)
          : ({ field: 'incident', value: incident } as const);
      return { report: await acknowledge(ports, { target, by }) };
    }
    case 'mute': {
      const now = Math.floor(ports.clock.now());
      const { until: asked, key, reason } = trigger;
      if (isRegionSubject(key) && !isWatched(key, settings)) {
        const names = (settings.watched?.regions ?? [settings.origin.region]).map((name) =>
          regionSubject(name),
        );
        return { problem: { path: 'key', value: key, expected: `${names.join(', ')}, or region` } };
      }
      const { until, day } = endOf(asked, now, settings.origin.timeZone);
      if (until <= now || until > now + MAX_MUTE_SECONDS) {
        const expected = `a time after ${isoTime(now)} and at most 90 days later`;
        return { problem: { path: 'until', value: isoTime(until), expected } };
      }
      const request = { key, until, reason, by, ...(day === undefined ? {} : { day }) };
      return { report: await mute(ports, request, id) };
    }
    case 'unmute':
      return { report: await unmute(ports, trigger) };
    case 'accept': {
      const { key, reason } = trigger;
      return { report: await accept(ports, { key, by, ...(reason === undefined ? {} : { reason }) }, id) };
    }
    default:
      return trigger satisfies never;
  }
}

type Asked = Extract<CommandTrigger, { action: 'mute' }>['until'];

/** When a mute ends, and the day that somebody named: it is muted to the end of that day. */
function endOf(
  asked: Asked,
  now: EpochSeconds,
  timeZone: string,
): { readonly until: EpochSeconds; readonly day?: string } {
  if ('at' in asked) return { until: asked.at };
  if ('seconds' in asked) return { until: now + asked.seconds };
  const { endsAt, date } = namedDay(asked.day, now, timeZone);
  return { until: endsAt, day: `${capital(asked.day)}, ${date}, ${timeZone} time` };
}

const capital = (name: DayName): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
