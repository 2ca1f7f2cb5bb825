import { type KeyNames, matchesAny } from '../policy.ts';
import type { EpochSeconds } from '../usage/time.ts';

/** Somebody does not want to hear of these keys for a while. They are judged and recorded as ever. */
export interface Mute {
  readonly id: string;
  /** Key ARNs, ids, aliases, alias patterns, `*`, `region`. */
  readonly keys: readonly string[];
  /** From this instant on they are heard again. */
  readonly until: EpochSeconds;
  readonly reason: string;
  readonly by: string;
  readonly createdAt: EpochSeconds;
}

/** Whether a mute holds at this instant. */
export const isActive = ({ createdAt, until }: Mute, asOf: EpochSeconds): boolean =>
  createdAt <= asOf && asOf < until;

/** Whether nobody is to hear of the key at this instant. */
export const isMuted = (mutes: readonly Mute[], key: KeyNames, asOf: EpochSeconds): boolean =>
  mutes.some((mute) => isActive(mute, asOf) && matchesAny(mute.keys, key));
