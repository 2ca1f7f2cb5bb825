import type { Metric, MetricIdentity, MetricWindow, Statistic } from './metric.ts';
import { publishedShare, type WorldSwitches } from './world-switches.ts';

/** What CloudWatch keeps of the samples of one minute (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_StatisticSet.html). */
export interface StatisticSet {
  readonly sum: number;
  readonly sampleCount: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A metric whose samples were put by somebody. */
export interface SampleMetric extends Metric {
  add(epochSeconds: number, samples: StatisticSet, unit: string): void;
}

/** An empty metric that samples can be added to, kept per minute and unit. */
export function sampleMetric(identity: MetricIdentity, switches: () => WorldSwitches): SampleMetric {
  const byUnit = new Map<string, Map<number, StatisticSet>>();
  // Complete minutes only: what was put by hand does not appear in part.
  const isPublished = (minute: number, now: number) => publishedShare(minute, now, switches()) > 0;

  return {
    identity,

    add(epochSeconds, samples, unit) {
      const minute = Math.floor(epochSeconds / 60) * 60;
      const minutes = byUnit.get(unit) ?? new Map<number, StatisticSet>();
      byUnit.set(unit, minutes);
      minutes.set(minute, merge(minutes.get(minute), samples));
    },

    read(values, window, statistic, unit, now) {
      const periods = new Map<number, StatisticSet>();
      for (const [name, minutes] of byUnit) {
        if (unit !== undefined && unit !== name) continue;
        for (const minute of minutesWithin(minutes, window)) {
          const samples = minutes.get(minute);
          if (!samples || !isPublished(minute, now)) continue;
          const period = Math.floor((minute - window.start) / window.periodSeconds);
          periods.set(period, merge(periods.get(period), samples));
        }
      }
      values.fill(Number.NaN);
      for (const [period, samples] of periods) values[period] = statisticOf(statistic, samples);
    },

    newest(from, before, now) {
      let newest: number | undefined;
      for (const minutes of byUnit.values()) {
        for (const minute of minutes.keys()) {
          if (
            minute >= from &&
            minute < before &&
            minute > (newest ?? -Infinity) &&
            isPublished(minute, now)
          ) {
            newest = minute;
          }
        }
      }
      return newest;
    },
  };
}

function minutesWithin(minutes: ReadonlyMap<number, StatisticSet>, window: MetricWindow): number[] {
  const end = Math.min(window.until, window.start + window.length * window.periodSeconds);
  return [...minutes.keys()].filter((minute) => minute >= window.start && minute < end);
}

const merge = (a: StatisticSet | undefined, b: StatisticSet): StatisticSet =>
  a
    ? {
        sum: a.sum + b.sum,
        sampleCount: a.sampleCount + b.sampleCount,
        minimum: Math.min(a.minimum, b.minimum),
        maximum: Math.max(a.maximum, b.maximum),
      }
    : b;

function statisticOf(statistic: Statistic, samples: StatisticSet): number {
  switch (statistic) {
    case 'Sum':
      return samples.sum;
    case 'SampleCount':
      return samples.sampleCount;
    case 'Average':
      return samples.sum / samples.sampleCount;
    case 'Minimum':
      return samples.minimum;
    case 'Maximum':
      return samples.maximum;
    default:
      return statistic satisfies never;
  }
}
