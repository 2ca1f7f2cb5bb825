import type { Random } from '../../bench/detection/world/random.ts';
import { readOperation } from '../../shared/adapters/read-operation.ts';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type {
  KeyBaselines,
  MetricDirectory,
  OpenIncidents,
  Receiver,
  SendOutcome,
} from '../../shared/app/ports.ts';
import { encodeBaseline } from '../../shared/domain/detection/codec.ts';
import type { EpochSeconds } from '../../shared/domain/usage/time.ts';
import type { FaultKind, FaultPlan } from './fault-plan.ts';

/** What a fault of a port throws, so that a bug's own error is told apart. */
export class InjectedFault extends Error {
  override name = 'InjectedFault' as const;
}

/** Ports that store, and fail as a table does. */
const TABLE = ['baselines', 'incidents', 'commands', 'notices', 'runs', 'facts'] as const;

/** Calls that are conditional writes. */
const CONDITIONAL = new Set(['put', 'save', 'remove']);

/** A version of stored baselines that no detector has written yet: the first of their bytes. */
const NEWER_VERSION = 99;

/** Calls of a run at most: a death beyond them is none. */
const CALLS_OF_A_RUN = 45;

type Call = () => Promise<unknown>;

/** The ports of one run at `now`, with what the plan does to them. */
export function faultyPorts(
  ports: DetectPorts,
  plan: FaultPlan,
  now: EpochSeconds,
  random: Random,
): DetectPorts {
  const rate = (kind: FaultKind): number => plan.rate(kind, now);
  const struck = (kind: FaultKind): boolean => random.chance(rate(kind));
  let callsLeft = struck('crashes') ? random.whole(0, CALLS_OF_A_RUN) : Infinity;
  const diesAfter = random.chance(0.5);
  let dead = false;

  /** Overlapping runs take turns in any order, and nothing of a dead one reaches the world. */
  const alive = async (call: Call): Promise<unknown> => {
    for (let turns = random.whole(0, 4); turns > 0; turns--) await Promise.resolve();
    if (dead) throw new InjectedFault('the process is dead');
    const isLast = callsLeft-- <= 0;
    if (isLast) dead = true;
    if (isLast && !diesAfter) throw new InjectedFault('the process dies before this call');
    const result = await call();
    if (isLast) throw new InjectedFault('the process dies after this call');
    return result;
  };
  const isExpired = struck('credentials');
  const stored =
    (method: string) =>
    async (call: Call): Promise<unknown> => {
      if (isExpired) throw new InjectedFault('the credentials have expired');
      if (CONDITIONAL.has(method) && struck('conflicts')) return 'conflict';
      if (!struck('table')) return garbled(method, await call(), () => struck('unreadable'), random);
      if (random.chance(0.5)) await call();
      throw new InjectedFault('the table did not answer');
    };
  const asked =
    (kind: 'listing' | 'names') =>
    async (call: Call): Promise<unknown> => {
      if (isExpired) throw new InjectedFault('the credentials have expired');
      if (!struck(kind)) return call();
      if (kind === 'names' || random.chance(0.5)) throw new InjectedFault(`${kind}: no answer`);
      const all = await call();
      return Array.isArray(all) ? all.filter(() => random.chance(0.5)) : all;
    };
  const wrap = <T extends object>(port: T, fault: (method: string) => (call: Call) => Promise<unknown>): T =>
    new Proxy(port, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          alive(() => fault(String(property))(async () => member.apply(target, args)));
      },
    });
  const plain = () => (call: Call) => call();
  const table = Object.fromEntries(TABLE.map((name) => [name, wrap(ports[name], stored)]));
  return {
    ...ports,
    ...(table as Pick<DetectPorts, (typeof TABLE)[number]>),
    metrics: wrap(ports.metrics, plain),
    metricDirectory: wrap(forgetful(ports.metricDirectory, plan, now), () => asked('listing')),
    keyLookup: wrap(ports.keyLookup, () => asked('names')),
    quotaLookup: wrap(ports.quotaLookup, () => asked('names')),
    callers: wrap(ports.callers, plain),
    receivers: ports.receivers.map((receiver) =>
      wrap(
        failing(receiver, () => struck(receiver.name === 'slack' ? 'slack' : 'sns'), random),
        plain,
      ),
    ),
  };
}

/** The list without the metrics of keys that are forgotten now. */
const forgetful = (directory: MetricDirectory, plan: FaultPlan, now: EpochSeconds): MetricDirectory => ({
  listMetrics: async (span) => {
    const all = await directory.listMetrics(span);
    if (plan.rate('forgotten', now) === 0) return all;
    return all.filter((metric) => metric.kind !== 'key' || !plan.forgets.has(metric.keyArn));
  },
});

/** What was read, of which some items are of a newer version, cut off or edited by hand. */
function garbled(method: string, read: unknown, isStruck: () => boolean, random: Random): unknown {
  if (method === 'loadAll')
    return (read as readonly KeyBaselines[]).map((key) => (isStruck() ? damaged(key, random) : key));
  if (method !== 'loadOpen') return read;
  const { open, unreadable } = read as OpenIncidents;
  const isBad = open.map(isStruck);
  const bad = open.filter((_, i) => isBad[i]).map(({ record }) => record.incident.keyArn);
  return {
    open: open.filter((_, i) => !isBad[i]),
    unreadable: [...unreadable, ...bad.map((item) => ({ item, reason: 'edited by hand' }))],
  };
}

/** A key's baselines as a store reads them whose bytes are of a newer version, or end too early. */
function damaged(key: KeyBaselines, random: Random): KeyBaselines {
  const unreadable = new Map(key.unreadable);
  const isNewer = random.chance(0.5);
  for (const [operation, { baseline, counterparts }] of key.operations) {
    const bytes = encodeBaseline(baseline);
    if (isNewer) bytes[0] = NEWER_VERSION;
    const read = readOperation(
      isNewer ? bytes : bytes.subarray(0, random.whole(1, bytes.length - 1)),
      counterparts,
    );
    if (typeof read !== 'string')
      throw new TypeError('damaged bytes of a baseline were read as if they were whole');
    unreadable.set(operation, read);
  }
  return { ...key, operations: new Map(), unreadable };
}

/** A receiver that answers without having taken the message, or takes it without an answer. */
function failing(receiver: Receiver, isDown: () => boolean, random: Random): Receiver {
  return {
    name: receiver.name,
    severities: receiver.severities,
    groups: receiver.groups,
    send: async (message, earlier): Promise<SendOutcome> => {
      if (!isDown()) return receiver.send(message, earlier);
      const way = random.pick(['retry', 'refused', 'silent']);
      if (way === 'silent') await receiver.send(message, earlier);
      return { kind: way === 'refused' ? 'refused' : 'retry', reason: 'made to fail' };
    },
  };
}
