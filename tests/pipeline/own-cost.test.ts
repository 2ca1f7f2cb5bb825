import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../shared/app/ports.ts';
import { CALL_COUNTS, monthlyCost, OWN_PRICES, runsPerMonth } from '../../shared/domain/own-cost.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, reasonsOf, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const KEYS = 20;
const ACTIVE = 12;
const RUNS = 72;
const SILENT_KEY = KEYS - 1;
const CALL_COUNT: Metric = { kind: 'callCount', resource: 'CryptographicOperationsSymmetric' };

const keyMetric = (index: number): Metric => ({ kind: 'key', keyArn: aKeyArn(index), operation: 'Decrypt' });

/** Active keys make about a hundred requests a bin; the others did so until six hours before START. */
const usual = (index: number) => (bin: number) =>
  index < ACTIVE || binsAfterStart(bin) < -72 ? 100 + ((bin * 7 + index) % 20) : 0;

/** From an hour and a half after START on, $27 an hour. */
const storm = (bin: number) => (binsAfterStart(bin) >= 18 && binsAfterStart(bin) < 36 ? 750_000 : 0);

/** Enough for 6 of the 20 series in a run on average, and AWS's own counts. The least there is, is 4.7. */
const SPENDING = { scheduleMinutes: 5, customMetrics: 8, slack: true };
const other = monthlyCost({ ...SPENDING, keys: KEYS, series: KEYS, metricsPerRun: 0 }, 8).total;
const MONTHLY_USD_CAP = other + (6 + 2 * CALL_COUNTS) * runsPerMonth(5) * OWN_PRICES.getMetricDataPerMetric;

function anAccount(options: { cap: number; storm?: boolean; callCount?: boolean }) {
  const requests = (index: number) => (bin: number) =>
    usual(index)(bin) + (options.storm && index === SILENT_KEY ? storm(bin) : 0);
  const fromBin = binAt(START) - 2016;
  const total = (bin: number) => {
    let sum = 0;
    for (let index = 0; index < KEYS; index++) sum += requests(index)(bin);
    return sum;
  };
  return aDetector({
    traces: [
      ...Array.from({ length: KEYS }, (_, index) => ({
        metric: keyMetric(index),
        requests: requests(index),
        fromBin,
      })),
      ...(options.callCount ? [{ metric: CALL_COUNT, requests: total, fromBin }] : []),
    ],
    ...(options.cap > 0 ? { spending: { ...SPENDING, monthlyUsdCap: options.cap } } : {}),
  });
}

/** Runs every five minutes and notes in which runs each key's metric was asked for. */
async function play(detector: ReturnType<typeof anAccount>, runs = RUNS, firstDeadline?: number) {
  const reports: RunReport[] = [];
  const read = new Map<string, number[]>();
  const metrics: MetricSource = {
    get metricsRequested() {
      return detector.metrics.metricsRequested;
    },
    fetch(batch) {
      for (const metric of batch.metrics)
        if (metric.kind === 'key')
          read.set(metric.keyArn, [...(read.get(metric.keyArn) ?? []), reports.length]);
      return detector.metrics.fetch(batch);
    },
  };
  const ports = { ...detector.ports, metrics };
  for (let at = START + 180; reports.length < runs; at += 300)
    reports.push(
      await detector.run(
        at,
        { scheduled: true, ...(firstDeadline && reports.length === 0 ? { deadline: firstDeadline } : {}) },
        ports,
      ),
    );
  return { reports, read };
}

const toldAt = async (options: Parameters<typeof anAccount>[0]): Promise<number> => {
  const detector = anAccount(options);
  const { reports } = await play(detector, 26);
  return reports.findIndex(({ breaching }) => breaching > 0);
};

