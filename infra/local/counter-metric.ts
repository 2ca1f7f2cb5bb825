import type { Metric, MetricIdentity, MetricWindow, Statistic } from './metric.ts';
import { uniform } from './random.ts';
import { publishedShare, settledBefore, type WorldSwitches } from './world-switches.ts';

export const BIN_SECONDS = 300;

/** Requests per 5 minutes. Bin b is [300 b, 300 b + 300). */
export interface Counter {
  /** Requests in a bin, NaN where the series does not exist or nothing is known. */
  requests(bin: number): number;
  /** Bins before this one hold nothing. */
  readonly firstBin: number;
  /** Spreads the requests of a bin over its minutes. */
  readonly seed: number;
}

/** A metric that counts requests, one sample of value 1 each, as KMS does. Kept per 5 minutes, read per minute. */
export function counterMetric(
  identity: MetricIdentity,
  counter: Counter,
  switches: () => WorldSwitches,
  unitOfMetric: () => string,
): Metric {
  const minutes = new Float64Array(5);

  const splitBin = (bin: number): Float64Array => {
    const requests = counter.requests(bin);
    if (Number.isNaN(requests)) return minutes.fill(Number.NaN);
    const phase = uniform(counter.seed, bin);
    let before = 0;
    for (let minute = 0; minute < 5; minute++) {
      const upTo = minute === 4 ? requests : Math.floor((requests * (minute + 1)) / 5 + phase);
      minutes[minute] = Math.min(upTo, requests) - before;
      before = Math.min(upTo, requests);
    }
    return minutes;
  };

  /** Published value of a minute: NaN without a datapoint. */
  const published = (minuteStart: number, now: number): number => {
    const share = publishedShare(minuteStart, now, switches());
    if (share === 0) return Number.NaN;
    const bin = Math.floor(minuteStart / BIN_SECONDS);
    const value = splitBin(bin)[(minuteStart - bin * BIN_SECONDS) / 60] ?? Number.NaN;
    const shown = share === 1 ? value : Math.floor(value * share);
    return shown === 0 && switches().idle === 'gaps' ? Number.NaN : shown;
  };

  const periodByMinutes = (start: number, end: number, statistic: Statistic, now: number): number => {
    let requests = 0;
    let datapoints = 0;
    let idle = 0;
    for (let minute = start; minute < end; minute += 60) {
      const value = published(minute, now);
      if (Number.isNaN(value)) continue;
      datapoints++;
      requests += value;
      if (value === 0) idle++;
    }
    return datapoints === 0 ? Number.NaN : statisticOf(statistic, requests, idle);
  };

  const sumOfBins = (start: number, end: number): number => {
    let sum = Number.NaN;
    for (let bin = start / BIN_SECONDS; bin < end / BIN_SECONDS; bin++) {
      const requests = counter.requests(bin);
      if (requests >= 0) sum = Number.isNaN(sum) ? requests : sum + requests;
    }
    return sum === 0 && switches().idle === 'gaps' ? Number.NaN : sum;
  };

  const read = (
    values: Float64Array,
    window: MetricWindow,
    statistic: Statistic,
    unit: string | undefined,
    now: number,
  ) => {
    values.fill(Number.NaN);
    if (unit !== undefined && unit !== unitOfMetric()) return;
    const { start, periodSeconds, length, until } = window;
    const wholeBins = statistic === 'Sum' && start % BIN_SECONDS === 0 && periodSeconds % BIN_SECONDS === 0;
    const settled = Math.min(settledBefore(now, switches()), until);
    const born = counter.firstBin * BIN_SECONDS;
    const first = Math.max(0, Math.floor((born - start) / periodSeconds));
    for (let i = first; i < length; i++) {
      const from = start + i * periodSeconds;
      if (from > now) break;
      const to = from + periodSeconds;
      values[i] =
        wholeBins && to <= settled
          ? sumOfBins(from, to)
          : periodByMinutes(Math.max(from, born), Math.min(to, until), statistic, now);
    }
  };

  const newest = (from: number, before: number, now: number): number | undefined => {
    const last = Math.min(before, now);
    const oldest = Math.max(counter.firstBin, Math.floor(from / BIN_SECONDS));
    const shownWhenIdle = switches().idle === 'zeros';
    for (let bin = Math.floor((last - 1) / BIN_SECONDS); bin >= oldest; bin--) {
      const requests = counter.requests(bin);
      if (Number.isNaN(requests) || (requests === 0 && !shownWhenIdle)) continue;
      for (let minute = bin * BIN_SECONDS + 240; minute >= bin * BIN_SECONDS; minute -= 60) {
        if (minute < last && minute >= from && !Number.isNaN(published(minute, now))) return minute;
      }
    }
    return undefined;
  };

  return { identity, read, newest };
}

function statisticOf(statistic: Statistic, requests: number, idleMinutes: number): number {
  switch (statistic) {
    case 'Sum':
      return requests;
    case 'SampleCount':
      return requests + idleMinutes;
    case 'Average':
      return requests / (requests + idleMinutes);
    case 'Minimum':
      return idleMinutes > 0 ? 0 : 1;
    case 'Maximum':
      return requests > 0 ? 1 : 0;
    default:
      return statistic satisfies never;
  }
}
