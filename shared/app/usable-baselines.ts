import type { Operation } from '../domain/usage/key.ts';
import { DAY_SECONDS, type EpochSeconds, HOUR_SECONDS, isoTime } from '../domain/usage/time.ts';
import type { KeyBaselines, OperationBaseline } from './ports.ts';
import { KEEP_DAYS } from './save-baselines.ts';

/**
 * A key without the baselines that no run at `asOf` can go on with. One that has learned what is still to come would
 * keep its key unjudged until then: it is unreadable, and told. One that is older than baselines are kept would cost
 * the run the time to learn through years: its series is learned anew from history, like a new one.
 */
export function usableBaselines(key: KeyBaselines, asOf: EpochSeconds): KeyBaselines {
  const newest = Math.floor(asOf / HOUR_SECONDS) + 1;
  const oldest = Math.floor((asOf - KEEP_DAYS * DAY_SECONDS) / HOUR_SECONDS);
  const isUsable = ({ baseline }: OperationBaseline) =>
    baseline.learnedThrough >= oldest && baseline.learnedThrough <= newest;
  const stored = [...key.operations];
  if (stored.every(([, one]) => isUsable(one))) return key;
  const ahead = stored.filter(([, { baseline }]) => baseline.learnedThrough > newest);
  const reasons = ahead.map(([operation, { baseline }]): [Operation, string] => [
    operation,
    `it has learned up to ${timeOf(baseline.learnedThrough)}, which is still to come: delete the item, and its series are learned anew`,
  ]);
  return {
    ...key,
    operations: new Map(stored.filter(([, one]) => isUsable(one))),
    unreadable: new Map([...key.unreadable, ...reasons]),
  };
}

/** Beyond the year 275,760 there is no date: an hour's number is all there is to say. */
const timeOf = (hour: number): string =>
  hour * HOUR_SECONDS <= 8.64e12 ? isoTime(hour * HOUR_SECONDS) : `hour ${hour}`;
