import { BINS_PER_DAY, BINS_PER_WEEK } from '../../../shared/domain/usage/time.ts';
import { type Calendar, dayStarts, isWorkday } from './calendar.ts';
import type { Random } from './random.ts';

/** How a key is used, before any trouble. */
export type Shape =
  | 'web'
  | 'poll'
  | 'hourly'
  | 'nightly'
  | 'weekly'
  | 'sessions'
  | 'idle'
  | 'steps'
  | 'web+batch';

/** How often each shape occurs: about as in accounts that people describe. */
export const SHAPE_WEIGHTS: Readonly<Record<Shape, number>> = {
  web: 25,
  poll: 8,
  hourly: 8,
  nightly: 12,
  weekly: 6,
  sessions: 17,
  idle: 4,
  steps: 4,
  'web+batch': 16,
};

/** What a key does in each bin, in units that its size scales. */
export interface Work {
  readonly shape: Shape;
  readonly units: Float64Array;
  /** Runs of its batch jobs, [start, end) as indices, for reruns. */
  readonly jobs: readonly (readonly [number, number])[];
  /** True: the count is the same every time, as of a program's loop; false: it is drawn around its mean. */
  readonly isSteady: boolean;
}

/** The work of a key of this shape over the whole calendar. */
export function workOf(shape: Shape, calendar: Calendar, random: Random): Work {
  const units = new Float64Array(calendar.bins);
  const jobs: [number, number][] = [];
  switch (shape) {
    case 'web':
      addWeb(units, calendar, random);
      break;
    case 'poll':
      addPolls(units, random);
      break;
    case 'hourly':
      addHourly(units, random);
      break;
    case 'nightly':
      addBatch(units, jobs, calendar, random, 'daily');
      break;
    case 'weekly':
      addBatch(units, jobs, calendar, random, 'weekly');
      break;
    case 'sessions':
      addSessions(units, calendar, random);
      break;
    case 'idle':
      addRare(units, random);
      break;
    case 'steps':
      addLevels(units, random);
      break;
    case 'web+batch':
      addWeb(units, calendar, random);
      addBatch(units, jobs, calendar, random, random.chance(0.7) ? 'daily' : 'weekly', random.between(2, 15));
      break;
    default:
      shape satisfies never;
  }
  return { shape, units, jobs, isSteady: shape === 'poll' && random.chance(0.5) };
}

function addWeb(units: Float64Array, calendar: Calendar, random: Random): void {
  const peak = random.between(10.5, 16);
  const sharpness = random.between(1, 3);
  const night = random.logBetween(0.02, 0.3);
  const weekend = random.between(0.15, 0.9);
  const weeklyGrowth = random.chance(0.12) ? 1.05 : random.between(0.99, 1.02);
  const noise = random.between(0.03, 0.25);
  let drift = 0;
  for (let i = 0; i < units.length; i++) {
    if (i % 12 === 0) drift = 0.97 * drift + 0.025 * random.normal();
    const angle = (((calendar.hour[i] ?? 0) - peak) / 24) * 2 * Math.PI;
    const daily = night + (1 - night) * ((1 + Math.cos(angle)) / 2) ** sharpness;
    const week = isWorkday(calendar, i) ? 1 : weekend;
    const level = daily * week * weeklyGrowth ** (i / BINS_PER_WEEK);
    units[i] = (units[i] ?? 0) + level * Math.exp(drift + noise * random.normal());
  }
}

function addPolls(units: Float64Array, random: Random): void {
  const every = random.pick([1, 1, 1, 2, 3, 6]);
  const noise = random.between(0, 0.08);
  for (let i = random.whole(0, every - 1); i < units.length; i += every) units[i] = random.factor(noise);
}

function addHourly(units: Float64Array, random: Random): void {
  const minute = random.whole(0, 11);
  const spread = random.between(0.05, 0.3);
  const bins = random.pick([1, 1, 2, 3]);
  const between = random.pick([0, 0, 0.01, 0.03]);
  for (let i = 0; i < units.length; i++) units[i] = between * random.factor(0.3);
  for (let i = minute; i < units.length; i += 12) {
    const at = i + (random.chance(0.05) ? 1 : 0);
    const size = random.factor(spread) / bins;
    for (let k = at; k < Math.min(units.length, at + bins); k++) units[k] = (units[k] ?? 0) + size;
  }
}

/** A job whose start drifts by up to half an hour and whose size varies by 10 to 40 %. */
function addBatch(
  units: Float64Array,
  jobs: [number, number][],
  calendar: Calendar,
  random: Random,
  rhythm: 'daily' | 'weekly',
  height = 1,
): void {
  const startsAt = random.between(0, 5.5) * 12;
  const duration = random.logBetween(4, rhythm === 'daily' ? 36 : 72);
  const variation = random.between(0.1, 0.4);
  const weekday = random.whole(0, 6);
  for (const dayStart of dayStarts(calendar)) {
    if (rhythm === 'weekly' && calendar.weekday[dayStart] !== weekday) continue;
    if (random.chance(0.01)) continue;
    const start = Math.round(dayStart + startsAt + random.between(-6, 6));
    const end = start + Math.max(1, Math.round(duration * (1 + variation * random.between(-1, 1))));
    const level = height * Math.max(0.3, 1 + variation * random.normal());
    if (start < 0 || end > units.length) continue;
    jobs.push([start, end]);
    for (let i = start; i < end; i++) units[i] = (units[i] ?? 0) + level * random.factor(0.12);
  }
}

/** Somebody tries something out: an hour of work now and then, on working days. */
function addSessions(units: Float64Array, calendar: Calendar, random: Random): void {
  const perDay = random.logBetween(0.3, 4);
  // A test suite asks for the same every time, a curious person does not.
  const variation = random.between(0.05, 0.6);
  for (const dayStart of dayStarts(calendar)) {
    if (!isWorkday(calendar, dayStart) && !random.chance(0.1)) continue;
    for (let session = random.poisson(perDay); session > 0; session--) {
      const start = Math.round(dayStart + random.between(8.5, 18) * 12);
      const end = Math.min(units.length, start + Math.round(random.logBetween(2, 30)));
      const level = random.factor(variation);
      for (let i = start; i < end; i++) units[i] = (units[i] ?? 0) + level * random.factor(variation / 2);
    }
  }
}

function addRare(units: Float64Array, random: Random): void {
  const variation = random.between(0.1, 0.8);
  for (let i = 0; i < units.length; i += 1 + random.poisson(BINS_PER_DAY * random.logBetween(0.5, 4))) {
    units[i] = random.factor(variation);
  }
}

/** A key whose work moves between a few levels and stays there for days. */
function addLevels(units: Float64Array, random: Random): void {
  const levels = [1, random.between(1.8, 4), random.between(0.2, 0.7)] as const;
  let level = 1;
  let until = 0;
  for (let i = 0; i < units.length; i++) {
    if (i >= until) {
      level = random.pick(levels);
      until = i + Math.round(random.between(0.5, 5) * BINS_PER_DAY);
    }
    units[i] = level * random.factor(0.1);
  }
}
