import { factsOf, type KeyDirectory } from '../domain/assess/key-facts.ts';
import { unitPrice } from '../domain/assess/price.ts';
import { ageHours, type Baseline, HOURS_PER_WEEK } from '../domain/detection/baseline.ts';
import { expectedInHour } from '../domain/detection/slots.ts';
import { type MessageOrigin, placedLabel } from '../domain/incident/message.ts';
import { type Bill, type KeyBill, MAX_BILL_KEYS } from '../domain/notice.ts';
import { type EpochSeconds, HOUR_SECONDS } from '../domain/usage/time.ts';
import type { KeyBaselines } from './ports.ts';

/** Hours by which a baseline may lag: a silent key's is saved once a day. One that lags more is of a key out of use. */
const MAX_LAG_HOURS = 48;

/** From these on an increase is worth a line: less is chance, or nothing in money. */
const GROWN_RATIO = 1.2;
const GROWN_USD = 0.1;

/** What the last week cost, from the hourly sums that are stored anyway: the last 168 hours learned of each series. */
export function weekBill(
  baselines: Iterable<KeyBaselines>,
  directory: KeyDirectory,
  origin: MessageOrigin,
  at: EpochSeconds,
): Bill {
  const bills = [...baselines]
    .map((key) => keyBill(key, directory, origin, at))
    .toSorted((a, b) => b.usd - a.usd || b.requests - a.requests);
  return {
    keys: bills.filter(({ requests }) => requests > 0).length,
    usd: bills.reduce((sum, { usd }) => sum + usd, 0),
    usualUsd: bills.reduce((sum, { usualUsd }) => sum + usualUsd, 0),
    top: bills.filter(({ usd }) => usd > 0).slice(0, MAX_BILL_KEYS),
    grown: bills
      .filter(({ usd, usualUsd }) => usd >= usualUsd * GROWN_RATIO && usd - usualUsd >= GROWN_USD)
      .toSorted((a, b) => increase(b) - increase(a))
      .slice(0, MAX_BILL_KEYS),
  };
}

/** The bill of all keys from those of some each. */
export const mergeBills = (bills: readonly Bill[]): Bill => ({
  keys: bills.reduce((sum, { keys }) => sum + keys, 0),
  usd: bills.reduce((sum, { usd }) => sum + usd, 0),
  usualUsd: bills.reduce((sum, { usualUsd }) => sum + usualUsd, 0),
  top: bills
    .flatMap(({ top }) => top)
    .toSorted((a, b) => b.usd - a.usd || b.requests - a.requests)
    .slice(0, MAX_BILL_KEYS),
  grown: bills
    .flatMap(({ grown }) => grown)
    .toSorted((a, b) => increase(b) - increase(a))
    .slice(0, MAX_BILL_KEYS),
});

const increase = ({ usd, usualUsd }: KeyBill): number => usd - usualUsd;

function keyBill(
  { keyArn, operations }: KeyBaselines,
  directory: KeyDirectory,
  origin: MessageOrigin,
  at: EpochSeconds,
): KeyBill {
  const facts = factsOf(directory, keyArn);
  let [requests, usd, usualUsd] = [0, 0, 0];
  for (const [operation, { baseline }] of operations) {
    if (baseline.learnedThrough < Math.floor(at / HOUR_SECONDS) - MAX_LAG_HOURS) continue;
    const price = unitPrice(operation, facts.spec).low;
    const sum = baseline.hourSums.reduce((total, one) => total + one, 0);
    requests += sum;
    usd += sum * price;
    usualUsd += usualWeek(baseline) * price;
  }
  return { keyArn, name: placedLabel(facts, origin), requests, usd, usualUsd };
}

/** Requests of a usual week; none for a series that is not older than this one. */
function usualWeek(baseline: Baseline): number {
  const { learnedThrough } = baseline;
  if (ageHours(baseline, learnedThrough) <= HOURS_PER_WEEK) return 0;
  let sum = 0;
  for (let back = 1; back <= HOURS_PER_WEEK; back++) sum += expectedInHour(baseline, learnedThrough - back);
  return sum;
}
