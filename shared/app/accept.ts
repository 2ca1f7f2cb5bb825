import { type Acceptance, acceptedHour } from '../domain/detection/acceptance.ts';
import { FINAL_AFTER_SECONDS, HOUR_SECONDS, isoTime } from '../domain/usage/time.ts';
import { acknowledge, CommandConflictError } from './acknowledge.ts';
import type { DetectPorts } from './detect-request.ts';
import { keysNamed, UnknownNameError } from './known-names.ts';
import { nameOf } from './requested-names.ts';

/** Who says that the present level of which key is its new normal. */
export interface AcceptRequest {
  /** A key ARN, a key id or an alias. */
  readonly key: string;
  readonly by: string;
  readonly reason?: string;
}

/** What was accepted, and from when on it is judged by. */
export interface AcceptReport {
  readonly id: string;
  readonly key: string;
  readonly keyArn: string;
  readonly by: string;
  /** ISO 8601 UTC: the first moment that is judged by the new level. */
  readonly from: string;
  /** Open incidents of the key, which are acknowledged with it. */
  readonly incidents: readonly string[];
  readonly effect: string;
}

/** Takes the present level of a key as its new normal. It is kept for good, and every replay learns it alike. */
export async function accept(
  ports: Pick<DetectPorts, 'commands' | 'facts' | 'baselines' | 'incidents' | 'receivers' | 'clock'>,
  { key, by, reason }: AcceptRequest,
  id: string,
): Promise<AcceptReport> {
  const [named, other] = (await keysNamed(ports, 'key', key)).keys;
  if (!named || other) throw new UnknownNameError('key', key, 'one key: levels are accepted one by one');
  const { keyArn } = named;
  const at = Math.floor(ports.clock.now());
  const acceptance: Acceptance = { id, keyArn, by, ...(reason === undefined ? {} : { reason }), at };
  const written = await ports.commands.putAcceptance(acceptance);
  if (written === 'conflict') throw new CommandConflictError(`acceptance ${id}`);
  const from = (acceptedHour(at) + 1) * HOUR_SECONDS + FINAL_AFTER_SECONDS;
  return {
    id,
    key: nameOf(named),
    keyArn,
    by,
    from: isoTime(from),
    incidents: await acknowledgeOpen(ports, keyArn, by),
    effect:
      'what the key uses now counts as usual for good, and cannot be taken back; more than that is told as ever',
  };
}

async function acknowledgeOpen(
  ports: Pick<DetectPorts, 'facts' | 'incidents' | 'receivers' | 'clock'>,
  keyArn: string,
  by: string,
): Promise<string[]> {
  try {
    const { acknowledged } = await acknowledge(ports, { target: { field: 'key', value: keyArn }, by });
    return acknowledged.map(({ id }) => id);
  } catch (error) {
    if (error instanceof UnknownNameError) return [];
    throw error;
  }
}
