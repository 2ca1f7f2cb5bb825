import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryCallerSource } from '../../shared/adapters/memory/memory-caller-source.ts';
import { MemoryCommandStore } from '../../shared/adapters/memory/memory-command-store.ts';
import { MemoryIncidentStore } from '../../shared/adapters/memory/memory-incident-store.ts';
import { MemoryKeyFactsStore } from '../../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryKeyLookup } from '../../shared/adapters/memory/memory-key-lookup.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { MemoryMetricSource } from '../../shared/adapters/memory/memory-metric-source.ts';
import { MemoryNoticeStore } from '../../shared/adapters/memory/memory-notice-store.ts';
import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { MemoryRunStore } from '../../shared/adapters/memory/memory-run-store.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import { detect } from '../../shared/app/detect.ts';
import type { DetectPorts } from '../../shared/app/detect-request.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { type KeyArn, parseKeyArn } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_HOUR, type Hour } from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import type { Taught } from './taught.ts';

const SETTLE_SECONDS = 180;
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
  const clock = new FixedClock(asOfFor(throughHour));
  return {
    clock,
    log: new MemoryLog(),
    metrics: new MemoryMetricSource(recorded),
    metricDirectory: { listMetrics: () => Promise.resolve(metrics) },
    baselines,
    incidents: new MemoryIncidentStore(),
    commands: new MemoryCommandStore(),
    notices: new MemoryNoticeStore(),
    runs: new MemoryRunStore(),
    keyLookup: new MemoryKeyLookup([]),
    quotaLookup: new MemoryQuotaLookup(),
    facts: new MemoryKeyFactsStore(),
    callers: new MemoryCallerSource(),
    receivers: [new MemoryReceiver({ name: 'sns' })],
  };
}

/** One whole run of the pipeline: load, fetch, judge, decide, claim, send, save. */
export function runOnce(ports: DetectPorts, throughHour: Hour): Promise<RunReport> {
  const asOf = asOfFor(throughHour);
  const policy = parsePolicy(undefined, { sensitivity: 200, pageUsdPerHour: 10, noticeUsdPerHour: 0.5 });
  const settings = {
    policy,
    origin: { account: 'bench', region: 'eu-central-1', timeZone: 'UTC' },
    settleSeconds: SETTLE_SECONDS,
    maxMessagesPerHour: 20,
    quota: (group: Parameters<typeof defaultQuota>[0]) => defaultQuota(group, 'eu-central-1'),
  };
  return detect(ports, settings, {
    runId: 'bench',
    asOf,
    deadline: asOf + 240,
    replay: false,
    lookbackSeconds: 0,
    notify: true,
  });
}

const asOfFor = (throughHour: Hour): number => (throughHour + 2) * 3600 + SETTLE_SECONDS;

function keyArnOf(n: number): KeyArn {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const keyArn = parseKeyArn(`arn:aws:kms:eu-central-1:111122223333:key/${id}`);
  if (!keyArn) throw new RangeError(`${id} is no key id`);
  return keyArn;
}
