import { uniform, wander } from './random.ts';

/** A moment, in the local time of those who use a key. */
export interface Moment {
  /** Days since 1970. */
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  secondOfDay: number;
  /** Weeks since the world's start, negative before it. */
  weeks: number;
}

/** How a key is used over time: a factor of its usual rate. The seed makes each key's pattern its own. */
export type Shape = (at: Moment, seed: number) => number;

const HOUR = 3_600;

const isWeekend = ({ weekday }: Moment): boolean => weekday === 0 || weekday === 6;

/** A rise and fall over the working day between 0 and 1. */
const dayCurve = (hour: number): number => ((1 - Math.cos((2 * Math.PI * (hour - 4)) / 24)) / 2) ** 1.5;

/** Slow changes that no calendar explains. */
const unrest = (at: Moment, seed: number, share: number): number =>
  1 + share * wander(seed, at.day * 12 + at.secondOfDay / 7_200);

/** A rectangle over [start, start + duration) of the day. */
const within = (at: Moment, start: number, duration: number): boolean =>
  at.secondOfDay >= start && at.secondOfDay < start + duration;

/** A job of the night: it starts up to half an hour later, and its size varies by up to 40 %. */
const batch = (at: Moment, seed: number, start: number, duration: number): number => {
  const drift = uniform(seed, at.day) * HOUR * 0.5;
  const size = 0.8 + 0.4 * uniform(seed ^ 1, at.day);
  return within(at, start + drift, duration * size) ? 0.8 + 0.4 * uniform(seed ^ 2, at.day) : 0;
};

/** All shapes by name. */
export const SHAPES = {
  /** Users of a service: by day more than by night, less at the weekend, growing 1 % a week. */
  web: (at, seed) =>
    (0.2 + 0.8 * dayCurve(at.secondOfDay / HOUR)) *
    (isWeekend(at) ? 0.45 : 1) *
    1.01 ** at.weeks *
    unrest(at, seed, 0.12),

  /** Business software: nothing to speak of outside office hours. */
  office: (at, seed) =>
    isWeekend(at) ? 0.02 : 0.02 + dayCurve(at.secondOfDay / HOUR) ** 2 * unrest(at, seed, 0.25),

  /** A pipeline that never rests. */
  roundTheClock: (at, seed) => unrest(at, seed, 0.1),

  /** Something that asks in a fixed rhythm. */
  poller: () => 1,

  /** A job of the first minutes of every hour. */
  hourlyCron: (at) => (at.secondOfDay % HOUR < 300 ? 12 : 0.02),

  nightlyBatch: (at, seed) => batch(at, seed, 2 * HOUR, 1.5 * HOUR),

  weeklyBatch: (at, seed) => (at.weekday === 0 ? batch(at, seed, 3 * HOUR, 3 * HOUR) : 0),

  /** A poller by day and a large job every night. */
  streamAndBatch: (at, seed) => 0.1 + batch(at, seed, HOUR, 2 * HOUR),

  /** Developers at work: up to three short sessions on a working day. */
  devSessions: (at, seed) => {
    if (isWeekend(at)) return 0;
    const sessions = Math.floor(uniform(seed, at.day) * 4);
    for (let session = 0; session < sessions; session++) {
      const start = 9 * HOUR + uniform(seed ^ 1, at.day * 4 + session) * 9 * HOUR;
      const duration = 600 + uniform(seed ^ 2, at.day * 4 + session) * 2_400;
      if (within(at, start, duration)) return 1;
    }
    return 0;
  },

  /** Almost always silent: a quarter of an hour on one day in nine. */
  rare: (at, seed) =>
    uniform(seed, at.day) < 0.11 && within(at, 8 * HOUR + uniform(seed ^ 1, at.day) * 8 * HOUR, 900) ? 1 : 0,

  /** Steps to another level every two weeks. */
  steps: (at, seed) => {
    const level = Math.floor((at.weeks + uniform(seed, 0)) / 2);
    return (0.7 + 0.6 * uniform(seed, level)) * unrest(at, seed, 0.06);
  },
} satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;
