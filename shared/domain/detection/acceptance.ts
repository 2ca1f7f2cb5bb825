import type { KeyArn } from '../usage/key.ts';
import { type EpochSeconds, FINAL_AFTER_SECONDS, HOUR_SECONDS, type Hour } from '../usage/time.ts';
import { type Baseline, DAYS, HOURS_PER_DAY, HOURS_PER_WEEK, RECORD, SCALAR, WINDOWS } from './baseline.ts';
import { closeQuarantine } from './quarantine.ts';
import { NOTHING, offScale, onScale, pack, unpack } from './scale.ts';
import { liftSlots } from './slots.ts';

/** Somebody says that the present level of a key is its new normal. It is kept for good: a replay learns the same. */
export interface Acceptance {
  readonly id: string;
  readonly keyArn: KeyArn;
  readonly by: string;
  readonly reason?: string;
  readonly at: EpochSeconds;
}

/**
 * The hour after which an acceptance takes effect: the first one that no bin before `at` is judged by. So the bins that
 * were judged without it are judged without it in every replay, and no stored baseline has learned that hour yet.
 */
export const acceptedHour = (at: EpochSeconds): Hour =>
  Math.ceil((at - FINAL_AFTER_SECONDS) / HOUR_SECONDS) - 1;

/** The hours after which the levels of each key were accepted. */
export function acceptedHours(acceptances: readonly Acceptance[]): Map<KeyArn, Set<Hour>> {
  const byKey = new Map<KeyArn, Set<Hour>>();
  for (const { keyArn, at } of acceptances) {
    const hours = byKey.get(keyArn) ?? new Set();
    byKey.set(keyArn, hours.add(acceptedHour(at)));
  }
  return byKey;
}

/** Hours that each window sums. */
const WINDOW_HOURS = [1 / 12, 1, 6, HOURS_PER_DAY] as const;

/** Windows up to an hour see the whole level at once. */
const HOUR_WINDOW = 1;

/**
 * Takes everything up to the level that has been seen since it became unusual as usual, at any hour of the week. Days
 * of the past are lifted to it, because calm days of the last week are not learned from and one high day among many
 * would be a surprise still. What a long window has not seen whole yet is what the largest hour makes of it. The
 * lifted days are forgotten with their time: after six weeks the key's own days have taken their place.
 */
export function acceptPresent(baseline: Baseline): void {
  const { calmDays, unusualDays, scalars } = baseline;
  const hours = scalars[SCALAR.quarantineHours] ?? 0;
  const lastHour = baseline.learnedThrough - 1;
  const today = Math.floor(lastHour / HOURS_PER_DAY);
  // Without a quarantine the present is yesterday and today: the level may be young, or below what a quarantine needs.
  const first = Math.floor((lastHour - Math.max(hours, HOURS_PER_DAY)) / HOURS_PER_DAY);
  const days = Math.min(DAYS, today - first + 1);
  const largestHour = offScale(largestOf(baseline, 2 * HOUR_WINDOW + RECORD, today, days));
  for (let window = 0; window < WINDOWS; window++) {
    const length = WINDOW_HOURS[window] ?? 1;
    const seen = largestOf(baseline, 2 * window + RECORD, today, days);
    const isWhole = window <= HOUR_WINDOW || hours >= 2 * length;
    const level = isWhole ? seen : Math.max(seen, onScale(length * largestHour));
    liftDays(calmDays, 2 * window + RECORD, level);
    // Until a week has been seen nobody knows at which hours the level belongs.
    const distance = hours >= HOURS_PER_WEEK ? largestOf(baseline, 2 * window, today, days) : level;
    liftDays(calmDays, 2 * window, distance);
  }
  for (let test = 0; test < 2 * WINDOWS; test++) {
    for (let back = 0; back < days; back++) unusualDays[at(test, today, back)] = NOTHING;
  }
  liftSlots(baseline);
  closeQuarantine(baseline);
  scalars[SCALAR.unusualHours] = 0;
}

const at = (test: number, today: number, back: number): number =>
  test * DAYS + ((today - back + DAYS) % DAYS);

function largestOf({ calmDays, unusualDays }: Baseline, test: number, today: number, days: number): number {
  let largest = NOTHING;
  for (let back = 0; back < days; back++) {
    const day = at(test, today, back);
    largest = Math.max(largest, calmDays[day] ?? NOTHING, unusualDays[day] ?? NOTHING);
  }
  return largest === NOTHING ? 0 : unpack(largest);
}

function liftDays(calmDays: Uint16Array, test: number, level: number): void {
  for (let day = test * DAYS; day < (test + 1) * DAYS; day++) {
    const known = calmDays[day] ?? NOTHING;
    if (known !== NOTHING) calmDays[day] = Math.max(known, pack(level));
  }
}
