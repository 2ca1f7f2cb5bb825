import { describe, expect, test } from 'vitest';
import { centralEuropeanOffset } from '../../infra/local/local-time.ts';
import type { RunawayScript } from '../../infra/local/runaway.ts';
import { createWorld, type SimulatedWorld } from '../../infra/local/simulated-world.ts';
import { NOON } from './a-world.ts';

const DAY = 86_400;

/** Requests per bin of a key's operation over [from, to). */
function read(world: SimulatedWorld, alias: string, operation: string, from: number, to: number): number[] {
  const key = world.keys.find(({ aliases }) => aliases.includes(`alias/${alias}`));
  const series = world.series.find(
    ({ dimensions }) =>
      dimensions.length === 2 && dimensions[0]?.Value === key?.arn && dimensions[1]?.Value === operation,
  );
  const bins = [];
  for (let bin = Math.floor(from / 300); bin < to / 300; bin++)
    bins.push(series?.counter.requests(bin) ?? Number.NaN);
  return bins;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

describe('a simulated world', () => {
  test('is the same for the same seed and start, and another for another seed', () => {
    const hour = (seed: number) =>
      read(createWorld({ startsAt: NOON, seed }), 'orders-api', 'Decrypt', NOON - 3_600, NOON);

    expect(hour(1)).toEqual(hour(1));
    expect(hour(1)).not.toEqual(hour(2));
  });

  test('does not depend on the order in which it is read', () => {
    const forwards = createWorld({ startsAt: NOON });
    const backwards = createWorld({ startsAt: NOON });
    const late = read(backwards, 'crm', 'Decrypt', NOON - DAY, NOON);
    const early = read(backwards, 'crm', 'Decrypt', NOON - 3 * DAY, NOON - 2 * DAY);

    expect(read(forwards, 'crm', 'Decrypt', NOON - 3 * DAY, NOON - 2 * DAY)).toEqual(early);
    expect(read(forwards, 'crm', 'Decrypt', NOON - DAY, NOON)).toEqual(late);
  });

  test('has forty keys of every kind', () => {
    const { keys, series, accountId } = createWorld({ startsAt: NOON });

    expect(keys).toHaveLength(40);
    expect(new Set(keys.map(({ arn }) => arn)).size).toBe(40);
    expect(keys.filter(({ manager }) => manager === 'AWS').length).toBeGreaterThan(2);
    expect(keys.filter(({ aliases }) => aliases.length === 0).length).toBeGreaterThan(2);
    expect(keys.map(({ keySpec }) => keySpec)).toEqual(expect.arrayContaining(['RSA_2048', 'ECC_NIST_P256']));
    expect(keys.filter(({ ownerAccountId }) => ownerAccountId !== accountId)).toHaveLength(1);
    expect(series.map(({ dimensions }) => dimensions.map(({ Name }) => Name).join())).toContain(
      'SourceKeyArn,DestinationKeyArn,Operation',
    );
  });

  test('can be smaller and larger', () => {
    expect(createWorld({ startsAt: NOON, keys: 3 }).keys).toHaveLength(3);
    const { keys } = createWorld({ startsAt: NOON, keys: 100 });
    const aliases = keys.flatMap((key) => key.aliases);
    expect(new Set(keys.map(({ arn }) => arn)).size).toBe(100);
    expect(new Set(aliases).size).toBe(aliases.length);
  });

  test('eight weeks of forty keys are made in less than 1.5 seconds', () => {
    const world = createWorld({ startsAt: NOON });
    const start = performance.now();

    for (const { counter } of world.series) {
      for (let bin = counter.firstBin; bin < NOON / 300; bin++) counter.requests(bin);
    }

    expect(performance.now() - start).toBeLessThan(1_500);
  });

  test('goes on after its start', () => {
    const world = createWorld({ startsAt: NOON });

    expect(sum(read(world, 'orders-api', 'Decrypt', NOON + 7 * DAY, NOON + 8 * DAY))).toBeGreaterThan(
      100_000,
    );
  });
});

describe('the shapes of use', () => {
  const world = createWorld({ startsAt: NOON });

  test('web traffic has a day and a week', () => {
    const tuesday = read(world, 'orders-api', 'Decrypt', NOON - 7 * DAY, NOON - 7 * DAY + 3_600);
    const tuesdayNight = read(
      world,
      'orders-api',
      'Decrypt',
      NOON - 7 * DAY - 9 * 3_600,
      NOON - 7 * DAY - 8 * 3_600,
    );
    const sunday = read(world, 'orders-api', 'Decrypt', NOON - 2 * DAY, NOON - 2 * DAY + 3_600);

    expect(sum(tuesday) / sum(tuesdayNight)).toBeGreaterThan(2.5);
    expect(sum(tuesday) / sum(sunday)).toBeGreaterThan(1.5);
  });

  test('a poller is a constant', () => {
    expect(new Set(read(world, 'sensor-ingest', 'GenerateDataKey', NOON - 7 * DAY, NOON)).size).toBe(1);
  });

  test('a cron job has a peak in every hour', () => {
    const hour = read(world, 'hourly-sync', 'Decrypt', NOON - 3_600, NOON);

    expect(hour.indexOf(Math.max(...hour))).toBe(0);
    expect(sum(hour.slice(1))).toBeLessThan(sum(hour) / 10);
  });

  test('a nightly batch starts at another minute and has another size every night', () => {
    const nights = [1, 2, 3, 4, 5, 6].map((night) =>
      read(world, 'nightly-export', 'Decrypt', NOON - night * DAY - DAY / 2, NOON - night * DAY),
    );

    expect(new Set(nights.map((bins) => bins.findIndex((requests) => requests > 0))).size).toBeGreaterThan(1);
    expect(new Set(nights.map(sum)).size).toBe(6);
    expect(sum(read(world, 'nightly-export', 'Decrypt', NOON - 7_200, NOON))).toBe(0);
  });

  test('a weekly batch runs on Sundays', () => {
    const perDay = [0, 1, 2, 3, 4, 5, 6].map((day) =>
      sum(
        read(world, 'weekly-report', 'Decrypt', NOON - DAY / 2 - (day + 1) * DAY, NOON - DAY / 2 - day * DAY),
      ),
    );

    expect(perDay.map((requests) => requests > 0)).toEqual([false, true, false, false, false, false, false]);
  });

  test('a key born yesterday did not exist before', () => {
    const bins = read(world, 'new-checkout', 'Decrypt', NOON - 2 * DAY, NOON);

    expect(bins.slice(0, 200).every(Number.isNaN)).toBe(true);
    expect(sum(bins.slice(-200))).toBeGreaterThan(1_000);
  });

  test('a day follows the clocks in Central Europe', () => {
    expect(centralEuropeanOffset(Date.UTC(2026, 9, 25, 0, 59) / 1000)).toBe(7_200);
    expect(centralEuropeanOffset(Date.UTC(2026, 9, 25, 1) / 1000)).toBe(3_600);
    expect(centralEuropeanOffset(Date.UTC(2027, 2, 28, 1) / 1000)).toBe(7_200);
    const summerNight = read(
      world,
      'nightly-export',
      'Decrypt',
      Date.UTC(2026, 9, 21) / 1000,
      Date.UTC(2026, 9, 21, 0, 55) / 1000,
    );
    const winterNight = read(
      world,
      'nightly-export',
      'Decrypt',
      Date.UTC(2026, 9, 28) / 1000,
      Date.UTC(2026, 9, 28, 0, 55) / 1000,
    );
    expect(sum(summerNight)).toBeGreaterThan(0);
    expect(sum(winterNight)).toBe(0);
  });
});

describe('a runaway', () => {
  const from = NOON + 3_600;
  const to = NOON + 3 * 3_600;
  const runaway = (more: Partial<RunawayScript>): SimulatedWorld =>
    createWorld({
      startsAt: NOON,
      runaways: [{ keyAlias: 'alias/lake-etl', operation: 'Decrypt', from, to, ...more }],
    });
  const quiet = createWorld({ startsAt: NOON });
  const during = (world: SimulatedWorld) => read(world, 'lake-etl', 'Decrypt', from, to);

  test('adds requests per second', () => {
    const excess = (sum(during(runaway({ requestsPerSecond: 1_000 }))) - sum(during(quiet))) / 7_200;

    expect(excess).toBeGreaterThan(950);
    expect(excess).toBeLessThan(1_050);
  });

  test('multiplies the usual', () => {
    const ratio = sum(during(runaway({ factor: 10 }))) / sum(during(quiet));

    expect(ratio).toBeCloseTo(10, 0);
  });

  test('leaves everything before and after it as it was', () => {
    const world = runaway({ kind: 'retryStorm' });

    for (const [start, end] of [[NOON - DAY, from] as const, [to, to + DAY] as const]) {
      expect(read(world, 'lake-etl', 'Decrypt', start, end)).toEqual(
        read(quiet, 'lake-etl', 'Decrypt', start, end),
      );
    }
  });

  test.each(['retryStorm', 'fullScan', 'lostCache', 'creep', 'spike'] as const)(
    'a %s is large enough to be seen',
    (kind) => {
      expect(sum(during(runaway({ kind }))) / sum(during(quiet))).toBeGreaterThan(3);
    },
  );

  test('creep grows', () => {
    const bins = during(runaway({ kind: 'creep' }));

    expect(sum(bins.slice(-6)) / sum(bins.slice(0, 6))).toBeGreaterThan(3);
  });

  test('of an operation nobody used begins a new series', () => {
    const world = runaway({ operation: 'Encrypt', requestsPerSecond: 50 });

    const bins = read(world, 'lake-etl', 'Encrypt', from - 600, from + 600);

    expect(bins.slice(0, 2).every(Number.isNaN)).toBe(true);
    expect(bins[2]).toBeGreaterThan(10_000);
  });

  test('of ReEncrypt has the dimensions of a pair', () => {
    const world = runaway({ operation: 'ReEncrypt', requestsPerSecond: 50 });

    const names = world.series.at(-1)?.dimensions.map(({ Name }) => Name);

    expect(names).toEqual(['SourceKeyArn', 'DestinationKeyArn', 'Operation']);
  });

  test('can be added while the world runs', () => {
    const world = createWorld({ startsAt: NOON });
    during(world);

    world.addRunaway({ keyAlias: 'alias/lake-etl', operation: 'Decrypt', from, to, factor: 20 });

    expect(sum(during(world)) / sum(during(quiet))).toBeGreaterThan(15);
  });

  test('of a key that does not exist is a mistake', () => {
    expect(() => runaway({ keyAlias: 'alias/nobody' })).toThrow(RangeError);
  });
});
