import { groupBy } from '../group-by.ts';
import type { Caller, CallerSample, Purpose } from './callers.ts';
import { bounded, isUse, type KeyEvent } from './key-event.ts';
import { type Principal, principalOf } from './principal.ts';
import { type PurposeOfCall, purposesOf } from './purpose.ts';
import { countEach, largest, sampledShare } from './share.ts';

/** Callers, purposes, operations and error codes that a sample names. */
export const MAX_LISTED = 5;

const MAX_SOURCE = 64;
const MAX_USER_AGENT = 160;
const MAX_CODE = 64;

/** Values of an application's context from which on it is a serial number rather than a purpose. */
const MANY_VALUES = 10;

/**
 * What a key's events tell of its callers; undefined if none of them is a use of the key. Events that come twice
 * count once; so do sessions of one role.
 */
export function sampleOf(events: readonly KeyEvent[]): CallerSample | undefined {
  const uses = [...new Map(events.filter(isUse).map((event) => [event.id, event])).values()];
  if (uses.length === 0) return undefined;
  const successful = uses.filter(({ errorCode }) => errorCode === undefined);
  const refused = uses.flatMap(({ errorCode }) => (errorCode === undefined ? [] : [errorCode]));
  const times = uses.map(({ at }) => at);
  return {
    events: successful.length,
    from: Math.min(...times),
    to: Math.max(...times),
    callers: callersOf(successful),
    purposes: purposesOfAll(successful),
    operations: counted(successful.map(({ operation }) => operation)),
    refused: counted(refused.map((code) => bounded(code, MAX_CODE))),
  };
}

/** Names come from outside: `fromEntries` makes a property of its own even of `__proto__`. */
const counted = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(largest(countEach(names), MAX_LISTED));

/** A role that calls by itself and through a service is two callers: the two are ended in different ways. */
function callersOf(events: readonly KeyEvent[]): Caller[] {
  const calls = events.map((event) => ({ event, principal: principalOf(event) }));
  return [...groupBy(calls, ({ principal }) => JSON.stringify(principal)).values()]
    .map((group) => callerOf(group, events.length))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_LISTED);
}

function callerOf(
  calls: readonly { readonly event: KeyEvent; readonly principal: Principal }[],
  of: number,
): Caller {
  const source = mostSeen(calls.map(({ event }) => event.source));
  const userAgent = mostSeen(calls.map(({ event }) => event.userAgent));
  return {
    name: 'unknown',
    ...calls[0]?.principal,
    ...sampledShare(calls.length, of),
    ...(source ? { source: bounded(source, MAX_SOURCE) } : {}),
    ...(userAgent ? { userAgent: bounded(userAgent, MAX_USER_AGENT) } : {}),
  };
}

const mostSeen = (texts: readonly (string | undefined)[]): string | undefined =>
  largest(countEach(texts.filter((text) => text !== undefined)), 1)[0]?.[0];

function purposesOfAll(events: readonly KeyEvent[]): Purpose[] {
  const byContext = groupBy(events.flatMap(purposesOf), ({ context }) => context);
  return [...byContext.values()]
    .flatMap((calls) => purposesOfContext(calls, events.length))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_LISTED);
}

/**
 * The purposes that share one context. An application that writes an order's number into its context has a new
 * value for each call: these are told as one.
 */
function purposesOfContext(calls: readonly PurposeOfCall[], of: number): Purpose[] {
  const [first] = calls;
  if (!first) return [];
  const { context, isKnown } = first;
  const byValue = groupBy(calls, ({ value }) => value);
  const most = Math.max(...[...byValue.values()].map(({ length }) => length));
  if (!isKnown && byValue.size > MANY_VALUES && most * MANY_VALUES < calls.length) {
    const distinct = byValue.size;
    return [
      { context, value: `(${distinct} different values)`, distinct, ...sampledShare(calls.length, of) },
    ];
  }
  return [...groupBy(calls, (call) => `${detailOf(call)} ${call.value}`).values()].map((same) => {
    const value = same[0]?.value ?? '';
    const detail = same[0] && detailOf(same[0]);
    const distinct = new Set(same.map(({ whole }) => whole));
    return {
      context,
      value,
      ...(detail ? { detail } : {}),
      ...(same.some(({ whole }) => whole !== value) ? { distinct: distinct.size } : {}),
      ...sampledShare(same.length, of),
    };
  });
}

/** What S3 named: with a Bucket Key the bucket, without one each object. */
const detailOf = ({ context, value, whole }: PurposeOfCall): Purpose['detail'] =>
  context === 'aws:s3:arn' ? (whole === value ? 'bucket' : 'object') : undefined;
