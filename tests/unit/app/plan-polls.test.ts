import { describe, expect, it } from 'vitest';
import { MemoryMetricSource } from '../../../shared/adapters/memory/memory-metric-source.ts';
import { RecordedMetrics } from '../../../shared/adapters/memory/recorded-metrics.ts';
import type { Discovered } from '../../../shared/app/discover.ts';
import type { SeriesWindow } from '../../../shared/app/fetch-usage.ts';
import type { Known } from '../../../shared/app/load.ts';
import { assumedUse, choosePolls } from '../../../shared/app/plan-polls.ts';
import { newBaseline } from '../../../shared/domain/detection/baseline.ts';
import { CALL_COUNTS, monthlyCost } from '../../../shared/domain/own-cost.ts';
import type { OwnCost } from '../../../shared/domain/run-report.ts';
import { binAt } from '../../../shared/domain/usage/time.ts';
import { aReport } from '../../contract/run-store.contract.ts';
import { aDetector } from '../../support/a-detector.ts';
import { aKeyArn } from '../../support/keys.ts';

const MIDNIGHT = Date.parse('2026-11-10T00:00:00Z') / 1000;
const KEYS = 120;
const LISTED = 40;
const CUSTOM_METRICS = 8;

const KNOWN: Known = {
  baselines: new Map(),
  incidents: new Map(),
  unreadableIncidents: new Map(),
  mutes: [],
  accepted: new Map(),
  unreadableCommands: [],
  directory: { keys: new Map() },
  lastDiscovery: MIDNIGHT,
  lastReport: undefined,
};

const FOUND: Discovered = {
  series: [],
  known: [],
  targets: new Map(),
  directory: { keys: new Map() },
  recentlyActive: new Set(Array.from({ length: LISTED }, (_, n) => aKeyArn(n))),
  listedAll: false,
  stale: [],
};

const windowsAt = (bin: number): SeriesWindow[] =>
  Array.from({ length: KEYS }, (_, n) => ({
    source: {
      id: { keyArn: aKeyArn(n), operation: 'Decrypt' },
      metrics: [{ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' }],
    },
    startBin: bin - 12,
    endBin: bin,
    isKnown: true,
  }));

/** The bill of a month of days like the one that is played, and what the last run of it says of its bill. */
async function playADay(scheduleMinutes: number, monthlyUsdCap: number) {
  const spending = { monthlyUsdCap, scheduleMinutes, customMetrics: CUSTOM_METRICS, slack: true };
  const settings = { ...aDetector({ traces: [] }).settings, spending };
  const metrics = new MemoryMetricSource(new RecordedMetrics());
  const runs = 1440 / scheduleMinutes;
  let ownCost: OwnCost | undefined;
  let asked = 0;
  for (let run = 0; run < runs; run++) {
    const asOf = MIDNIGHT + 180 + run * scheduleMinutes * 60;
    const known = ownCost ? { ...KNOWN, lastReport: aReport({ ownCost }) } : KNOWN;
    const request = {
      runId: 'run',
      asOf,
      deadline: asOf + 60,
      replay: false,
      lookbackSeconds: 0,
      notify: true,
    };
    const windows = windowsAt(binAt(asOf));
    const polls = await choosePolls({ metrics }, known, FOUND, windows, settings, {
      ...request,
      scheduled: true,
    });
    const metricsOfRun = polls.windows.length + 2 * CALL_COUNTS;
    // The first run knows of none before it and reads everything.
    if (run > 0) asked += metricsOfRun;
    ownCost = polls.cost && { ...polls.cost, metricsThisMonth: polls.cost.metricsThisMonth + metricsOfRun };
  }
  const metricsPerRun = asked / (runs - 1);
  const deployment = { keys: KEYS, series: KEYS, scheduleMinutes, slack: true, metricsPerRun };
  return { usdAMonth: monthlyCost(deployment, CUSTOM_METRICS).total, ownCost };
}

describe('choosePolls', () => {
  it.each([1, 5, 10, 15, 30, 60].flatMap((minutes) => [5, 6, 12, 60].map((cap) => ({ minutes, cap }))))(
    'keeps the bill at most $cap dollars every $minutes minutes, or says so, and foretells it',
    async ({ minutes, cap }) => {
      const { usdAMonth, ownCost } = await playADay(minutes, cap);

      expect((ownCost?.usdAMonth ?? 0) / usdAMonth).toBeGreaterThan(0.97);
      expect((ownCost?.usdAMonth ?? 0) / usdAMonth).toBeLessThan(1.03);
      if (!ownCost?.isOverCap) expect(usdAMonth).toBeLessThanOrEqual(cap);
    },
  );
});

describe('assumedUse', () => {
  const [window] = windowsAt(1212);
  const windows = window ? [{ ...window, startBin: 1200 }] : [];

  it("takes what is learned of each bin's own hour, and after that the last hour, from the Region's first bin on", () => {
    const baseline = newBaseline(1000);
    baseline.learnedThrough = 100;
    baseline.hourSums[98] = 240;
    baseline.hourSums[99] = 120;
    const operations = new Map([['Decrypt', { baseline, counterparts: [] }]]);
    const key = { keyArn: aKeyArn(0), version: 1, operations, unreadable: new Map() };
    const known = { ...KNOWN, baselines: new Map([[aKeyArn(0), key]]) };

    const [assumed] = assumedUse(known, windows, 1186);

    const learned = [...Array.from({ length: 2 }, () => 20), ...Array.from({ length: 12 }, () => 10)];
    const since = Array.from({ length: 12 }, () => 10);
    expect(assumed?.usage.startBin).toBe(1186);
    expect([...(assumed?.usage.requests ?? [])]).toEqual([...learned, ...since]);
  });

  it('knows nothing of a series of which nothing is learned: that is not zero', () => {
    const [assumed] = assumedUse(KNOWN, windows, 1176);

    expect(assumed?.usage.startBin).toBe(1200);
    expect(assumed?.usage.requests.every(Number.isNaN)).toBe(true);
  });
});
