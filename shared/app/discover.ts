import { factsOf, type KeyDirectory, type KeyFacts } from '../domain/assess/key-facts.ts';
import { QUOTAS_DUE_SECONDS } from '../domain/assess/quota.ts';
import { matchesAny } from '../domain/policy.ts';
import { type KeyArn, REENCRYPT_DESTINATION, REENCRYPT_SOURCE } from '../domain/usage/key.ts';
import { type Metric, type SeriesSource, seriesOf } from '../domain/usage/metric.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest } from './detect-request.ts';
import type { Known } from './load.ts';
import { ALL_OPERATIONS, type KeyBaselines, type Log } from './ports.ts';

/** The series to check, and what is known of their keys. */
export interface Discovered {
  readonly series: readonly SeriesSource[];
  readonly directory: KeyDirectory;
  /** Keys that CloudWatch lists as in use; undefined where all metrics were listed, or none could be. */
  readonly recentlyActive: ReadonlySet<KeyArn> | undefined;
  /** Whether all metrics were listed, not only the recently active ones. */
  readonly listedAll: boolean;
  /** What could not be refreshed and is used as last read. */
  readonly stale: readonly string[];
}

/** DescribeKey requests a run makes at most; the rest follow in the next runs, and count as symmetric until then. */
const MAX_DESCRIBED_PER_RUN = 200;

/**
 * Stage 2: ListMetrics united with what is stored, because the list forgets after two weeks and shows a new metric
 * late. Names and specs are refreshed on the way, best effort: without them an alert is poorer, not missing.
 */
export async function discover(
  ports: DetectPorts,
  known: Known,
  request: DetectRequest,
): Promise<Discovered> {
  const stale: string[] = [];
  const listAll =
    request.replay || known.lastDiscovery === undefined || request.asOf - known.lastDiscovery >= HOUR_SECONDS;
  const [listed, aliases, quotas] = await Promise.all([
    ports.metricDirectory.listMetrics(listAll ? 'all' : 'recentlyActive').catch((error: unknown) => {
      if (known.baselines.size === 0) throw error;
      return staleOf(ports.log, stale, 'metrics', error, []);
    }),
    refreshAliases(ports, known.directory, request, stale),
    refreshQuotas(ports, known.directory, listAll, request, stale),
  ]);
  const series = seriesOf([...listed, ...storedMetrics(known.baselines.values())]);
  const named = quotas === known.directory.quotas ? aliases : { ...aliases, ...(quotas && { quotas }) };
  const directory = await describeKeys(ports, named, keysOf(series), request, stale);
  return {
    series: selected(series, directory, request),
    directory,
    recentlyActive:
      listAll || stale.includes('metrics') ? undefined : new Set(seriesOf(listed).map(({ id }) => id.keyArn)),
    listedAll: listAll && !stale.includes('metrics'),
    stale,
  };
}

const keysOf = (series: readonly SeriesSource[]): Set<KeyArn> => new Set(series.map(({ id }) => id.keyArn));

function selected(
  series: readonly SeriesSource[],
  directory: KeyDirectory,
  request: DetectRequest,
): SeriesSource[] {
  const { keys, operations } = request;
  return series.filter(({ id }) => {
    const wanted =
      !operations ||
      operations.includes(id.operation.replace(/:.*/, '')) ||
      operations.includes(id.operation);
    return wanted && (!keys || matchesAny(keys, factsOf(directory, id.keyArn)));
  });
}

function* storedMetrics(baselines: Iterable<KeyBaselines>): Generator<Metric> {
  for (const { keyArn, operations, unreadable } of baselines) {
    for (const [operation, { counterparts }] of operations) {
      if (operation === REENCRYPT_SOURCE) {
        yield* counterparts.map(
          (destination): Metric => ({ kind: 'reEncrypt', source: keyArn, destination }),
        );
      } else if (operation === REENCRYPT_DESTINATION) {
        yield* counterparts.map((source): Metric => ({ kind: 'reEncrypt', source, destination: keyArn }));
      } else yield { kind: 'key', keyArn, operation };
    }
    for (const operation of unreadable.keys()) {
      const isOne = operation !== ALL_OPERATIONS && !operation.startsWith('ReEncrypt:');
      if (isOne) yield { kind: 'key', keyArn, operation };
    }
  }
}

