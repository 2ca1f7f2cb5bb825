import { type Baseline, DAYS, HOURS_PER_DAY, HOURS_PER_WEEK, SCALAR } from './baseline.ts';

/**
 * Score at which a quarantine opens, and the lower one that keeps an hour unusual. Constants at or below the most
 * sensitive level on offer, so that what is learned never depends on who wants to hear of what.
 */
const OPENS = 1.3;
const GOES_ON = 1;

/** Hours without an unusual one after which a quarantine ends: a week, because some jobs run every few days. */
const ENDS_AFTER_CALM = HOURS_PER_WEEK;

/** Calm hours between two bouts. */
const BOUT_GAP = 12;

/**
 * Hours and bouts after which the level stands: the first hour was learned an hour late, so 47 of them are two days.
 * Three bouts, because an intruder of two nights must be seen the third night: with two, 4 of 18 are missed.
 */
const STANDING_HOURS = 47;
const STANDING_BOUTS = 3;

/** Hours after which a level is normal whatever anybody said: eight weeks. */
const NORMAL_AFTER = 8 * HOURS_PER_WEEK;

/** Two weeks in which a new series learns everything: before, nobody knows what is usual. */
export const FREE_HOURS = 2 * HOURS_PER_WEEK;

/** What an hour turned out to be. */
export type HourKind = 'calm' | 'unusual' | 'accepted';

/**
 * One hour of the hysteresis. `loudest` is the hour's highest score, `loudestTold` the highest above the floor: only
 * that opens a quarantine. `isMature`: the series may open one.
 */
export function advanceQuarantine(
  { scalars }: Baseline,
  loudest: number,
  loudestTold: number,
  isMature: boolean,
): HourKind {
  if ((scalars[SCALAR.quarantineHours] ?? 0) === 0) {
    if (!isMature || loudestTold < OPENS) return 'calm';
    closeQuarantine({ scalars });
    scalars[SCALAR.calmHours] = BOUT_GAP;
  }
  const hours = (scalars[SCALAR.quarantineHours] ?? 0) + 1;
  scalars[SCALAR.quarantineHours] = hours;
  if (hours >= NORMAL_AFTER) return 'accepted';
  if (loudest >= GOES_ON) {
    countBout(scalars);
    return 'unusual';
  }
  const calm = (scalars[SCALAR.calmHours] ?? 0) + 1;
  scalars[SCALAR.calmHours] = calm;
  if (calm >= ENDS_AFTER_CALM) closeQuarantine({ scalars });
  return 'calm';
}

/** Ends a quarantine. */
export function closeQuarantine({ scalars }: Pick<Baseline, 'scalars'>): void {
  scalars[SCALAR.quarantineHours] = 0;
  scalars[SCALAR.calmHours] = 0;
  scalars[SCALAR.bouts] = 0;
  scalars[SCALAR.boutHours] = 0;
}

/** Whether the last bout of unusual use, if there was one, has ended. */
export const isBoutOver = ({ scalars }: Pick<Baseline, 'scalars'>): boolean =>
  (scalars[SCALAR.quarantineHours] ?? 0) === 0 || (scalars[SCALAR.calmHours] ?? 0) >= BOUT_GAP;

/** Whether the series was unusual within the last day. */
export const isQuarantined = ({ scalars }: Pick<Baseline, 'scalars'>): boolean =>
  (scalars[SCALAR.quarantineHours] ?? 0) > 0 && (scalars[SCALAR.calmHours] ?? 0) < HOURS_PER_DAY;

/** Whether the unusual level has lasted so long that it is judged beside the old one. */
export const isStanding = ({ scalars }: Baseline): boolean =>
  (scalars[SCALAR.quarantineHours] ?? 0) >= STANDING_HOURS && (scalars[SCALAR.bouts] ?? 0) >= STANDING_BOUTS;

/** Whether a level has stood for half of the days that a baseline remembers: it is about to push out the calm ones. */
export const hasStoodForWeeks = ({ scalars }: Baseline): boolean =>
  isQuarantined({ scalars }) && (scalars[SCALAR.quarantineHours] ?? 0) >= (DAYS / 2) * HOURS_PER_DAY;

function countBout(scalars: Float32Array): void {
  const hours = (scalars[SCALAR.boutHours] ?? 0) + 1;
  const isNew = isBoutOver({ scalars });
  const isDayLong = hours >= HOURS_PER_DAY;
  scalars[SCALAR.calmHours] = 0;
  scalars[SCALAR.boutHours] = isNew ? 1 : isDayLong ? 0 : hours;
  if (isNew || isDayLong) scalars[SCALAR.bouts] = (scalars[SCALAR.bouts] ?? 0) + 1;
}
