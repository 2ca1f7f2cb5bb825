import { describe, expect, it } from 'vitest';
import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { mute } from '../../shared/app/mute.ts';
import { isPending } from '../../shared/domain/incident/delivery.ts';
import { CALL_COUNTS, monthlyCost, OWN_PRICES, runsPerMonth } from '../../shared/domain/own-cost.ts';
import { regionSubject } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { binAt } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, reasonsOf, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const SUBJECT = regionSubject('eu-central-1');
const CALL_COUNT: Metric = { kind: 'callCount', resource: 'CryptographicOperationsSymmetric' };

/** From an hour after START on twice as much within half an hour, for two hours. */
const doubling = (bin: number): number => {
  const since = binsAfterStart(bin) - 12;
  return since >= 0 && since < 24 ? 1 + Math.min(1, (since + 1) / 6) : 1;
};

/** Fifteen keys that make 32 requests a second each, 480 together. None is worth a notice when it doubles. */
const fleet = (factor: (bin: number) => number) => ({
  traces: Array.from({ length: 15 }, (_, n) => ({
    metric: { kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' } satisfies Metric,
    requests: (bin: number) => (32 * 300 + ((bin * 7 + n) % 90)) * factor(bin),
    fromBin: binAt(START) - 2 * 2016,
  })),
  keys: Array.from({ length: 15 }, (_, n) => ({
    keyArn: aKeyArn(n),
    aliases: [`alias/service-${n}`],
    spec: 'SYMMETRIC_DEFAULT',
  })),
});

/** A detector whose account has a quota of its own. */
const aRegion = (options: Parameters<typeof aDetector>[0], perSecond: number) => {
  const detector = aDetector(options);
  const ports = { ...detector.ports, quotaLookup: new MemoryQuotaLookup({ symmetric: perSecond }) };
  const runSchedule = async (from: number, to: number): Promise<void> => {
    for (let at = from; at <= to; at += 300) await detector.run(at + 180, {}, ports);
  };
  return { ...detector, ports, runSchedule };
};

describe("the Region's quota", () => {
  it('is told of once when all keys double and none is guilty, and once that it is over', async () => {
    const { run, runSchedule, email, slack, ports } = aRegion(fleet(doubling), 1_050);

    await runSchedule(START, START + 5 * HOUR);
    await run(START + 36 * HOUR + 180, {}, ports);
    const report = await run(START + 36 * HOUR + 480, {}, ports);

    expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved']);
    expect(reasonsOf(slack.messages)).toEqual(['opened', 'resolved']);
    expect(email.messages[0]).toMatchObject({
      key: { keyArn: SUBJECT },
      notification: { severity: 'page', facts: { region: { source: 'keys', otherKeys: 10 }, assumed: [] } },
    });
    const { open } = await ports.incidents.loadOpen();
    expect(open.map(({ record }) => record.incident.keyArn)).not.toContain(SUBJECT);
    expect(await ports.incidents.closed(SUBJECT, 5)).toMatchObject([
      { status: 'resolved', severity: 'page' },
    ]);
    expect(report).toMatchObject({ keys: 15, incidents: expect.not.arrayContaining([{ keyArn: SUBJECT }]) });
  });

  it('stands in the report of the week, although it is over', async () => {
    const { run, runSchedule, email, ports } = aRegion(fleet(doubling), 1_050);
    await run(START - 300 + 180, { scheduled: true }, ports);
    await runSchedule(START, START + 5 * HOUR);
    await run(START + 36 * HOUR + 180, {}, ports);
    await run(START + 36 * HOUR + 480, {}, ports);

    await run(Date.parse('2026-11-23T08:03:00Z') / 1000, { scheduled: true }, ports);

    const reports = email.messages.flatMap((message) =>
      message.kind === 'notice' && message.notice.facts.kind === 'weekly' ? [message.notice.facts] : [],
    );
    expect(reports).toMatchObject([{ total: 1, pages: 1, open: 0 }]);
  });

  it.each([SUBJECT, '*'])('can be muted as %s, and is told when the mute ends', async (key) => {
    const lasting = (bin: number) => 1 + Math.min(1, Math.max(0, (binsAfterStart(bin) - 11) / 6));
    const { runSchedule, email, ports } = aRegion(fleet(lasting), 1_050);
    await runSchedule(START, START);
    const report = await mute(ports, { key, until: START + 2 * HOUR, reason: 'known', by: 'ada' }, 'm1');

    await runSchedule(START + 300, START + 2 * HOUR - 300);

    expect(report.matches.count).toBe(key === '*' ? 15 : 1);
    expect(email.messages).toEqual([]);
    const { open } = await ports.incidents.loadOpen();
    const { record } = open.find((one) => one.record.incident.keyArn === SUBJECT) ?? {};
    expect(record).toMatchObject({ incident: { status: 'open' }, heldBack: { reason: 'opened' } });
    expect(record?.notifications.some(isPending)).toBe(false);

    await runSchedule(START + 2 * HOUR, START + 2 * HOUR + 600);

    expect(email.messages).toMatchObject([
      { key: { keyArn: SUBJECT }, notification: { reason: 'opened', mutedSince: expect.any(Number) } },
    ]);
  });

  it('is heard while only keys are muted', async () => {
    const { runSchedule, email, ports } = aRegion(fleet(doubling), 1_050);
    await runSchedule(START, START);
    await mute(ports, { key: 'alias/*', until: START + 9 * HOUR, reason: 'known', by: 'ada' }, 'm1');

    await runSchedule(START + 300, START + 2 * HOUR);

    expect(email.messages).toMatchObject([{ key: { keyArn: SUBJECT } }]);
  });

  it('is only recorded while the page of one guilty key tells of it', async () => {
    const { traces, keys } = fleet(() => 1);
    const storm = (bin: number) => (binsAfterStart(bin) >= 12 ? 500 * 300 : 300);
    const guilty = { kind: 'key', keyArn: aKeyArn(99), operation: 'Decrypt' } satisfies Metric;
    const { runSchedule, email, ports } = aRegion(
      { traces: [...traces, { metric: guilty, requests: storm, fromBin: binAt(START) - 2 * 2016 }], keys },
      1_050,
    );

    await runSchedule(START, START + 2 * HOUR);

    expect(email.messages).toMatchObject([
      { key: { keyArn: aKeyArn(99) }, notification: { reason: 'opened', severity: 'page' } },
    ]);
    const { open } = await ports.incidents.loadOpen();
    expect(open.find(({ record }) => record.incident.keyArn === SUBJECT)?.record).toMatchObject({
      incident: { severity: 'digest', status: 'open' },
      audience: [],
    });
  });

  it('is what AWS counts, not what the keys explain', async () => {
    const { traces, keys } = fleet(() => 1);
    const { runSchedule, recorded, email } = aRegion({ traces, keys }, 1_050);
    const first = binAt(START) - 24;
    const counted = Array.from({ length: 72 }, (_, i) => (binsAfterStart(first + i) >= 12 ? 950 : 490) * 300);
    recorded.record(CALL_COUNT, first, counted);

    await runSchedule(START, START + 2 * HOUR);

    expect(email.messages).toMatchObject([
      { key: { keyArn: SUBJECT }, notification: { facts: { region: { source: 'callCount' } } } },
    ]);
  });

  it('neither opens nor closes while too many keys cannot be read', async () => {
    const { traces, keys } = fleet(doubling);
    const { run, runSchedule, metrics, email, ports } = aRegion({ traces, keys }, 1_050);
    await runSchedule(START, START + 2 * HOUR);
    for (const { metric } of traces) metrics.fail(metric, 'internalError');

    await run(START + 5 * HOUR + 180, {}, ports);

    expect(reasonsOf(email.messages)).toEqual(['opened']);
  });

  it('is not judged by a check of some keys', async () => {
    const { run, ports } = aRegion(fleet(doubling), 1_050);
    await run(START + 180, {}, ports);

    const some = await run(START + 2 * HOUR + 180, { keys: ['alias/service-1*'], notify: false }, ports);
    const all = await run(START + 2 * HOUR + 180, { notify: false }, ports);

    expect(some.incidents.map(({ keyArn }) => keyArn)).not.toContain(SUBJECT);
    expect(all.incidents.map(({ keyArn }) => keyArn)).toContain(SUBJECT);
  });
});

/** A cap on the bill that leaves a run a third of the fifteen series, and AWS's own counts. */
const spending = () => {
  const own = { scheduleMinutes: 5, customMetrics: 8, slack: true };
  const other = monthlyCost({ ...own, keys: 15, series: 15, metricsPerRun: 0 }, own.customMetrics).total;
  const perRun = (5.1 + 2 * CALL_COUNTS) * OWN_PRICES.getMetricDataPerMetric;
  return { ...own, monthlyUsdCap: other + perRun * runsPerMonth(own.scheduleMinutes) };
};

/**
 * What is told of a Region whose keys together fill 85 % of its quota as they always have. The quota was far away until
 * the metrics are listed again, an hour after `listedAt`.
 */
async function steadilyFull(listedAt: number, isCounted: boolean, isCapped: boolean) {
  const { traces, keys } = fleet(() => 1);
  const total = (bin: number) => traces.reduce((sum, { requests }) => sum + requests(bin), 0);
  const fromBin = binAt(START) - 2 * 2016;
  const counts = isCounted ? [{ metric: CALL_COUNT, requests: total, fromBin }] : [];
  const capped = isCapped ? { spending: spending() } : {};
  const detector = aDetector({ traces: [...traces, ...counts], keys, ...capped });
  const quotaLookup = new MemoryQuotaLookup({ symmetric: 10_000 });
  const ports = { ...detector.ports, quotaLookup };
  await detector.run(listedAt - 23 * HOUR + 180, {}, ports);
  await detector.run(listedAt + 180, {}, ports);
  quotaLookup.put({ symmetric: 565 });
  let notDue = 0;
  for (let at = listedAt + 300; at <= listedAt + 2 * HOUR; at += 300)
    notDue += (await detector.run(at + 180, { scheduled: true }, ports)).notDue ?? 0;
  const told = detector.email.messages.flatMap((message) =>
    message.kind === 'incident'
      ? [{ key: message.key.keyArn, ...message.notification, usual: message.notification.facts.region }]
      : [],
  );
  return { told, notDue };
}

describe("the Region's quota under a cap on the bill", () => {
  it.each([
    ['by AWS', '08:58', true, START - 300],
    ['by AWS', '09:08', true, START + 300],
    ['by its keys', '08:58', false, START - 300],
    ['by its keys', '09:08', false, START + 300],
  ])(
    'counted %s, at %s, is told of as if all were read: what is left out is usual',
    async (_, __, isCounted, listedAt) => {
      const all = await steadilyFull(listedAt, isCounted, false);
      const some = await steadilyFull(listedAt, isCounted, true);

      const facts = ({ told }: typeof all) =>
        told.map(({ key, reason, severity, at, usual }) => ({
          key,
          reason,
          severity,
          at,
          usualPerSecond: Math.round(usual?.usualPerSecond ?? 0),
        }));
      expect(some.notDue).toBeGreaterThan(20 * 10);
      expect(facts(some)).toEqual(facts(all));
      expect(facts(all)).toMatchObject([{ key: SUBJECT, reason: 'opened', severity: 'notice' }]);
    },
  );
});

describe("an account's own quotas", () => {
  it('are read once a day, and the last copy is used and named while they cannot be', async () => {
    const { run, ports } = aDetector({
      traces: fleet(() => 1).traces.slice(0, 1),
      until: START + 3 * 86_400,
    });
    let asked = 0;
    const quotaLookup = {
      readQuotas: () => {
        asked++;
        return asked === 1 ? Promise.resolve({ symmetric: 45_000 }) : Promise.reject(new Error('denied'));
      },
    };
    const check = (at: number) => run(at, {}, { ...ports, quotaLookup });

    const first = await check(START + 180);
    const second = await check(START + 480);
    const nextDay = await check(START + 86_400 + 180);

    expect([first.stale, second.stale, nextDay.stale]).toEqual([[], [], ['quotas']]);
    expect(asked).toBe(2);
    expect((await ports.facts.load()).quotas).toEqual({
      readAt: START + 180,
      perSecond: { symmetric: 45_000 },
    });
  });
});
