import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryMetricSource } from '../../shared/adapters/memory/memory-metric-source.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import { detect } from '../../shared/app/detect.ts';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { type KeyArn, parseKeyArn } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_HOUR, type Hour } from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { emptyPorts, requestAt, SETTLE_SECONDS, settingsOf } from '../in-memory.ts';
import type { Taught } from './taught.ts';

const OPERATIONS = ['Decrypt', 'GenerateDataKey'] as const;
/** A run reads about two hours of each series: what its baseline has not learned yet. */
export const BINS_OF_A_RUN = 2 * BINS_PER_HOUR;

/** An account with this many series, two for each key, whose baselines are stored up to an hour. */
export function preparedRun(taught: readonly Taught[], count: number, throughHour: Hour): DetectPorts {
  const recorded = new RecordedMetrics();
  const baselines = new MemoryBaselineStore();
  const metrics: Metric[] = [];
  for (let i = 0; i < count; i++) {
    const one = taught[i % taught.length];
    if (!one) throw new RangeError('no series to run with');
    const keyArn = keyArnOf(i >> 1);
    const operation = OPERATIONS[i & 1] ?? 'Decrypt';
    baselines.putBytes(keyArn, operation, one.bytes);
    const metric: Metric = { kind: 'key', keyArn, operation };
    metrics.push(metric);
    recorded.record(metric, throughHour * BINS_PER_HOUR, one.next);
  }
  return {
    ...emptyPorts(),
    clock: new FixedClock(asOfFor(throughHour)),
    metrics: new MemoryMetricSource(recorded),
    metricDirectory: { listMetrics: () => Promise.resolve(metrics) },
    baselines,
    receivers: [new MemoryReceiver({ name: 'sns' })],
  };
}

/** One whole run of the pipeline: load, fetch, judge, decide, claim, send, save. */
export function runOnce(ports: DetectPorts, throughHour: Hour): Promise<RunReport> {
  const asOf = asOfFor(throughHour);
  const policy = parsePolicy(undefined, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 });
  return detect(ports, settingsOf(policy), requestAt('bench', asOf));
}

const asOfFor = (throughHour: Hour): number => (throughHour + 2) * 3600 + SETTLE_SECONDS;

function keyArnOf(n: number): KeyArn {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const keyArn = parseKeyArn(`arn:aws:kms:eu-central-1:111122223333:key/${id}`);
  if (!keyArn) throw new RangeError(`${id} is no key id`);
  return keyArn;
}
