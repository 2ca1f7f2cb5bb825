import type { RecordedSeries, Recording } from '../../../shared/app/recording.ts';
import { PRICES } from '../../../shared/domain/assess/price.ts';
import { defaultQuota } from '../../../shared/domain/assess/quota.ts';
import { type KeyArn, type Operation, parseKeyArn } from '../../../shared/domain/usage/key.ts';
import { BIN_SECONDS, BINS_PER_DAY, type Bin } from '../../../shared/domain/usage/time.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { firstUsed, type Life, lifeOf } from './life.ts';
import { type Random, randomFrom } from './random.ts';
import { addNewUse, addRunaways, type Runaway } from './runaways.ts';
import { SHAPE_WEIGHTS, type Shape, workOf } from './shapes.ts';
import type { KeyUse, StormSizes } from './storm-sizes.ts';
import { addTrouble, busyLevel, type Outage, outagesOf, type Stretch } from './trouble.ts';

/** What kind of account is simulated. */
export interface AccountPlan {
  readonly seed: number;
  readonly keys: number;
  /** A Monday, 00:00 UTC. */
  readonly startsAt: string;
  readonly weeks: number;
  readonly trainingWeeks: number;
  readonly maxOperations: number;
  /** How often each shape occurs. @default SHAPE_WEIGHTS */
  readonly shapes?: Readonly<Record<Shape, number>>;
  /** Median bill of a key, and the standard deviation of its decimal logarithm. */
  readonly usdPerMonth: { readonly median: number; readonly decades: number };
  /** Share of the keys that run away while judged. */
  readonly runawayShare: number;
  /** Dollars an hour of storms that do not follow the key's own size, from and to. */
  readonly stormUsdPerHour: readonly [number, number];
}

/** One simulated key with everything that is true of it. */
export interface SimulatedKey {
  readonly keyArn: KeyArn;
  readonly shape: Shape;
  readonly usdPerMonth: number;
  readonly operations: readonly { readonly operation: Operation; readonly requests: Float64Array }[];
  readonly runaways: readonly Runaway[];
  readonly tolerated: readonly Stretch[];
}

/** A simulated account: what CloudWatch would have counted, and what really happened. */
export interface Account {
  readonly recording: Recording;
  readonly keys: readonly SimulatedKey[];
  readonly startBin: Bin;
  readonly judgeFromBin: Bin;
}

export const REGION = 'eu-central-1';
export const USD_PER_REQUEST = PRICES.symmetric;
const QUOTA_PER_SECOND = defaultQuota('symmetric', REGION).perSecond;
/** Share of the Region's quota that a key's usual work takes at most. */
const USUAL_QUOTA_SHARE = 0.2;
const BINS_PER_MONTH = 30 * BINS_PER_DAY;
const OPERATIONS = ['Decrypt', 'GenerateDataKey', 'Encrypt', 'GenerateDataKeyWithoutPlaintext'] as const;
/** Nobody pays a thousand dollars for a key that is hardly used: what each shape costs at most. */
const LARGEST_USD_PER_MONTH: Readonly<Record<Shape, number>> = {
  web: 2000,
  'web+batch': 2000,
  nightly: 500,
  poll: 300,
  hourly: 100,
  weekly: 100,
  steps: 100,
  sessions: 50,
  idle: 1,
};
/** Share of histories that already hold one runaway that nobody noticed. */
const OLD_RUNAWAY_SHARE = 0.3;
/** Hours in which the opening of a new key may be told. */
const NEW_KEY_HOURS = 48;

/** Makes the account of a plan; the same plan gives the same account. */
export function simulate(plan: AccountPlan): Account {
  const random = randomFrom(plan.seed);
  const calendar = calendarOf(plan.startsAt, plan.weeks, plan.trainingWeeks, random);
  const outages = outagesOf(calendar, random);
  const keys = Array.from({ length: plan.keys }, (_, index) =>
    simulateKey(plan, calendar, outages, randomFrom(plan.seed, index + 1)),
  );
  const { startBin, bins, judgeFrom } = calendar;
  const series = keys.flatMap((key) => recordedSeries(key, startBin));
  const recording = { series, startBin, endBin: startBin + bins, rows: rowsOf(series) };
  return { recording, keys, startBin, judgeFromBin: startBin + judgeFrom };
}

