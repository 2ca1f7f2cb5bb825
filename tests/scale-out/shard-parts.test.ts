import { describe, expect, it } from 'vitest';
import { MemoryQuotaLookup } from '../../shared/adapters/memory/memory-quota-lookup.ts';
import { MemoryShardStore } from '../../shared/adapters/memory/memory-shard-store.ts';
import type { DetectPorts, DetectRequest, DetectSettings } from '../../shared/app/detect-request.ts';
import type { MetricSource } from '../../shared/app/ports.ts';
import { checkShard } from '../../shared/app/scale-out/check-shard.ts';
import { listShards } from '../../shared/app/scale-out/list-shards.ts';
import { mergeShards } from '../../shared/app/scale-out/merge-shards.ts';
import { type KeyArn, regionSubject } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { SHARDS, shardOf } from '../../shared/domain/usage/shard.ts';
import { BINS_PER_WEEK, binAt, type EpochSeconds } from '../../shared/domain/usage/time.ts';
import { aDetector, binsAfterStart, START } from '../support/a-detector.ts';
import { aKeyArn } from '../support/keys.ts';

const SUBJECT = regionSubject('eu-central-1');
const DAY = 86_400;
const LIMIT_SECONDS = 240;

/** That many keys of one shard. */
const keysOfShard = (shard: number, count: number): KeyArn[] =>
  Array.from({ length: 40 * count }, (_, n) => aKeyArn(n))
    .filter((keyArn) => shardOf(keyArn) === shard)
    .slice(0, count);

interface AccountOptions {
  readonly keys: readonly KeyArn[];
  readonly requests: (bin: number) => number;
  readonly spec?: string;
  readonly quotas?: MemoryQuotaLookup;
  readonly metricsReadTogether?: number;
}

/** An account whose checks are divided, and a hand to take their steps one by one. */
function aDividedAccount({ keys, requests, spec, quotas, metricsReadTogether }: AccountOptions) {
  const detector = aDetector({
    traces: keys.map((keyArn) => ({
      metric: { kind: 'key', keyArn, operation: spec ? 'Sign' : 'Decrypt' } satisfies Metric,
      requests,
      fromBin: binAt(START) - 2 * BINS_PER_WEEK,
    })),
    keys: keys.map((keyArn) => ({ keyArn, aliases: [], spec: spec ?? 'SYMMETRIC_DEFAULT' })),
  });
  const { metrics } = detector.ports;
  const store = new MemoryShardStore();
  const settings: DetectSettings = {
    ...detector.settings,
    ...(metricsReadTogether && { metricsReadTogether }),
  };
  let now: EpochSeconds = START;
  let secondsARead = 0;
  const source: MetricSource = {
    get metricsRequested() {
      return metrics.metricsRequested;
    },
    fetch(batch) {
      now += secondsARead;
      return metrics.fetch(batch);
    },
  };
  const ports: DetectPorts = {
    ...detector.ports,
    clock: { now: () => now },
    metrics: source,
    ...(quotas && { quotaLookup: quotas }),
  };
  const requestAt = (asOf: EpochSeconds): DetectRequest => {
    now = asOf;
    const when = { runId: `run-${asOf}`, asOf, deadline: asOf + LIMIT_SECONDS };
    return { ...when, replay: false, lookbackSeconds: 0, notify: true, scheduled: true };
  };
  const list = (asOf: EpochSeconds) => listShards(ports, store, settings, requestAt(asOf));
  const check = (asOf: EpochSeconds, shard: number, through: Partial<DetectPorts> = {}) =>
    checkShard({ ...ports, ...through }, store, settings, shard, requestAt(asOf));
  const checkAll = async (asOf: EpochSeconds) => {
    for (let shard = 0; shard < SHARDS; shard++) await check(asOf, shard);
  };
  const merge = (asOf: EpochSeconds) => mergeShards(ports, store, settings, requestAt(asOf));
  const run = async (asOf: EpochSeconds) => {
    await list(asOf);
    await checkAll(asOf);
    return merge(asOf);
  };
  return {
    ...detector,
    store,
    list,
    check,
    checkAll,
    merge,
    run,
    secondsSince: (at: EpochSeconds) => now - at,
    slowDown: (seconds: number) => {
      secondsARead = seconds;
    },
  };
}