async function refreshAliases(
  ports: DetectPorts,
  directory: KeyDirectory,
  request: DetectRequest,
  stale: string[],
): Promise<KeyDirectory> {
  const { aliasesReadAt } = directory;
  if (aliasesReadAt !== undefined && request.asOf - aliasesReadAt < HOUR_SECONDS) return directory;
  const aliases = await ports.keyLookup
    .listAliases()
    .catch((error: unknown) => staleOf(ports.log, stale, 'aliases', error, undefined));
  if (!aliases) return directory;
  const taken = new Set([...aliases.values()].flat());
  const keys = new Map(
    [...directory.keys].map(([keyArn, facts]) => [keyArn, withoutAliases(facts, taken)] as const),
  );
  for (const [keyArn, names] of aliases) keys.set(keyArn, { ...factsOf({ keys }, keyArn), aliases: names });
  return { ...directory, keys, aliasesReadAt: request.asOf };
}

/** Once a day. While it fails it is tried once an hour, with the list of all metrics, and counts as stale meanwhile. */
async function refreshQuotas(
  { quotaLookup, log }: DetectPorts,
  { quotas }: KeyDirectory,
  mayTry: boolean,
  { asOf }: DetectRequest,
  stale: string[],
): Promise<KeyDirectory['quotas']> {
  if (quotas !== undefined && asOf - quotas.readAt < QUOTAS_DUE_SECONDS) return quotas;
  if (!mayTry) {
    stale.push('quotas');
    return quotas;
  }
  try {
    return { readAt: asOf, perSecond: await quotaLookup.readQuotas() };
  } catch (error) {
    return staleOf(log, stale, 'quotas', error, quotas);
  }
}

/** Former aliases kept of a key: the newest ones. */
const MAX_FORMER = 3;

/** The facts before the aliases are read anew: what the key was called is kept, unless another key is called so now. */
function withoutAliases(facts: KeyFacts, taken: ReadonlySet<string>): KeyFacts {
  const { formerAliases = [], ...rest } = facts;
  const names = [...new Set([...facts.aliases, ...formerAliases])].filter((name) => !taken.has(name));
  return {
    ...rest,
    aliases: [],
    ...(names.length > 0 ? { formerAliases: names.slice(0, MAX_FORMER) } : {}),
  };
}

async function describeKeys(
  ports: DetectPorts,
  directory: KeyDirectory,
  inUse: ReadonlySet<KeyArn>,
  { asOf }: DetectRequest,
  stale: string[],
): Promise<KeyDirectory> {
  const unseen = [...inUse].filter((keyArn) => {
    const { spec, refusedAt } = factsOf(directory, keyArn);
    return spec === undefined && (refusedAt === undefined || asOf - refusedAt >= DAY_SECONDS);
  });
  const answers = await Promise.all(
    unseen.slice(0, MAX_DESCRIBED_PER_RUN).map(async (keyArn): Promise<KeyFacts | undefined> => {
      const known = factsOf(directory, keyArn);
      try {
        return { ...known, ...((await ports.keyLookup.describeKey(keyArn)) ?? { refusedAt: asOf }) };
      } catch (error) {
        return staleOf(ports.log, stale, 'specs', error, undefined);
      }
    }),
  );
  const described = answers.filter((answer) => answer !== undefined);
  if (described.length === 0) return directory;
  return {
    ...directory,
    keys: new Map([...directory.keys, ...described.map((facts) => [facts.keyArn, facts] as const)]),
  };
}

function staleOf<T>(log: Log, stale: string[], what: string, error: unknown, fallback: T): T {
  if (!stale.includes(what)) {
    stale.push(what);
    log.warn(`${what} could not be refreshed; using what was read last`, { error });
  }
  return fallback;
}
