import type { Counter } from '../../infra/local/counter-metric.ts';
import { emptyWorld, type World, type WorldKey, type WorldSeries } from '../../infra/local/world.ts';
import type { KeyBaselines } from '../../shared/app/ports.ts';
import type { KeyDirectory } from '../../shared/domain/assess/key-facts.ts';
import { decodeBaseline } from '../../shared/domain/detection/codec.ts';
import { type KeyArn, parseKeyArn } from '../../shared/domain/usage/key.ts';
import { BINS_PER_HOUR, type Hour } from '../../shared/domain/usage/time.ts';
import { simulate } from '../detection/world/account.ts';
import { dollarAccount } from '../detection/world/plans.ts';
import { type Taught, taughtSeries } from '../speed/taught.ts';

/** Operations of each key. */
export const OPERATIONS = ['Decrypt', 'GenerateDataKey', 'Encrypt'] as const;

/** Simulated keys whose lives the many keys share. */
const LIVES = 30;
/** Nine weeks are learned: more than any history has. */
const WEEKS_LEARNED = 9;
/** Use that is known after what is learned. */
const BINS_AFTER = 5 * BINS_PER_HOUR;
/** Keys that run away, so that a run has something to claim and to tell. */
const RUNAWAYS = 5;
const RUNAWAY_REQUESTS = 3_000_000;

/** An account of any size and what a detector has stored of it. */
export interface LargeAccount {
  readonly world: World;
  readonly directory: KeyDirectory;
  /** First hour that no baseline has learned. */
  readonly throughHour: Hour;
  readonly baselines: () => Generator<KeyBaselines>;
}

/** An account with this many keys of three operations, all learned up to the same hour. */
export function largeAccount(keys: number): LargeAccount {
  const { series } = simulate({ ...dollarAccount(77, LIVES), runawayShare: 0 }).recording;
  const [first] = series;
  if (!first) throw new RangeError('the simulated account has no series');
  const throughHour = Math.floor(first.usage.startBin / BINS_PER_HOUR) + WEEKS_LEARNED * 168;
  const taught = taughtSeries(series, throughHour, BINS_AFTER);
  const lifeOf = (key: number, operation: number): Taught => {
    const life = taught[(key * OPERATIONS.length + operation) % taught.length];
    if (!life) throw new RangeError('no series was taught');
    return life;
  };
  const world = emptyWorld({ startsAt: throughHour * 3600 });
  const worldKeys = Array.from({ length: keys }, (_, n) => keyOf(world, n));
  return {
    world: {
      ...world,
      keys: worldKeys,
      series: worldKeys.flatMap((key, n) =>
        OPERATIONS.map((operation, i) =>
          seriesOf(key, operation, counterOf(lifeOf(n, i), throughHour, n + i)),
        ),
      ),
    },
    directory: {
      keys: new Map(
        worldKeys.map(({ arn, aliases }) => [
          arnOf(arn),
          { keyArn: arnOf(arn), aliases, spec: 'SYMMETRIC_DEFAULT', manager: 'CUSTOMER' as const },
        ]),
      ),
      quotas: { readAt: throughHour * 3600, perSecond: {} },
    },
    throughHour,
    *baselines() {
      for (const [n, { arn }] of worldKeys.entries()) {
        const operations = OPERATIONS.map((operation, i) => {
          const decoded = decodeBaseline(lifeOf(n, i).bytes);
          if (decoded.kind !== 'ok') throw new TypeError(`a baseline of this release is ${decoded.kind}`);
          return [operation, { baseline: decoded.baseline, counterparts: [] }] as const;
        });
        yield { keyArn: arnOf(arn), version: 0, operations: new Map(operations), unreadable: new Map() };
      }
    },
  };
}

/** Use as it was recorded, and from an hour and a half after what is learned on a runaway for the first few keys. */
function counterOf({ next }: Taught, throughHour: Hour, n: number): Counter {
  const firstBin = throughHour * BINS_PER_HOUR;
  const runsAway = n < RUNAWAYS;
  return {
    firstBin,
    seed: n,
    requests(bin) {
      const usual = next[bin - firstBin] ?? Number.NaN;
      return runsAway && bin - firstBin >= 1.5 * BINS_PER_HOUR ? usual + RUNAWAY_REQUESTS : usual;
    },
  };
}

function keyOf(world: World, n: number): WorldKey {
  const keyId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  return {
    arn: `arn:aws:kms:${world.region}:${world.accountId}:key/${keyId}`,
    keyId,
    ownerAccountId: world.accountId,
    aliases: [`alias/service-${n}`],
    manager: 'CUSTOMER',
    keySpec: 'SYMMETRIC_DEFAULT',
    description: '',
    createdAt: 0,
    multiRegion: false,
    state: 'Enabled',
  };
}

const seriesOf = (key: WorldKey, operation: string, counter: Counter): WorldSeries => ({
  dimensions: [
    { Name: 'KeyArn', Value: key.arn },
    { Name: 'Operation', Value: operation },
  ],
  ownerAccountId: key.ownerAccountId,
  callerAccountId: key.ownerAccountId,
  keySpec: key.keySpec,
  counter,
});

function arnOf(text: string): KeyArn {
  const keyArn = parseKeyArn(text);
  if (!keyArn) throw new RangeError(`${text} is no key ARN`);
  return keyArn;
}
