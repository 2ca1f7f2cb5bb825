import type { AccountPlan } from './account.ts';

/** Mondays whose judged weeks hold the end of daylight saving time, 25 October 2026. */
const MONDAYS = ['2026-08-03', '2026-08-10', '2026-08-17', '2026-08-24'] as const;

const mondayOf = (seed: number): string => `${MONDAYS[seed % MONDAYS.length]}T00:00:00Z`;

/** An account in dollars: key sizes over five decades, a third of the keys run away, eight weeks train, four are judged. */
export const dollarAccount = (seed: number, keys: number): AccountPlan => ({
  seed,
  keys,
  startsAt: mondayOf(seed),
  weeks: 12,
  trainingWeeks: 8,
  maxOperations: 4,
  usdPerMonth: { median: 2, decades: 1.1 },
  runawayShare: 0.35,
  stormUsdPerHour: [0.05, 60],
});

/** The same without runaways, judged for half a year: how often is somebody disturbed for nothing. */
export const quietAccount = (seed: number, keys: number): AccountPlan => ({
  ...dollarAccount(seed, keys),
  startsAt: '2026-04-06T00:00:00Z',
  weeks: 34,
  runawayShare: 0,
});

/** A fleet of small counts, one operation a key, most of which run away once: what the scores alone are judged by. */
export const smallFleet = (seed: number, keys: number): AccountPlan => ({
  ...dollarAccount(seed, keys),
  maxOperations: 1,
  usdPerMonth: { median: 1, decades: 0.8 },
  runawayShare: 0.6,
  stormUsdPerHour: [0.005, 2],
});
