import { isUnknown } from '../domain/usage/series.ts';
import { spreadOf } from '../domain/usage/spread.ts';
import { BINS_PER_HOUR, binAt, type EpochSeconds, storedThrough } from '../domain/usage/time.ts';
import type { JudgedKey } from './judge-keys.ts';
import { isUnread } from './key-context.ts';

/** Hours that a silent key's baseline may lag: it is saved once a day, because a DynamoDB write costs and a datapoint does not. */
const SILENT_LAG_HOURS = 24;

/**
 * Whether the key's baselines are to be written in this run: once an hour while it is used, spread over the hour by
 * key so that a thousand keys do not all write in the same run, and once a day while it is silent. While one of its
 * series cannot be read, none of them learns: what is learned is not judged again, and the key is judged as a whole.
 */
export function isBaselineDue(key: JudgedKey, asOf: EpochSeconds): boolean {
  const stored = [...(key.baselines?.operations.values() ?? [])];
  if (stored.length === 0 || isUnread(key)) return false;
  const lag = storedThrough(asOf) - Math.min(...stored.map(({ baseline }) => baseline.learnedThrough));
  if (lag < 1) return false;
  if (!isActive(key)) return lag >= SILENT_LAG_HOURS;
  return lag >= 2 || binAt(asOf) % BINS_PER_HOUR >= spreadOf(key.keyArn, BINS_PER_HOUR);
}

const isActive = ({ series }: JudgedKey): boolean =>
  series.some(({ usage }) => usage.requests.some((requests) => !isUnknown(requests) && requests > 0));
