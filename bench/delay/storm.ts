import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryMetricDirectory } from '../../shared/adapters/memory/memory-metric-directory.ts';
import { MemoryMetricSource } from '../../shared/adapters/memory/memory-metric-source.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import { detect } from '../../shared/app/detect.ts';
import type { MetricSource } from '../../shared/app/ports.ts';
import { shippedPolicyDefaults } from '../../shared/config.ts';
import type { Baseline } from '../../shared/domain/detection/baseline.ts';
import { parseKeyArn } from '../../shared/domain/usage/key.ts';
import { UNKNOWN } from '../../shared/domain/usage/series.ts';
import {
  BIN_SECONDS,
  BINS_PER_WEEK,
  binAt,
  binEnd,
  binStart,
  DAY_SECONDS,
  type EpochSeconds,
  storedThrough,
} from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { randomFrom } from '../detection/world/random.ts';
import { emptyPorts, learned, requestAt, SETTLE_SECONDS, settingsOf } from '../in-memory.ts';

const MONDAY = Date.parse('2026-11-16T00:00:00Z') / 1000;
const HISTORY_BINS = 8 * BINS_PER_WEEK;

/** How long a storm is waited for. */
const WATCHED_SECONDS = 2 * 3600;
const CALM_SECONDS = 1800;

const KEY_ARN = parseKeyArn('arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000001');

/** A key whose use becomes a storm at some second of a week and stays one. */
export interface Storm {
  readonly start: EpochSeconds;
  readonly firstBin: number;
  readonly requests: Float64Array;
  /** What eight weeks have taught before the storm is watched. */
  readonly baseline: Baseline;
}

/** The storm of a seed: ten times to a hundred times what is usual at that hour, from any second on. */
export function stormOf(seed: number): Storm {
  const random = randomFrom(seed, 71);
  const start = MONDAY + random.whole(0, 7 * DAY_SECONDS);
  const factor = random.logBetween(10, 100);
  const usual = random.logBetween(2000, 50_000);
  const swing = random.between(0, 0.6);
  const firstBin = binAt(start) - HISTORY_BINS;
  const requests = Float64Array.from({ length: HISTORY_BINS + WATCHED_SECONDS / BIN_SECONDS + 2 }, (_, i) => {
    const from = binStart(firstBin + i);
    const level = usual * (1 + swing * Math.sin((2 * Math.PI * (from % DAY_SECONDS)) / DAY_SECONDS));
    const share = Math.min(1, Math.max(0, (from + BIN_SECONDS - start) / BIN_SECONDS));
    return random.poisson(level * (1 + (factor - 1) * share));
  });
  return {
    start,
    firstBin,
    requests,
    baseline: learned({ startBin: firstBin, requests }, storedThrough(start - CALM_SECONDS)),
  };
}

/** Seconds from the start of a storm to the first message of its incident; undefined: there was none. */
export async function secondsToTell(storm: Storm, publicationSeconds: number): Promise<number | undefined> {
  if (!KEY_ARN) throw new RangeError('no key ARN');
  const metric = { kind: 'key', keyArn: KEY_ARN, operation: 'Decrypt' } as const;
  const recorded = new RecordedMetrics();
  recorded.record(metric, storm.firstBin, storm.requests);
  const clock = new FixedClock(storm.start);
  const email = new MemoryReceiver();
  const baselines = new MemoryBaselineStore();
  await baselines.save({
    keyArn: KEY_ARN,
    version: 0,
    operations: new Map([['Decrypt', { baseline: storm.baseline, counterparts: [] }]]),
    unreadable: new Map(),
  });
  const ports = {
    ...emptyPorts(),
    clock,
    metrics: publishedLate(new MemoryMetricSource(recorded), clock, publicationSeconds),
    metricDirectory: new MemoryMetricDirectory(recorded, clock),
    baselines,
    receivers: [email],
  };
  const settings = settingsOf(parsePolicy(undefined, shippedPolicyDefaults()));
  for (let bin = binAt(storm.start - CALM_SECONDS); binEnd(bin) < storm.start + WATCHED_SECONDS; bin++) {
    const asOf = binEnd(bin) + SETTLE_SECONDS;
    clock.set(asOf);
    await detect(ports, settings, { ...requestAt(`run-${bin}`, asOf), scheduled: true });
    if (email.messages.some(({ kind }) => kind === 'incident' || kind === 'group')) return asOf - storm.start;
  }
  return undefined;
}

/** CloudWatch that shows a bin only so long after its end. */
function publishedLate(source: MetricSource, clock: FixedClock, seconds: number): MetricSource {
  return {
    get metricsRequested() {
      return source.metricsRequested;
    },
    fetch: async (batch) => {
      const outcomes = await source.fetch(batch);
      for (const outcome of outcomes) {
        if (outcome.kind !== 'values') continue;
        const { startBin, values } = outcome.values;
        for (let i = 0; i < values.length; i++)
          if (binEnd(startBin + i) + seconds > clock.now()) values[i] = UNKNOWN;
      }
      return outcomes;
    },
  };
}
