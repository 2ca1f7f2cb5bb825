import { CALL_COUNT_RESOURCES, type QuotaGroup } from '../../domain/assess/quota.ts';
import { type KeyArn, keyArnParts } from '../../domain/usage/key.ts';
import { type Metric, metricName } from '../../domain/usage/metric.ts';
import { DAY_SECONDS, type EpochSeconds, HOUR_SECONDS } from '../../domain/usage/time.ts';
import type { MetricUse, QueryOutcome } from '../ports.ts';
import type {
  AccountProbe,
  ListedUse,
  ListedUses,
  MinuteRead,
  Minutes,
  Probed,
  TrailUse,
} from './account-probe.ts';

/** What the questions are asked through. */
export interface LookPorts {
  readonly probe: AccountProbe;
  /** Waits; by the clock of the run. */
  readonly sleep: (seconds: number) => Promise<void>;
  readonly now: () => EpochSeconds;
}

/** What the questions go by. */
export interface LookSettings {
  readonly region: string;
  /** Seconds after its end from which the detector judges a bin. */
  readonly settleSeconds: number;
  /** Seconds to watch whether datapoints still change; 0: not at all. */
  readonly watchSeconds: number;
}

/** A metric and its minutes. */
export interface ReadUse {
  readonly metric: Metric;
  readonly keyArn: KeyArn;
  readonly minutes: Minutes;
  readonly requests: number;
  /** Datapoints with requests in 9 of 10 minutes of the hour up to the newest one: its silence means something. */
  readonly isBusy: boolean;
}

/** Metrics that are read: one request to CloudWatch, $0.001. */
const MAX_READ = 100;
/** How far back minutes are read. */
export const READ_SECONDS = 3 * HOUR_SECONDS;
/** Pages of CloudTrail that a search for keys of other accounts may read. */
const MAX_SEARCH_PAGES = 8;

/** A metric whose newest datapoint is so much older than that of another one is no longer in use. */
const STOPPED_SECONDS = 180;

/** A key without a datapoint for so long cannot be told from one at rest. */
const RESTING_SECONDS = 1200;

/** Start of the newest minute that has a datapoint. */
export const newestOf = ({ minutes }: ReadUse): EpochSeconds => Math.max(...minutes.keys());

/** Thrown by a question that cannot be answered, with the reason. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError' as const;
  /** What AWS said, if it was AWS that gave no answer. */
  readonly detail: string;

  constructor(message: string, detail = message) {
    super(message);
    this.detail = detail;
  }
}

/**
 * What several questions look at, asked once. Each member throws a NoAnswerError with the reason if AWS does not tell.
 */
export class Look {
  readonly ports: LookPorts;
  readonly settings: LookSettings;
  /** When the questions began. */
  readonly asOf: EpochSeconds;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(ports: LookPorts, settings: LookSettings) {
    this.ports = ports;
    this.settings = settings;
    this.asOf = ports.now();
  }

