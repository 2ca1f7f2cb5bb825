import { factsOf, type KeyDirectory, type KeyFacts } from '../domain/assess/key-facts.ts';
import { type AppliedQuotas, QUOTAS_DUE_SECONDS } from '../domain/assess/quota.ts';
import {
  type KeyArn,
  keyArnParts,
  REENCRYPT_DESTINATION,
  REENCRYPT_SOURCE,
  type Target,
  targetName,
} from '../domain/usage/key.ts';
import {
  distinctTargets,
  type Metric,
  metricRegion,
  type SeriesSource,
  seriesOf,
  targetsByKey,
} from '../domain/usage/metric.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../domain/usage/time.ts';
import type { DetectPorts, DetectRequest, DetectSettings, Watched } from './detect-request.ts';
import type { Known } from './load.ts';
import { ALL_OPERATIONS, type KeyBaselines, type Log } from './ports.ts';
import { chooseSeries } from './requested-names.ts';

/** The series to check, and what is known of their keys. */
export interface Discovered {
  readonly series: readonly SeriesSource[];
  /** All that are known, of which the request has named those. */
  readonly known: readonly SeriesSource[];
  /** Where each key is counted. */
  readonly targets: ReadonlyMap<KeyArn, Target>;
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
 *
 * @param settings with them, what is no longer watched is left out and the quotas of all targets are refreshed
 */
export async function discover(
  ports: DetectPorts,
  known: Known,
  request: DetectRequest,
  settings?: Pick<DetectSettings, 'origin' | 'watched'>,
): Promise<Discovered> {
  const homeRegion = settings?.origin.region;
  const stale: string[] = [];
  let isPartial = false;
  const listAll =
    request.replay || known.lastDiscovery === undefined || request.asOf - known.lastDiscovery >= HOUR_SECONDS;
  const listing = ports.metricDirectory
    .listMetrics(listAll ? 'all' : 'recentlyActive', (target, error) => {
      isPartial = true;
      staleOf(ports.log, stale, `metrics of ${targetName(target)}`, error, undefined);
    })
    .catch((error: unknown) => {
      if (known.baselines.size === 0) throw error;
      isPartial = true;
      return staleOf(ports.log, stale, 'metrics', error, []);
    });
  const stored = [...storedMetrics(known.baselines.values())].filter((metric) =>
    isWatched(metric, settings?.watched),
  );
  const ownQuotas = refreshQuotas(ports, undefined, known.directory.quotas, listAll, request, stale);
  const listed = await listing;
  const series = seriesOf([...listed, ...stored]);
  const targets = targetsByKey(series);
  const linked = new Set(distinctTargets(targets.values()).flatMap(({ account }) => account ?? []));
  const [aliases, quotas, otherQuotas] = await Promise.all([
    refreshAliases(ports, known.directory, targets, request, stale),
    ownQuotas,
    refreshOtherQuotas(ports, known.directory, targets, homeRegion, listAll, request, stale),
  ]);
  const named = {
    ...aliases,
    ...(quotas && { quotas }),
    ...(otherQuotas && otherQuotas.size > 0 && { otherQuotas }),
  };
  const isChanged = quotas !== known.directory.quotas || otherQuotas !== known.directory.otherQuotas;
  const directory = await describeKeys(ports, isChanged ? named : aliases, linked, targets, request, stale);
  return {
    series: request.keys || request.operations ? chooseSeries(series, directory, request) : series,
    known: series,
    targets,
    directory,
    recentlyActive: listAll || isPartial ? undefined : new Set(seriesOf(listed).map(({ id }) => id.keyArn)),
    listedAll: listAll && !isPartial,
    stale,
  };
}

/** Whether a metric that was watched once still is. */
const isWatched = (metric: Metric, watched: Watched | undefined): boolean =>
  watched === undefined ||
  (watched.regions.includes(metricRegion(metric) ?? '') &&
    (watched.linkedAccounts || metric.account === undefined));

function* storedMetrics(baselines: Iterable<KeyBaselines>): Generator<Metric> {
  for (const { keyArn, operations, unreadable } of baselines) {
    for (const [operation, { counterparts, accounts = [''] }] of operations) {
      for (const name of accounts) {
        const account = name === '' ? {} : { account: name };
        if (operation === REENCRYPT_SOURCE) {
          yield* counterparts.map(
            (destination): Metric => ({ kind: 'reEncrypt', source: keyArn, destination, ...account }),
          );
        } else if (operation === REENCRYPT_DESTINATION) {
          yield* counterparts.map(
            (source): Metric => ({ kind: 'reEncrypt', source, destination: keyArn, ...account }),
          );
        } else yield { kind: 'key', keyArn, operation, ...account };
      }
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
  targets: ReadonlyMap<KeyArn, Target>,
  request: DetectRequest,
  stale: string[],
): Promise<KeyDirectory> {
  const { aliasesReadAt } = directory;
  if (aliasesReadAt !== undefined && request.asOf - aliasesReadAt < HOUR_SECONDS) return directory;
  const unread = new Set<string>();
  const others = distinctTargets(targets.values()).filter(({ account }) => account !== undefined);
  const aliases = await ports.keyLookup
    .listAliases(others, (target, error) => {
      unread.add(targetName(target));
      staleOf(ports.log, stale, `aliases of ${targetName(target)}`, error, undefined);
    })
    .catch((error: unknown) => staleOf(ports.log, stale, 'aliases', error, undefined));
  if (!aliases) return directory;
  const isUnread = (keyArn: KeyArn) => {
    const { region, accountId } = keyArnParts(keyArn);
    return unread.has(region) || unread.has(targetName({ region, account: accountId }));
  };
  const taken = new Set([...aliases.values()].flat());
  const keys = new Map(
    [...directory.keys].map(
      ([keyArn, facts]) => [keyArn, isUnread(keyArn) ? facts : withoutAliases(facts, taken)] as const,
    ),
  );
  for (const [keyArn, names] of aliases) keys.set(keyArn, { ...factsOf({ keys }, keyArn), aliases: names });
  return { ...directory, keys, aliasesReadAt: request.asOf };
}

/** Once a day. While it fails it is tried once an hour, with the list of all metrics, and counts as stale meanwhile. */
async function refreshQuotas(
  { quotaLookup, log }: DetectPorts,
  target: Target | undefined,
  quotas: AppliedQuotas | undefined,
  mayTry: boolean,
  { asOf }: DetectRequest,
  stale: string[],
): Promise<AppliedQuotas | undefined> {
  const what = target ? `quotas of ${targetName(target)}` : 'quotas';
  if (quotas !== undefined && asOf - quotas.readAt < QUOTAS_DUE_SECONDS) return quotas;
  if (!mayTry) {
    stale.push(what);
    return quotas;
  }
  try {
    const perSecond = await quotaLookup.readQuotas(target);
    return perSecond && { readAt: asOf, perSecond };
  } catch (error) {
    return staleOf(log, stale, what, error, quotas);
  }
}

/**
 * The quotas of all targets but the detector's own. One without a copy is asked with the hourly list only, and is not
 * stale meanwhile: it may be an account in which the detector may not look.
 */
async function refreshOtherQuotas(
  ports: DetectPorts,
  { otherQuotas }: KeyDirectory,
  targets: ReadonlyMap<KeyArn, Target>,
  homeRegion: string | undefined,
  mayTry: boolean,
  request: DetectRequest,
  stale: string[],
): Promise<KeyDirectory['otherQuotas']> {
  if (homeRegion === undefined) return otherQuotas;
  const others = distinctTargets(targets.values()).filter((target) => targetName(target) !== homeRegion);
  const due = others.filter((target) => {
    const readAt = otherQuotas?.get(targetName(target))?.readAt;
    return readAt === undefined ? mayTry : request.asOf - readAt >= QUOTAS_DUE_SECONDS;
  });
  if (due.length === 0) return otherQuotas;
  const read = await Promise.all(
    due.map(async (target) => {
      const name = targetName(target);
      return [
        name,
        await refreshQuotas(ports, target, otherQuotas?.get(name), mayTry, request, stale),
      ] as const;
    }),
  );
  const told = read.flatMap(([name, quotas]) => (quotas ? [[name, quotas] as const] : []));
  return new Map([...(otherQuotas ?? []), ...told]);
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
  linked: ReadonlySet<string>,
  inUse: ReadonlyMap<KeyArn, Target>,
  { asOf }: DetectRequest,
  stale: string[],
): Promise<KeyDirectory> {
  const unseen = [...inUse.keys()].filter((keyArn) => {
    const { spec, refusedAt } = factsOf(directory, keyArn);
    return spec === undefined && (refusedAt === undefined || asOf - refusedAt >= DAY_SECONDS);
  });
  const answers = await Promise.all(
    unseen.slice(0, MAX_DESCRIBED_PER_RUN).map(async (keyArn): Promise<KeyFacts | undefined> => {
      const known = factsOf(directory, keyArn);
      const { accountId } = keyArnParts(keyArn);
      const account = linked.has(accountId) ? accountId : undefined;
      try {
        return { ...known, ...((await ports.keyLookup.describeKey(keyArn, account)) ?? { refusedAt: asOf }) };
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
