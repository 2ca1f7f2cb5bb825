import { MemoryCallerSource } from '../shared/adapters/memory/memory-caller-source.ts';
import { MemoryCommandStore } from '../shared/adapters/memory/memory-command-store.ts';
import { MemoryIncidentStore } from '../shared/adapters/memory/memory-incident-store.ts';
import { MemoryKeyFactsStore } from '../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryKeyLookup } from '../shared/adapters/memory/memory-key-lookup.ts';
import { MemoryLog } from '../shared/adapters/memory/memory-log.ts';
import { MemoryNoticeStore } from '../shared/adapters/memory/memory-notice-store.ts';
import { MemoryQuotaLookup } from '../shared/adapters/memory/memory-quota-lookup.ts';
import { MemoryRunStore } from '../shared/adapters/memory/memory-run-store.ts';
import type { DetectRequest, DetectSettings } from '../shared/app/detect-request.ts';
import { defaultQuota } from '../shared/domain/assess/quota.ts';
import { type Baseline, newBaseline } from '../shared/domain/detection/baseline.ts';
import { learnThrough } from '../shared/domain/detection/learn.ts';
import type { Policy } from '../shared/domain/policy.ts';
import { binsOfHour, type UsageSeries } from '../shared/domain/usage/series.ts';
import { BINS_PER_HOUR, type EpochSeconds, type Hour } from '../shared/domain/usage/time.ts';

/** Seconds after a bin's end at which a run judges it. */
export const SETTLE_SECONDS = 180;

/** The ports of a run in memory that say nothing and remember nothing yet, but those that a benchmark fills itself. */
export const emptyPorts = () => ({
  log: new MemoryLog(),
  incidents: new MemoryIncidentStore(),
  commands: new MemoryCommandStore(),
  notices: new MemoryNoticeStore(),
  runs: new MemoryRunStore(),
  keyLookup: new MemoryKeyLookup([]),
  quotaLookup: new MemoryQuotaLookup(),
  facts: new MemoryKeyFactsStore(),
  callers: new MemoryCallerSource(),
});

export const settingsOf = (policy: Policy): DetectSettings => ({
  policy,
  origin: { account: 'bench', region: 'eu-central-1', timeZone: 'UTC' },
  settleSeconds: SETTLE_SECONDS,
  maxMessagesPerHour: 20,
  quota: (group) => defaultQuota(group, 'eu-central-1'),
});

/** A run that has the template's 240 seconds. */
export const requestAt = (runId: string, asOf: EpochSeconds): DetectRequest => ({
  runId,
  asOf,
  deadline: asOf + 240,
  replay: false,
  lookbackSeconds: 0,
  notify: true,
});

/** What a series has taught up to an hour, from its first bin on. */
export function learned(usage: UsageSeries, throughHour: Hour): Baseline {
  const baseline = newBaseline(usage.startBin);
  const bins = new Float64Array(BINS_PER_HOUR);
  learnThrough(baseline, throughHour, (hour) => binsOfHour(usage, hour, bins));
  return baseline;
}