  listed(): Promise<ListedUses> {
    return this.#once('listed', async () =>
      answered(await this.ports.probe.listUses(), 'cloudwatch:ListMetrics'),
    );
  }

  /** Listed metrics of a known shape; a NoAnswerError if there are none. */
  async uses(): Promise<readonly (ListedUse & { readonly metric: Metric })[]> {
    const uses = (await this.listed()).uses.flatMap((use) =>
      use.metric === undefined ? [] : [{ ...use, metric: use.metric }],
    );
    if (uses.length === 0) throw new NoAnswerError('no key was used in the last two weeks');
    return uses;
  }

  aliases(): Promise<ReadonlyMap<KeyArn, readonly string[]>> {
    return this.#once('aliases', async () => answered(await this.ports.probe.aliases(), 'kms:ListAliases'));
  }

  /** A key as people know it. */
  async nameOf(keyArn: KeyArn): Promise<string> {
    const aliases = await this.aliases().catch(() => undefined);
    return aliases?.get(keyArn)?.[0] ?? keyArn;
  }

  /** The account's id: that of the keys its aliases point to. */
  async accountId(): Promise<string> {
    const [keyArn] = (await this.aliases()).keys();
    if (keyArn) return keyArnParts(keyArn).accountId;
    throw new NoAnswerError('the account has no alias that points to a key, so its own id is not known');
  }

  /** Minutes of the metrics that were used most lately, of the last three hours. */
  read(): Promise<readonly ReadUse[]> {
    return this.#once('read', async () => {
      const chosen = (await this.#mostUsed()).slice(0, MAX_READ);
      const minutes = await this.minutes(
        chosen.map((metric) => ({ metric, stat: 'Sum' })),
        this.asOf - READ_SECONDS,
      );
      const read = chosen.map((metric, i) => readUse(metric, minutes[i] ?? new Map<EpochSeconds, number>()));
      if (read.some((one) => one.minutes.size > 0)) return read;
      throw new NoAnswerError('no key was used in the last three hours');
    });
  }

  /** Other readings of a few metrics: whole minutes from a time on. */
  async minutes(
    reads: readonly MinuteRead[],
    from: EpochSeconds,
    to: EpochSeconds = this.asOf,
  ): Promise<readonly Minutes[]> {
    const start = Math.floor(from / 60) * 60;
    return answered(await this.ports.probe.readMinutes(reads, start, to), 'cloudwatch:GetMetricData');
  }

  /** Metrics that are used all the time, most requests first. One that ends before the others has stopped. */
  async busy(): Promise<readonly ReadUse[]> {
    const all = (await this.read()).filter(({ isBusy }) => isBusy);
    const newest = Math.max(...all.map(newestOf));
    const busy = all.filter((one) => newestOf(one) > newest - STOPPED_SECONDS);
    if (busy.length > 0) return busy.toSorted((a, b) => b.requests - a.requests);
    throw new NoAnswerError('no key is used in nearly every minute, so silence could be lateness or rest');
  }

  /** The metric of this account's own key that is used most: CloudTrail and KMS can be asked about it. */
  async busyOwn(): Promise<ReadUse> {
    const accountId = await this.accountId();
    const own = (await this.busy()).find(({ keyArn }) => keyArnParts(keyArn).accountId === accountId);
    if (own && newestOf(own) > this.asOf - RESTING_SECONDS) return own;
    if (own) throw new NoAnswerError('the key that was used most lately may have come to rest');
    throw new NoAnswerError("none of the account's own keys is used in nearly every minute");
  }

  /** What Metrics Insights knows of the last two hours, of listed metrics and others. */
  recentUse(): Promise<readonly MetricUse[]> {
    return this.#once('recentUse', async () => {
      const endBin = Math.floor(this.asOf / 300);
      return queried(await this.ports.probe.usageQuery.requestsByMetric(endBin - 24, endBin));
    });
  }

  /** Uses of a key in CloudTrail, under one of its names, of the last two hours. */
  trailOf(value: string): Promise<readonly TrailUse[]> {
    return this.#once(`trail ${value}`, async () =>
      answered(
        await this.ports.probe.trail(
          { attribute: 'ResourceName', value },
          { from: this.asOf - 2 * HOUR_SECONDS, to: this.asOf },
        ),
        'cloudtrail:LookupEvents',
      ),
    );
  }

  /** A sample of all uses of keys in CloudTrail, until `isEnough`. */
  async searchTrail(isEnough: (use: TrailUse) => boolean): Promise<readonly TrailUse[]> {
    const found: TrailUse[] = [];
    for (let page = 0; page < MAX_SEARCH_PAGES && !found.some(isEnough); page++) {
      const to = Math.floor(this.asOf - HOUR_SECONDS / 2 - (page * DAY_SECONDS) / MAX_SEARCH_PAGES);
      found.push(
        ...answered(
          await this.ports.probe.trail(
            { attribute: 'EventSource', value: 'kms.amazonaws.com' },
            { from: to - HOUR_SECONDS, to },
          ),
          'cloudtrail:LookupEvents',
        ),
      );
    }
    return found;
  }

  quotas(): Promise<Readonly<Partial<Record<QuotaGroup, number>>>> {
    return this.#once('quotas', async () =>
      answered(await this.ports.probe.quotas(), 'servicequotas:ListServiceQuotas'),
    );
  }

  /** The metric that counts the calls against the symmetric quota. */
  readonly callCount = CALL_COUNT_RESOURCES.symmetric ?? '';

  /** Metrics to read: first those that Metrics Insights saw in use, then the rest of the list. */
  async #mostUsed(): Promise<readonly Metric[]> {
    const listed = (await this.uses()).map(({ metric }) => metric);
    const known = new Set(listed.map(metricName));
    const recent = await this.recentUse().catch(() => []);
    const first = recent.map(({ metric }) => metric).filter((metric) => known.has(metricName(metric)));
    const names = new Set(first.map(metricName));
    return [...first, ...listed.filter((metric) => !names.has(metricName(metric)))];
  }

  #once<T>(name: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) ?? ask();
    this.#known.set(name, known);
    return known as Promise<T>;
  }
}

function readUse(metric: Metric, minutes: Minutes): ReadUse {
  const newest = Math.max(...minutes.keys());
  const used = [...minutes].filter(([at, value]) => at > newest - HOUR_SECONDS && value > 0);
  return {
    metric,
    keyArn: keyOf(metric),
    minutes,
    requests: [...minutes.values()].reduce((sum, value) => sum + value, 0),
    isBusy: used.length >= 54,
  };
}

const keyOf = (metric: Metric): KeyArn => {
  switch (metric.kind) {
    case 'key':
      return metric.keyArn;
    case 'reEncrypt':
      return metric.source;
    case 'callCount':
      throw new TypeError('CallCount is of no key');
    default:
      return metric satisfies never;
  }
};

/** The answer of a call, or the reason why there is none. */
export function answered<T>(probed: Probed<T>, action: string): T {
  if (probed.kind === 'answered') return probed.answer;
  throw new NoAnswerError(`${action}: ${REASONS[probed.fault]} (${probed.detail})`, probed.detail);
}

const REASONS: Readonly<Record<Extract<Probed<never>, { kind: 'failed' }>['fault'], string>> = {
  forbidden: 'not allowed',
  throttled: 'throttled',
  internalError: 'failed',
  incomplete: 'answered in part',
  unreachable: 'not reached',
  noTime: 'not asked',
};

function queried<T>(outcome: QueryOutcome<T>): T {
  if (outcome.kind === 'answered') return outcome.answer;
  throw new NoAnswerError(`Metrics Insights does not answer: ${outcome.reason}`);
}
