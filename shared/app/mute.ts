import type { Mute } from '../domain/incident/mute.ts';
import { REGION_PATTERN } from '../domain/policy.ts';
import { type ReportedMute, reportMute } from '../domain/run-report.ts';
import { isRegionSubject } from '../domain/usage/key.ts';
import type { EpochSeconds } from '../domain/usage/time.ts';
import { CommandConflictError } from './acknowledge.ts';
import type { DetectPorts } from './detect-request.ts';
import { keysNamed, unknownName } from './known-names.ts';
import { nameOf } from './requested-names.ts';

/** Keys named as examples of what a pattern mutes. */
const MAX_NAMED = 10;

const EFFECT = 'recorded as ever, told to nobody; what still goes on then is told when the mute ends';

/** Who does not want to hear of what, until when and why. */
export interface MuteRequest {
  /** A key ARN, a key id, an alias with or without `alias/`, an alias pattern, `*`, or the Region's quotas: `region`, `REGION#eu-central-1`. */
  readonly key: string;
  readonly until: EpochSeconds;
  /** Where a day was named: which one that is, `Friday, 2026-11-27, Europe/Berlin time`. */
  readonly day?: string;
  readonly reason: string;
  readonly by: string;
}

/** The mute that holds now, and what it holds for. */
export interface MuteReport {
  readonly mute: ReportedMute;
  /** Known keys, or the Region's quotas, that it matches now: how many, and at most ten names. */
  readonly matches: { readonly count: number; readonly examples: readonly string[] };
  readonly effect: string;
}

/** Keeps what happens to some keys from people for a while. Nothing else changes: everything is judged and recorded. */
export async function mute(
  { commands, facts, baselines, clock }: Pick<DetectPorts, 'commands' | 'facts' | 'baselines' | 'clock'>,
  { key, until, day, reason, by }: MuteRequest,
  id: string,
): Promise<MuteReport> {
  const isRegion = key === REGION_PATTERN || isRegionSubject(key);
  const { pattern, names } = isRegion
    ? { pattern: key, names: ["the Region's KMS quotas"] }
    : await mutedKeys({ facts, baselines }, key);
  const made: Mute = { id, keys: [pattern], until, reason, by, createdAt: Math.floor(clock.now()) };
  if ((await commands.putMute(made)) === 'conflict') throw new CommandConflictError(`mute ${id}`);
  return {
    mute: reportMute(made),
    matches: { count: names.length, examples: names.slice(0, MAX_NAMED) },
    effect: `${day === undefined ? '' : `muted to the end of ${day}; `}${EFFECT}`,
  };
}

async function mutedKeys(ports: Pick<DetectPorts, 'facts' | 'baselines'>, key: string) {
  const { pattern, keys } = await keysNamed(ports, 'key', key);
  return { pattern, names: keys.map(nameOf) };
}

/** Ends a mute early. */
export async function unmute(
  { commands, clock }: Pick<DetectPorts, 'commands' | 'clock'>,
  { mute: id, by }: { readonly mute: string; readonly by: string },
): Promise<{ readonly ended: ReportedMute; readonly effect: string }> {
  const now = Math.floor(clock.now());
  const { mutes } = await commands.load(now);
  const held = mutes.find((one) => one.id === id);
  const known = mutes.map((one) => one.id);
  if (!held) throw unknownName('mute', id, known, 'the id of a mute that holds');
  if ((await commands.endMute(id, by, now)) === 'conflict')
    throw unknownName('mute', id, [], 'a mute that nobody has ended meanwhile');
  return { ended: reportMute(held), effect: 'what still goes on is told by the next check' };
}