/** What was told of the Region's quotas. */
const toldOfRegion = ({ email }: Pick<ReturnType<typeof aDetector>, 'email'>) =>
  email.messages.filter((message) => message.kind === 'incident' && message.key.keyArn === SUBJECT);

const QUIET = () => 100;

describe('the parts of a divided check', () => {
  it('are found by their own check when two overlap, whichever shard of which came last', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => aKeyArn(n));
    const { list, checkAll, merge } = aDividedAccount({ keys, requests: QUIET });
    const [older, newer] = [START + 180, START + 480];
    await list(older);
    await checkAll(newer);
    await checkAll(older);

    const reports = [await merge(newer), await merge(older)];

    expect(reports.map(({ keys: count, notChecked }) => [count, notChecked])).toEqual([
      [40, {}],
      [40, {}],
    ]);
  });

  it('are left before histories are read: a shard that is cut short there is checked all the same', async () => {
    const { list, check, merge, metrics } = aDividedAccount({ keys: keysOfShard(3, 4), requests: QUIET });
    const at = START + 180;
    const withoutHistory: MetricSource = {
      metricsRequested: 0,
      fetch: (batch) =>
        batch.endBin - batch.startBin > BINS_PER_WEEK
          ? Promise.reject(new Error('cut short'))
          : metrics.fetch(batch),
    };
    await list(at);
    for (let shard = 0; shard < SHARDS; shard++) if (shard !== 3) await check(at, shard);

    await expect(check(at, 3, { metrics: withoutHistory })).rejects.toThrow(Error);
    const report = await merge(at);

    expect(report.notChecked).toEqual({});
    expect(report).toMatchObject({ keys: 4, backfill: { done: 0, remaining: 4 } });
  });

  it('say how many histories were read, in half a minute at most', async () => {
    const { list, check, store, slowDown, secondsSince } = aDividedAccount({
      keys: keysOfShard(3, 150),
      requests: QUIET,
    });
    const at = START + 180;
    await list(at);
    slowDown(2);

    const report = await check(at, 3);

    expect(secondsSince(at)).toBeLessThan(45);
    expect(report.backfill.done).toBeGreaterThan(30);
    expect(report.backfill.remaining).toBeGreaterThan(30);
    expect((await store.loadLastPart(3))?.report.backfill).toEqual(report.backfill);
  });
});

describe("the Region's quota in a divided check", () => {
  it('is told of where only asymmetric keys fill it and AWS counts nothing', async () => {
    const rising = (bin: number) => 300 * (binsAfterStart(bin) >= 12 ? 95 : 10);
    const quotas = new MemoryQuotaLookup({ mlDsa: 1000 });
    const keys = Array.from({ length: 10 }, (_, n) => aKeyArn(n));
    const { run, email } = aDividedAccount({ keys, requests: rising, spec: 'ML_DSA_65', quotas });

    for (let at = START - 300; at <= START + 7200; at += 300) await run(at + 180);

    expect(toldOfRegion({ email })).toMatchObject([
      { notification: { facts: { region: { group: 'mlDsa', source: 'keys' } } } },
    ]);
  });

  it('is told of as ever where a shard has no time for most of its keys: what it leaves is usual', async () => {
    const quotas = new MemoryQuotaLookup({ symmetric: 10_000 });
    const account = aDividedAccount({
      keys: keysOfShard(3, 15),
      requests: () => 32 * 300,
      quotas,
      metricsReadTogether: 5,
    });
    await account.run(START - DAY + 180);
    for (const at of [START - 600, START - 300]) await account.run(at + 180);
    quotas.put({ symmetric: 565 });
    account.slowDown(150);

    const unread: number[] = [];
    for (let at = START; at <= START + 3600; at += 300)
      unread.push((await account.run(at + 180)).notChecked['outOfTime']?.count ?? 0);

    expect(unread.every((count) => count === 10)).toBe(true);
    expect(toldOfRegion(account)).toMatchObject([
      {
        key: { keyArn: SUBJECT },
        notification: { severity: 'notice', facts: { region: { usualPerSecond: expect.closeTo(480, -1) } } },
      },
    ]);
  });
});
