import { describe, expect, it } from 'vitest';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { aDetector, binsAfterStart, reasonsOf, START, type Trace } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const HOUR = 3600;
const decrypt: Metric = { kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' };
const facts = {
  keyArn: aKeyArn(1),
  aliases: ['alias/lake-etl'],
  spec: 'SYMMETRIC_DEFAULT',
  manager: 'CUSTOMER',
} as const;

/** A steady 300 requests a bin; 60,000 a bin for two hours from an hour after START on: $2.1 an hour. */
const storm: Trace = (bin) =>
  binsAfterStart(bin) >= 12 && binsAfterStart(bin) < 36 ? 60_000 : 300 + (bin % 7);
const steady: Trace = (bin) => 300 + (bin % 7);

describe('a scheduled check', () => {
  it('learns eight weeks of history in its first run and is silent about it', async () => {
    const { run, email, ports } = aDetector({
      traces: [{ metric: decrypt, requests: steady }],
      keys: [facts],
    });

    const first = await run(START + 180);
    const second = await run(START + 480);

    expect(first).toMatchObject({
      keys: 1,
      series: 1,
      insufficientData: { backfillPending: { count: 1 } },
      backfill: { done: 1, remaining: 0 },
    });
    expect(second).toMatchObject({ normal: 1, breaching: 0, insufficientData: {}, notChecked: {} });
    expect(email.messages).toEqual([]);
    expect(await ports.baselines.loadAll()).toHaveLength(1);
  });

  it('tells every receiver once that a key runs away, and once that it is over', async () => {
    const { runSchedule, email, slack } = aDetector({
      traces: [{ metric: decrypt, requests: storm }],
      keys: [facts],
    });

    const last = await runSchedule(START, START + 6 * HOUR);

    expect(reasonsOf(email.messages)).toEqual(['opened', 'resolved']);
    expect(reasonsOf(slack.messages)).toEqual(['opened', 'resolved']);
    expect(email.messages[0]).toMatchObject({
      notification: { severity: 'notice', facts: { operations: [{ operation: 'Decrypt' }] } },
      key: { aliases: ['alias/lake-etl'] },
    });
    expect(last).toMatchObject({ normal: 1, incidents: [], delivery: { pending: 0 } });
  });

  it('tells within the run after the first bin of the storm', async () => {
    const { run, runSchedule, email } = aDetector({
      traces: [{ metric: decrypt, requests: storm }],
      keys: [facts],
    });
    await runSchedule(START, START + HOUR);

    await run(START + HOUR + 300 + 180);

    expect(reasonsOf(email.messages)).toEqual(['opened']);
  });

  it('makes good what earlier runs missed, with the same messages', async () => {
    const { run, email } = aDetector({ traces: [{ metric: decrypt, requests: storm }], keys: [facts] });
    await run(START + 180);
    await run(START + 480);

    await run(START + 2 * HOUR + 180);

    expect(reasonsOf(email.messages)).toEqual(['opened']);
  });

  it('learns each final bin exactly once, however the runs fall', async () => {
    const often = aDetector({ traces: [{ metric: decrypt, requests: storm }], keys: [facts] });
    const seldom = aDetector({ traces: [{ metric: decrypt, requests: storm }], keys: [facts] });

    await often.run(START + 180);
    await often.runSchedule(START + 300, START + 6 * HOUR);
    await seldom.run(START + 180);
    await seldom.run(START + 3 * HOUR);
    await seldom.run(START + 6 * HOUR + 180);

    const [a] = await often.ports.baselines.loadAll();
    const [b] = await seldom.ports.baselines.loadAll();
    const baselineOf = (key: typeof a) => key?.operations.get('Decrypt')?.baseline;
    // The frequent one may be an hour behind: it spreads its writes over the hour.
    expect(baselineOf(b)?.learnedThrough).toBeGreaterThanOrEqual(baselineOf(a)?.learnedThrough ?? 0);
    if (baselineOf(a)?.learnedThrough === baselineOf(b)?.learnedThrough)
      expect(baselineOf(a)).toEqual(baselineOf(b));
  });

  it('says nothing and writes nothing without notify', async () => {
    const { run, runSchedule, email, ports } = aDetector({
      traces: [{ metric: decrypt, requests: storm }],
      keys: [facts],
    });
    await runSchedule(START, START + HOUR);

    const report = await run(START + HOUR + 780, { notify: false });

    expect(report).toMatchObject({
      breaching: 1,
      incidents: [{ event: 'opened', alias: 'alias/lake-etl' }],
      delivery: { left: expect.any(String) },
    });
    expect(email.messages).toEqual([]);
    expect((await ports.incidents.loadOpen()).open).toEqual([]);
  });

  it('finds the same storm in a replay of history alone', async () => {
    const { run, email } = aDetector({ traces: [{ metric: decrypt, requests: storm }], keys: [facts] });

    const report = await run(START + 2 * HOUR + 180, {
      replay: true,
      lookbackSeconds: 2 * HOUR,
      notify: false,
    });

    expect(report.incidents).toMatchObject([{ status: 'open', openedAt: '2026-11-18T09:00:00Z' }]);
    expect(email.messages).toEqual([]);
  });

  it('names what it could not check and neither opens nor resolves on it', async () => {
    const { run, runSchedule, metrics, email } = aDetector({
      traces: [{ metric: decrypt, requests: storm }],
      keys: [facts],
    });
    await runSchedule(START, START + HOUR);
    metrics.fail(decrypt, 'forbidden');

    const report = await run(START + HOUR + 780);

    expect(report).toMatchObject({ normal: 0, breaching: 0, notChecked: { forbidden: { count: 1 } } });
    expect(email.messages).toEqual([]);
  });

  it('evaluates and answers while another run is sending, and leaves the telling to it', async () => {
    const { run, runSchedule, ports, email } = aDetector({
      traces: [{ metric: decrypt, requests: storm }],
      keys: [facts],
    });
    await runSchedule(START, START + HOUR);
    await ports.runs.acquireLease('other', START + HOUR + 470, 300);

    const report = await run(START + HOUR + 480);

    expect(report).toMatchObject({
      breaching: 1,
      delivery: { left: 'another run is sending', run: 'other' },
    });
    expect(email.messages).toEqual([]);
  });

  it('keeps what a receiver did not take and sends it with the next run, to that receiver only', async () => {
    const { run, runSchedule, email, slack } = aDetector({
      traces: [{ metric: decrypt, requests: storm }],
      keys: [facts],
    });
    await runSchedule(START, START + HOUR);
    slack.failWith({ kind: 'retry', reason: 'HTTP 503' });

    const failed = await run(START + HOUR + 480);
    const next = await run(START + HOUR + 780);

    expect(failed.delivery).toMatchObject({
      sent: 1,
      pending: 1,
      failures: [{ receiver: 'slack', reason: 'HTTP 503' }],
    });
    expect(next.delivery).toMatchObject({ sent: 1, pending: 0 });
    expect(reasonsOf(email.messages)).toEqual(['opened']);
    expect(reasonsOf(slack.messages)).toEqual(['opened']);
  });

  it('fires a fixed limit without any history', async () => {
    const policy = {
      version: 1,
      thresholds: [{ name: 'lake', keys: ['alias/lake-*'], period: 'PT15M', above: 700 }],
    };
    const born = Math.floor(START / 300) + 12;
    const { runSchedule, email } = aDetector({
      traces: [{ metric: decrypt, requests: () => 400, fromBin: born }],
      keys: [facts],
      policy,
    });

    await runSchedule(START, START + HOUR + 600);

    expect(email.messages[0]).toMatchObject({
      notification: { facts: { thresholds: [{ name: 'lake', requests: 800 }] } },
    });
  });

  it('answers for an account without any use of KMS', async () => {
    const { run } = aDetector({ traces: [] });

    expect(await run(START + 180)).toMatchObject({ keys: 0, series: 0, normal: 0, incidents: [] });
  });

  it('asks KMS for each key once, and again a day later if it was refused', async () => {
    const { run, ports } = aDetector({
      traces: [{ metric: decrypt, requests: steady }],
      until: START + 2 * 86_400,
    });
    let asked = 0;
    const keyLookup = {
      listAliases: () => ports.keyLookup.listAliases(),
      describeKey: () => {
        asked++;
        return Promise.resolve(undefined);
      },
    };
    let saved = 0;
    const facts = {
      load: () => ports.facts.load(),
      save: (directory: Parameters<typeof ports.facts.save>[0]) => {
        saved++;
        return ports.facts.save(directory);
      },
    };

    for (const minutes of [3, 8, 13]) await run(START + minutes * 60, {}, { ...ports, keyLookup, facts });
    expect({ asked, saved }).toEqual({ asked: 1, saved: 1 });

    await run(START + 86_400 + 180, {}, { ...ports, keyLookup, facts });
    expect(asked).toBe(2);
  });
});
