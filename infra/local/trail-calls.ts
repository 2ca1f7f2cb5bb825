import { BIN_SECONDS } from './counter-metric.ts';
import { seedOf, uniform } from './random.ts';
import { arnParts, type World, type WorldSeries } from './world.ts';
import { usualCallers, type WorldCaller, type WorldCallerShare } from './world-callers.ts';

/** One call to KMS, as CloudTrail has seen it. */
export interface TrailCall {
  readonly id: string;
  /** A whole second. */
  readonly at: number;
  readonly operation: string;
  readonly keyArns: readonly string[];
  readonly caller: WorldCaller;
  readonly callerAccountId: string;
  /** Undefined for a call that succeeded. */
  readonly errorCode?: string;
}

/** A stretch of time, both ends included. */
export interface TrailSpan {
  readonly from: number;
  readonly through: number;
}

/** The keys of a series: two in the case of ReEncrypt. */
export const keyArnsOf = ({ dimensions }: WorldSeries): string[] =>
  dimensions.flatMap(({ Name, Value }) => (Name.endsWith('KeyArn') ? [Value] : []));

/**
 * The calls that a series counts, newest first, each made up as it is asked for: the requests of a bin are spread
 * evenly over it.
 */
export function* callsOf(world: World, index: number, span: TrailSpan): Generator<TrailCall> {
  const series = world.series[index];
  if (!series) return;
  const oldest = Math.max(series.counter.firstBin, Math.floor(span.from / BIN_SECONDS));
  for (let bin = Math.floor(span.through / BIN_SECONDS); bin >= oldest; bin--) {
    const requests = series.counter.requests(bin);
    if (!(requests > 0)) continue;
    for (let n = lastUpTo(span.through, bin, requests); n >= 0; n--) {
      if (timeOf(bin, n, requests) < span.from) return;
      yield callAt(world, index, bin, n, requests);
    }
  }
}

/** The call with this id, if its series counts it. */
export function findCall(world: World, id: string): TrailCall | undefined {
  const parts = /^([0-9a-f]{8})-([0-9a-f]{4})-4000-a000-([0-9a-f]{12})$/.exec(id);
  const [bin, index, n] = (parts ?? []).slice(1).map((part) => Number.parseInt(part, 16));
  if (bin === undefined || index === undefined || n === undefined) return undefined;
  const requests = world.series[index]?.counter.requests(bin) ?? 0;
  return n < requests ? callAt(world, index, bin, n, requests) : undefined;
}

/** Several lists of calls as one, newest first. */
export function* mergeCalls(lists: readonly Iterator<TrailCall>[]): Generator<TrailCall> {
  const heads = lists.flatMap((list) => headOf(list));
  for (;;) {
    let newest: Head | undefined;
    for (const head of heads) if (!newest || head.call.at > newest.call.at) newest = head;
    if (!newest) return;
    yield newest.call;
    const next = newest.list.next();
    if (next.done) heads.splice(heads.indexOf(newest), 1);
    else newest.call = next.value;
  }
}

interface Head {
  readonly list: Iterator<TrailCall>;
  call: TrailCall;
}

function headOf(list: Iterator<TrailCall>): Head[] {
  const first = list.next();
  return first.done ? [] : [{ list, call: first.value }];
}

const timeOf = (bin: number, n: number, requests: number): number =>
  bin * BIN_SECONDS + Math.floor(((n + 0.5) * BIN_SECONDS) / requests);

/** The last call of a bin that is not after `through`; -1 if all are. */
function lastUpTo(through: number, bin: number, requests: number): number {
  const seconds = through + 1 - bin * BIN_SECONDS;
  return Math.min(requests, Math.ceil((seconds * requests) / BIN_SECONDS - 0.5)) - 1;
}

function callAt(world: World, index: number, bin: number, n: number, requests: number): TrailCall {
  const series = world.series[index];
  if (!series) throw new RangeError(`No series ${index} in this world.`);
  const keyArns = keyArnsOf(series);
  const shares = series.callers?.(bin) ?? usualCallersOf(world, keyArns[0] ?? '');
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return {
    id: `${hex(bin, 8)}-${hex(index, 4)}-4000-a000-${hex(n, 12)}`,
    at: timeOf(bin, n, requests),
    operation: series.dimensions.find(({ Name }) => Name === 'Operation')?.Value ?? '',
    keyArns,
    caller: pick(shares, uniform(seedOf(`caller ${bin}`, series.counter.seed), n)),
    callerAccountId: series.callerAccountId,
  };
}

function usualCallersOf(world: World, keyArn: string): readonly WorldCallerShare[] {
  const alias = world.keys.find(({ arn }) => arn === keyArn)?.aliases[0];
  return usualCallers(alias?.replace(/^alias\//, ''), world.accountId, arnParts(keyArn).region);
}

function pick(shares: readonly WorldCallerShare[], lot: number): WorldCaller {
  let rest = lot;
  for (const { caller, share } of shares) {
    if (rest < share) return caller;
    rest -= share;
  }
  return shares.at(-1)?.caller ?? { role: 'app' };
}