function simulateKey(
  plan: AccountPlan,
  calendar: Calendar,
  outages: readonly Outage[],
  random: Random,
): SimulatedKey {
  const shape = random.weighted(plan.shapes ?? SHAPE_WEIGHTS);
  const drawn = plan.usdPerMonth.median * 10 ** (plan.usdPerMonth.decades * random.normal());
  const usdPerMonth = Math.min(LARGEST_USD_PER_MONTH[shape], drawn);
  const work = workOf(shape, calendar, random);
  const shares = Array.from({ length: random.whole(1, plan.maxOperations) }, (_, index) =>
    index === 0 ? 1 : random.logBetween(0.02, 0.8),
  );
  const unitsPerMonth =
    (work.units.reduce((sum, value) => sum + value, 0) / calendar.bins) * BINS_PER_MONTH || 1;
  const allShares = shares.reduce((sum, share) => sum + share, 0);
  const busiest = work.units.reduce((most, value) => Math.max(most, value), 1e-9);
  const scale = Math.min(
    usdPerMonth / USD_PER_REQUEST / (unitsPerMonth * allShares),
    (USUAL_QUOTA_SHARE * QUOTA_PER_SECOND * BIN_SECONDS) / (busiest * allShares),
  );
  const tolerated = addTrouble(work, calendar, outages, random);
  const life = firstUsed(lifeOf(plan.runawayShare, calendar, random), work.units);
  if (life.kind === 'new') {
    const to = Math.min(calendar.bins, life.birth + NEW_KEY_HOURS * 12);
    tolerated.push({ kind: 'new-key', from: life.birth, to });
  }
  const operations = shares.map((share) =>
    sampled(work.units, scale * share, work.isSteady, life.birth, random),
  );
  const runaways = addAll(plan, calendar, operations, shape, life, random);
  return {
    keyArn: keyArnOf(random),
    shape,
    usdPerMonth,
    operations: operations.map((requests, i) => ({ operation: OPERATIONS[i] ?? 'Decrypt', requests })),
    runaways,
    tolerated,
  };
}

function addAll(
  plan: AccountPlan,
  calendar: Calendar,
  operations: readonly Float64Array[],
  shape: Shape,
  { kind, birth }: Life,
  random: Random,
): Runaway[] {
  const total = new Float64Array(calendar.bins);
  for (const requests of operations)
    for (const [i, count] of requests.entries()) total[i] = (total[i] ?? 0) + count;
  const use: KeyUse = { shape, operations, birth, busy: busyLevel(total, calendar.bins) };
  const [low, high] = plan.stormUsdPerHour.map((usd) => usd / 12 / USD_PER_REQUEST);
  const sizes: StormSizes = {
    requestsPerBin: [low ?? 1, high ?? 1],
    quotaPerSecond: QUOTA_PER_SECOND,
  };
  if (kind === 'runaway') return [addNewUse(use, sizes, random)];
  const { judgeFrom, bins } = calendar;
  const training = [Math.max(birth, BINS_PER_DAY), judgeFrom - BINS_PER_DAY] as const;
  if (kind !== 'new' && random.chance(OLD_RUNAWAY_SHARE) && training[1] - training[0] > 7 * BINS_PER_DAY)
    addRunaways(use, calendar, training, sizes, true, random);
  if (kind === 'new' || !random.chance(plan.runawayShare)) return [];
  return addRunaways(use, calendar, [judgeFrom + BINS_PER_DAY / 2, bins], sizes, false, random);
}

function sampled(
  units: Float64Array,
  scale: number,
  isSteady: boolean,
  birth: number,
  random: Random,
): Float64Array {
  const requests = new Float64Array(units.length);
  for (let i = birth; i < units.length; i++) {
    const mean = scale * (units[i] ?? 0);
    if (mean > 0) requests[i] = isSteady ? Math.round(mean) : random.poisson(mean);
  }
  return requests;
}

/** A series exists from its first request on, as in a recording that was read. */
function recordedSeries({ keyArn, operations }: SimulatedKey, startBin: Bin): RecordedSeries[] {
  return operations.flatMap(({ operation, requests }) => {
    const first = requests.findIndex((count) => count > 0);
    if (first < 0) return [];
    return [
      {
        id: { keyArn, operation },
        usage: { startBin: startBin + first, requests: requests.subarray(first) },
      },
    ];
  });
}

const rowsOf = (series: readonly RecordedSeries[]): number =>
  series.reduce(
    (sum, { usage }) => sum + usage.requests.reduce((rows, count) => rows + (count > 0 ? 1 : 0), 0),
    0,
  );

function keyArnOf(random: Random): KeyArn {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => random.whole(0, 15).toString(16)).join('');
  const id = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const keyArn = parseKeyArn(`arn:aws:kms:${REGION}:111122223333:key/${id}`);
  if (!keyArn) throw new RangeError(`${id} is no key id`);
  return keyArn;
}
