import { BIN_SECONDS, BINS_PER_DAY, BINS_PER_HOUR } from '../../../shared/domain/usage/time.ts';
import type { Calendar } from './calendar.ts';
import type { Random } from './random.ts';
import {
  capped,
  type KeyUse,
  LEAST_HOUR,
  leastRate,
  mostOfJob,
  rateOf,
  type StormSizes,
} from './storm-sizes.ts';

/** One runaway and what it added, by operation, from `from` on. */
export interface Runaway {
  readonly kind: RunawayKind;
  readonly from: number;
  readonly to: number;
  readonly excess: readonly Float64Array[];
}

export type RunawayKind = 'retry' | 'repeat' | 'readall' | 'nocache' | 'creep' | 'spike' | 'night' | 'newuse';

/** How often each kind happens to a key that lives long enough; new keys at full throttle come on top. */
const KINDS = { retry: 28, readall: 22, nocache: 18, creep: 14, spike: 12, night: 6 } as const;

/** Kinds that an old, forgotten runaway of the training weeks has. */
const OLD_KINDS = { retry: 5, readall: 3, spike: 2 } as const;

/** One runaway, in some cases with those that follow from it, in the bins [first, last). */
export function addRunaways(
  use: KeyUse,
  calendar: Calendar,
  span: readonly [number, number],
  sizes: StormSizes,
  isOld: boolean,
  random: Random,
): Runaway[] {
  const kind = random.weighted<RunawayKind>(isOld ? { ...NONE, ...OLD_KINDS } : { ...NONE, ...KINDS });
  const runaways: Runaway[] = [];
  if (kind === 'nocache' || kind === 'creep') {
    const days = kind === 'nocache' ? random.between(2, 8) : random.between(6, 12);
    const from = startWithin(span, days * BINS_PER_DAY, random);
    const multiple = kind === 'nocache' ? random.logBetween(3, 20) : random.between(3, 10);
    const added = multiply(use, kind, from, Math.round(from + days * BINS_PER_DAY), multiple, sizes, random);
    if (added) return [added];
  }
  if (kind === 'night' && (use.shape === 'web' || use.shape === 'sessions' || use.shape === 'web+batch'))
    return addNights(use, calendar, span, sizes, random);
  if (kind === 'spike') {
    const from = startWithin(span, 3, random);
    const bins = random.whole(1, 3);
    return [addStorm(use, 'spike', from, bins, rateOf(use, from, bins, sizes, [2, 40], random), random)];
  }
  const isJob = kind === 'readall';
  const bins = Math.round(12 * (isJob ? random.between(3, 24) : random.logBetween(0.5, 5.5)));
  const from = startWithin(span, bins + 12 * 14, random);
  const rate = isJob
    ? Math.min(rateOf(use, from, bins, sizes, [0.8, 20], random), mostOfJob(sizes))
    : rateOf(use, from, bins, sizes, [1, 40], random);
  runaways.push(addStorm(use, isJob ? 'readall' : 'retry', from, bins, rate, random));
  if (!isJob && !isOld && random.chance(0.25)) {
    const again = from + bins + Math.round(12 * random.between(2, 8));
    const size = rate * random.between(0.5, 1.2);
    const length = Math.round(12 * random.logBetween(0.5, 4));
    runaways.push(addStorm(use, 'repeat', again, length, size, random));
  }
  return runaways;
}

const NONE = { retry: 0, repeat: 0, readall: 0, nocache: 0, creep: 0, spike: 0, night: 0, newuse: 0 };

/** A key that starts at full throttle in its first bin. */
export function addNewUse(use: KeyUse, sizes: StormSizes, random: Random): Runaway {
  const [low, high] = sizes.requestsPerBin;
  const rate = capped(random.logBetween(Math.sqrt(low * high), high), sizes, random);
  return addStorm(use, 'newuse', use.birth, Math.round(12 * random.between(4, 24)), rate, random);
}

const startWithin = ([first, last]: readonly [number, number], bins: number, random: Random): number =>
  Math.max(first, random.whole(first, Math.max(first, Math.floor(last - bins - BINS_PER_HOUR))));

/** Requests on top of the usual ones: ragged for retries, even for jobs, on the main operation or on all. */
function addStorm(
  use: KeyUse,
  kind: RunawayKind,
  from: number,
  bins: number,
  rate: number,
  random: Random,
): Runaway {
  const total = use.operations[0]?.length ?? 0;
  const to = Math.min(total, from + bins);
  const raggedness = kind === 'readall' || kind === 'newuse' ? 0.08 : 0.35;
  const isShort = kind === 'spike';
  const least = isShort ? LEAST_HOUR : 0;
  const excess = use.operations.map((requests, index) => {
    const share = index === 0 ? 1 : kind === 'retry' || kind === 'repeat' ? random.between(0.02, 0.3) : 0;
    return addExcess(requests, from, to, (i) => {
      const firstPart = i === from && !isShort ? random.uniform() : 1;
      return random.poisson(Math.max(least, rate) * share * firstPart * random.factor(raggedness));
    });
  });
  return { kind, from, to, excess };
}

/** Every request is made several times; nothing if that stays below the least that is ever told. */
function multiply(
  use: KeyUse,
  kind: 'nocache' | 'creep',
  from: number,
  end: number,
  multiple: number,
  { quotaPerSecond }: StormSizes,
  random: Random,
): Runaway | undefined {
  const to = Math.min(end, use.operations[0]?.length ?? 0);
  const most = quotaPerSecond * BIN_SECONDS * 0.9;
  const factorAt = (i: number) => (kind === 'nocache' ? multiple : multiple ** ((i - from) / (end - from)));
  const usualInBusyHour = Math.min(use.busy * BINS_PER_HOUR, most);
  if (usualInBusyHour * (multiple - 1) < LEAST_HOUR || use.shape === 'weekly' || use.shape === 'idle')
    return undefined;
  const excess = use.operations.map((requests) =>
    addExcess(requests, from, to, (i) => {
      const usual = requests[i] ?? 0;
      return Math.min(random.poisson(usual * (factorAt(i) - 1)), Math.max(0, most - usual));
    }),
  );
  return { kind, from, to, excess };
}

/** Three nights in a row, at a level that would be unremarkable by day. */
function addNights(
  use: KeyUse,
  calendar: Calendar,
  span: readonly [number, number],
  sizes: StormSizes,
  random: Random,
): Runaway[] {
  let from = startWithin(span, 4 * BINS_PER_DAY, random);
  while (Math.floor(calendar.hour[from] ?? 0) !== 1 && from < span[1]) from++;
  const wanted = use.busy * random.between(0.4, 1);
  const bins = Math.round(12 * random.between(2.5, 4));
  const rate = Math.max(wanted, leastRate(use, from, bins));
  return [0, 1, 2].map((night) =>
    addStorm(use, 'night', from + night * BINS_PER_DAY, bins, capped(rate, sizes, random), random),
  );
}

function addExcess(
  requests: Float64Array,
  from: number,
  to: number,
  added: (i: number) => number,
): Float64Array {
  const excess = new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const more = Math.round(added(i));
    excess[i - from] = more;
    requests[i] = (requests[i] ?? 0) + more;
  }
  return excess;
}