describe('the cap on its own bill', () => {
  it('is kept for hours, with no key waiting longer than its pace, and every key accounted for', async () => {
    const { reports, read } = await play(anAccount({ cap: MONTHLY_USD_CAP }));

    const settled = reports.slice(12);
    const perRun = settled.reduce((sum, { metricsRequested }) => sum + metricsRequested, 0) / settled.length;
    expect(perRun).toBeLessThanOrEqual(6 + 2 * CALL_COUNTS);
    for (const { keys, normal, breaching, excluded, notDue = 0, insufficientData, notChecked } of reports) {
      expect(keys).toBe(KEYS);
      expect(notChecked).toEqual({});
      const waiting = Object.values(insufficientData).reduce((sum, { count }) => sum + count, 0);
      expect(normal + breaching + excluded + notDue + waiting).toBe(KEYS);
    }
    for (let index = 0; index < KEYS; index++) {
      const runs = read.get(aKeyArn(index)) ?? [];
      const longest = Math.max(...runs.map((run, i) => (runs[i + 1] ?? RUNS) - run));
      expect(longest).toBeLessThanOrEqual(index < ACTIVE ? 3 : 12);
    }
    const { ownCost } = settled.at(-1) ?? {};
    expect(ownCost).toMatchObject({ monthlyUsdCap: MONTHLY_USD_CAP, isOverCap: false, month: '2026-11' });
    expect(ownCost?.usdAMonth).toBeLessThanOrEqual(MONTHLY_USD_CAP + 0.005);
    expect(ownCost?.metricsThisMonth).toBe(reports.reduce((sum, one) => sum + one.metricsRequested, 0));
  });

  it('learns every hour of a key in use all the same', async () => {
    const [capped, free] = [anAccount({ cap: MONTHLY_USD_CAP }), anAccount({ cap: 0 })];
    await play(capped, 30);
    await play(free, 30);
    const at = START + 30 * 300 + 3 * 3600;
    for (const detector of [capped, free]) await detector.run(at, {});
    const learned = async ({ ports }: ReturnType<typeof anAccount>) =>
      (await ports.baselines.loadAll())
        .flatMap(({ keyArn, operations }) =>
          [...operations.values()].map(({ baseline }) => ({ keyArn, state: [...baseline.state] })),
        )
        .toSorted((a, b) => (a.keyArn < b.keyArn ? -1 : 1));
    const active = new Set(Array.from({ length: ACTIVE }, (_, index) => aKeyArn(index)));
    const ofActive = (all: Awaited<ReturnType<typeof learned>>) =>
      all.filter(({ keyArn }) => active.has(keyArn));
    expect(ofActive(await learned(capped))).toEqual(ofActive(await learned(free)));
  });

  it('delays a storm on a silent key not at all where the account`s calls show it', async () => {
    const everything = await toldAt({ cap: 0, storm: true, callCount: true });
    expect(everything).toBeGreaterThan(0);
    expect(await toldAt({ cap: MONTHLY_USD_CAP, storm: true, callCount: true })).toBe(everything);
  });

  it('delays it by 15 minutes at most where they do not: the key wakes', async () => {
    const everything = await toldAt({ cap: 0, storm: true });
    const capped = await toldAt({ cap: MONTHLY_USD_CAP, storm: true });
    expect(capped - everything).toBeLessThanOrEqual(3);
  });

  it('says when the least pace costs more than the cap, and keeps that pace', async () => {
    const { reports } = await play(anAccount({ cap: 1 }), 30);
    expect(reports.at(-1)?.ownCost).toMatchObject({ isOverCap: true, everyQuarterHour: ACTIVE });
  });

  it('leaves no series out of the first report, whichever of them that run reads', async () => {
    const detector = anAccount({ cap: MONTHLY_USD_CAP });
    // The first run has no time left for it.
    const { reports } = await play(detector, 12, START + 180 + 150);

    const ready = detector.email.messages.flatMap((message) =>
      message.kind === 'notice' && message.notice.facts.kind === 'firstDay' ? [message.notice] : [],
    );
    const facts = ready.map((notice) => notice.facts);
    expect(facts).toMatchObject([{ series: KEYS, history: { leftOut: 0 } }]);
    const { notDue } = reports.find(({ asOf }) => Date.parse(asOf) / 1000 === ready[0]?.at) ?? {};
    expect(notDue).toBeGreaterThan(0);
  });

  it('reads everything when somebody asks by hand, and tells everybody of an incident as ever', async () => {
    const detector = anAccount({ cap: MONTHLY_USD_CAP, storm: true, callCount: true });
    await play(detector, 26);
    expect(reasonsOf(detector.email.messages).filter((kind) => kind === 'opened')).toHaveLength(1);
    const report = await detector.run(START + 27 * 300 + 200, {});
    expect(report.notDue).toBeUndefined();
  });
});
