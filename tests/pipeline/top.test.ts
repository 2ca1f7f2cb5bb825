import { describe, expect, it } from 'vitest';
import { MemoryUsageQuery } from '../../shared/adapters/memory/memory-usage-query.ts';
import { diagnoseTop } from '../../shared/app/diagnose-top.ts';
import { type TopPlan, type TopPorts, type TopRequest, top } from '../../shared/app/top.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_WEEK, binAt, HOUR_SECONDS } from '../../shared/domain/usage/time.ts';
import { aDetector, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const NOW = START + 180;
const LAST_WEEK = binAt(START) - BINS_PER_WEEK + 1;
const FROM_BIN = binAt(START) - 8 * BINS_PER_WEEK;

const metric = (key: number, operation = 'Decrypt'): Metric => ({
  kind: 'key',
  keyArn: aKeyArn(key),
  operation,
});
const PAIR: Metric = { kind: 'reEncrypt', source: aKeyArn(1), destination: aKeyArn(2) };

/** Two keys with one pair between them: key 1 has doubled since last week. */
function anAccount() {
  const detector = aDetector({
    traces: [
      { metric: metric(1), requests: (bin) => (bin < LAST_WEEK ? 1000 : 2000), fromBin: FROM_BIN },
      { metric: metric(2, 'Encrypt'), requests: () => 300, fromBin: FROM_BIN },
      { metric: PAIR, requests: () => 10, fromBin: FROM_BIN },
    ],
    keys: [
      { keyArn: aKeyArn(1), aliases: ['alias/lake'], spec: 'SYMMETRIC_DEFAULT', manager: 'CUSTOMER' },
      { keyArn: aKeyArn(2), aliases: [], spec: 'SYMMETRIC_DEFAULT', manager: 'CUSTOMER' },
    ],
    until: START,
  });
  const usageQuery = new MemoryUsageQuery(detector.recorded, detector.ports.clock);
  const ports = { ...detector.ports, usageQuery };
  const ask = (
    request: Partial<TopRequest> = {},
    through: Partial<TopPorts> = {},
    onPlan?: (plan: TopPlan) => void,
  ) => {
    detector.ports.clock.set(NOW);
    return top(
      { ...ports, ...through },
      { ...detector.settings, region: 'eu-central-1' },
      { asOf: NOW, by: 'cost', lastSeconds: 3 * HOUR_SECONDS, limit: 20, ...request },
      onPlan,
    );
  };
  return { ...detector, ports, usageQuery, ask };
}

describe('the keys that use most', () => {
  it('are ranked over the last settled hours, against the week before', async () => {
    const { ask, usageQuery } = anAccount();
    usageQuery.count(new Map([['symmetric', 35 * 2310 + 500]]));

    expect(await ask()).toMatchObject({
      region: 'eu-central-1',
      from: '2026-11-18T05:05:00Z',
      to: '2026-11-18T08:00:00Z',
      periodSeconds: 300,
      keys: [
        { aliases: ['alias/lake'], requests: 35 * 2010, weekBefore: 35 * 1010 },
        { keyArn: aKeyArn(2), requests: 35 * 300, weekBefore: 35 * 300 },
      ],
      total: { requests: 35 * 2310 },
      notAttributed: { keyless: [{ group: 'symmetric', calls: 500 }] },
      notRead: { count: 0 },
      notes: [],
    });
  });

  it('are the same read by one query or metric by metric, which is said', async () => {
    const { ask, usageQuery } = anAccount();
    const byQuery = await ask();
    usageQuery.refuse('too many groups');

    const byMetric = await ask();

    expect(byMetric).toEqual({
      ...byQuery,
      notAttributed: { ...byQuery.notAttributed, keyless: null },
      notes: [
        expect.stringContaining(
          'metric by metric, because CloudWatch did not answer for all at once: too many',
        ),
        expect.stringContaining("AWS's own count of calls is not known"),
      ],
    });
  });

  it('include one that CloudWatch does not list yet', async () => {
    const { ask } = anAccount();

    const { keys } = await ask(
      {},
      { metricDirectory: { listMetrics: () => Promise.resolve([metric(2, 'Encrypt')]) } },
    );

    expect(keys.map(({ requests }) => requests)).toEqual([35 * 2010, 35 * 300]);
  });

  it.each([
    [300, '07:55'],
    [2 * HOUR_SECONDS, '06:00'],
    [3 * HOUR_SECONDS - 600, '05:10'],
    [3 * HOUR_SECONDS + 300, '04:55'],
  ])('of the last %i seconds are those since %s, as far as no query limits it', async (lastSeconds, from) => {
    const { ask } = anAccount();

    expect(await ask({ lastSeconds })).toMatchObject({
      from: `2026-11-18T${from}:00Z`,
      to: '2026-11-18T08:00:00Z',
      notes: [],
    });
  });

  it('are read in hours over a long window, up to the last full one', async () => {
    const { ask, metrics } = anAccount();

    const report = await ask({ asOf: START - 1200, lastSeconds: 30 * 86_400 });

    expect(report).toMatchObject({
      from: '2026-10-19T07:00:00Z',
      to: '2026-11-18T07:00:00Z',
      periodSeconds: 3600,
      keys: [{ requests: 30 * 288 * 1010 + (BINS_PER_WEEK - 13) * 1000 }, { requests: 30 * 288 * 300 }],
      notes: [expect.stringContaining('silent for two weeks')],
    });
    expect(metrics.metricsRequested).toBe(6);
  });

  it('say what could not be read instead of leaving it out in silence', async () => {
    const { ask, metrics, usageQuery } = anAccount();
    usageQuery.refuse('not today');
    metrics.fail(metric(1), 'throttled');

    const report = await ask();

    expect(report.notRead).toEqual({ count: 1, examples: [`${aKeyArn(1)} Decrypt: made to fail`] });
    expect(report.keys).toMatchObject([
      { keyArn: aKeyArn(2), complete: true },
      { keyArn: aKeyArn(1), requests: 350, complete: false, weekBefore: null },
    ]);
  });

  it('are announced with what reading them costs at most, and cost no more', async () => {
    for (const lastSeconds of [300, 3 * HOUR_SECONDS, 86_400, 63 * 86_400]) {
      const { ask } = anAccount();
      const plans: TopPlan[] = [];

      const report = await ask({ lastSeconds }, {}, (plan) => plans.push(plan));

      expect(plans).toMatchObject([{ region: 'eu-central-1', series: 4 }]);
      expect(report.metricsRequested).toBeLessThanOrEqual(plans[0]?.metrics ?? 0);
    }
  });

  it('keep their names and prices open where KMS does not answer', async () => {
    const { ask } = anAccount();
    const keyLookup = {
      listAliases: () => Promise.reject(new Error('AccessDenied')),
      describeKey: () => Promise.reject(new Error('AccessDenied')),
    };

    const { keys, notes } = await ask({}, { keyLookup });

    expect(keys[0]).toMatchObject({ aliases: [], spec: null });
    expect(keys[0]?.usd.high).toBeCloseTo(5 * (keys[0]?.usd.low ?? 0));
    expect(notes).toEqual([
      expect.stringContaining('aliases could not be refreshed'),
      expect.stringContaining('specs could not be refreshed'),
      expect.stringContaining('2 of these keys could not be described'),
    ]);
  });
});

describe('a look into the first keys', () => {
  it('asks for callers in their order until the time is up, and says of the others that it was', async () => {
    const { ask, ports, settings, callers, metrics } = anAccount();
    const { keys } = await ask();
    const before = metrics.metricsRequested;
    let now = NOW;
    const slow = {
      ...ports,
      clock: { now: () => now },
      callers: {
        callersOf: (question: Parameters<typeof callers.callersOf>[0]) => {
          now += 100;
          return callers.callersOf(question);
        },
      },
    };

    const request = { runId: 'top', asOf: NOW, deadline: NOW + 60 };
    const found = await diagnoseTop(slow, settings, keys, 2, request);

    expect(found.map(({ keyArn }) => keyArn)).toEqual(keys.slice(0, 2).map(({ keyArn }) => keyArn));
    expect(callers.questions).toMatchObject([{ keyArn: keys[0]?.keyArn, deadline: NOW + 30 }]);
    expect(found[1]?.notKnown).toContainEqual(expect.stringContaining('who calls: the time was up'));
    expect(metrics.metricsRequested).toBeGreaterThan(before);
  });
});
