import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryMetricDirectory } from '../../shared/adapters/memory/memory-metric-directory.ts';
import { MemoryMetricSource } from '../../shared/adapters/memory/memory-metric-source.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { RecordedMetrics } from '../../shared/adapters/memory/recorded-metrics.ts';
import type { BacktestMessage } from '../../shared/app/backtest.ts';
import { detect } from '../../shared/app/detect.ts';
import type { Spending } from '../../shared/app/detect-request.ts';
import { callCountsOf } from '../../shared/app/fetch-usage.ts';
import type { OperationBaseline } from '../../shared/app/ports.ts';
import { shippedConfig } from '../../shared/config.ts';
import { groupBy } from '../../shared/domain/group-by.ts';
import type { IncidentMessage, Message } from '../../shared/domain/incident/message.ts';
import { louder, type Policy } from '../../shared/domain/policy.ts';
import { UNKNOWN } from '../../shared/domain/usage/series.ts';
import { BINS_PER_HOUR, binEnd, storedThrough } from '../../shared/domain/usage/time.ts';
import { RUN_METRICS } from '../../shared/run-metrics.ts';
import { type Account, REGION } from '../detection/world/account.ts';
import { emptyPorts, learned, requestAt, SETTLE_SECONDS, settingsOf } from '../in-memory.ts';

/** What a receiver was sent while an account was watched, and what watching it asked CloudWatch for. */
export interface Played {
  readonly messages: readonly BacktestMessage[];
  readonly runs: number;
  readonly metricsRequested: number;
  /** Runs in which a jump of AWS's own counts brought every key's turn forward. */
  readonly broughtForward: number;
  /** Runs whose least paces alone cost more than the cap: incidents that are open are read in every run. */
  readonly overCap: number;
}

/** The template's schedule and receivers under a cap of the whole bill, in dollars a month. */
export const spendingUnder = (monthlyUsdCap: number): Spending => ({
  monthlyUsdCap,
  scheduleMinutes: shippedConfig().SCHEDULE_MINUTES,
  customMetrics: Object.keys(RUN_METRICS).length,
  slack: true,
});

/**
 * Watches an account through its judged weeks, a run every five minutes; what came before is learned already. A bin
 * without requests has no datapoint.
 */
export async function play(
  { recording, judgeFromBin }: Account,
  policy: Policy,
  spending: Spending,
  onRun: (done: number, of: number) => void,
): Promise<Played> {
  const recorded = recordedUse(recording);
  const clock = new FixedClock(binEnd(judgeFromBin) + SETTLE_SECONDS);
  const receiver = new MemoryReceiver();
  const metrics = new MemoryMetricSource(recorded);
  const ports = {
    ...emptyPorts(),
    clock,
    metrics,
    metricDirectory: new MemoryMetricDirectory(recorded, clock),
    baselines: await baselinesBefore(recording, clock.now()),
    receivers: [receiver],
  };
  const settings = { ...settingsOf(policy), spending };
  const played = { runs: 0, broughtForward: 0, overCap: 0 };
  for (let bin = judgeFromBin; bin < recording.endBin; bin++) {
    clock.set(binEnd(bin) + SETTLE_SECONDS);
    const { ownCost } = await detect(ports, settings, {
      ...requestAt(`run-${bin}`, clock.now()),
      scheduled: true,
    });
    played.runs++;
    if (ownCost?.broughtForwardUsdPerHour !== undefined) played.broughtForward++;
    if (ownCost?.isOverCap) played.overCap++;
    onRun(played.runs, recording.endBin - judgeFromBin);
  }
  return {
    ...played,
    messages: receiver.messages.flatMap(toldBy),
    metricsRequested: metrics.metricsRequested,
  };
}

/** The keys' metrics, and AWS's own count of all their requests. */
function recordedUse({ series, startBin, endBin }: Account['recording']): RecordedMetrics {
  const recorded = new RecordedMetrics();
  const all = new Float64Array(endBin - startBin);
  for (const { id, usage } of series) {
    const withGaps = usage.requests.map((count) => (count > 0 ? count : UNKNOWN));
    recorded.record({ kind: 'key', ...id }, usage.startBin, withGaps);
    for (const [i, count] of usage.requests.entries()) {
      const at = usage.startBin - startBin + i;
      all[at] = (all[at] ?? 0) + count;
    }
  }
  for (const { group, metric } of callCountsOf({ region: REGION }, REGION))
    if (group === 'symmetric') recorded.record(metric, startBin, all);
  return recorded;
}

async function baselinesBefore({ series }: Account['recording'], asOf: number): Promise<MemoryBaselineStore> {
  const throughHour = storedThrough(asOf);
  const store = new MemoryBaselineStore();
  const known = series.filter(({ usage }) => usage.startBin < throughHour * BINS_PER_HOUR);
  for (const [keyArn, ofKey] of groupBy(known, ({ id }) => id.keyArn)) {
    const operations = new Map(
      ofKey.map(({ id, usage }): [string, OperationBaseline] => [
        id.operation,
        { baseline: learned(usage, throughHour), counterparts: [] },
      ]),
    );
    await store.save({ keyArn, version: 0, operations, unreadable: new Map() });
  }
  return store;
}

/** A message as the judge reads it; digests, reports and drills open nothing. */
function toldBy(message: Message): BacktestMessage[] {
  if (message.kind === 'drill' || message.kind === 'notice') return [];
  const items: readonly IncidentMessage[] = message.kind === 'group' ? message.items : [message];
  const [first] = items;
  if (!first) return [];
  const { at, reason } = first.notification;
  return [
    {
      at,
      kind: message.kind === 'group' ? 'group' : reason,
      severity: items.map(({ notification }) => notification.severity).reduce(louder),
      keyArns: [...new Set(items.map(({ key }) => key.keyArn))],
      incidentIds: items.map(({ notification }) => notification.incident.id),
    },
  ];
}
