import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { emptyWorld, type World } from '../../infra/local/world.ts';
import {
  type CallerSourceOptions,
  CloudTrailCallerSource,
} from '../../shared/adapters/aws/cloudtrail-caller-source.ts';
import { MemoryCallerSource } from '../../shared/adapters/memory/memory-caller-source.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import type { KeyArn } from '../../shared/domain/usage/key.ts';
import { aKey, aWorld } from '../local/a-world.ts';
import { aKeyEvent, aRole } from '../support/key-events.ts';
import { aKeyArn } from '../support/keys.ts';
import {
  describeCallerSource,
  type NewCall,
  NOON,
  type OpenedCallerSource,
  sampleIn,
} from './caller-source.contract.ts';

const KEY = aKeyArn(1);
const KEY_ID = '00000000-0000-4000-8000-000000000001';

describeCallerSource('Memory', () => {
  const store = new MemoryCallerSource();
  return Promise.resolve({
    store,
    record(keyArn: KeyArn, calls: readonly NewCall[]) {
      store.add(keyArn, ...calls.map(({ role, ...call }) => aKeyEvent({ ...call, identity: aRole(role) })));
    },
    close: () => Promise.resolve(),
  });
});

/** A source on an embedded CloudTrail whose clock stands at noon, unhurried unless told otherwise. */
async function openLocal(
  world: World = emptyWorld(),
  options: CallerSourceOptions = { spacingMs: 0 },
): Promise<OpenedCallerSource & { aws: LocalAws }> {
  const aws = await startLocalAws({ world, clock: createClock(NOON) });
  aws.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
  const config = {
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const cloudTrail = new CloudTrailClient(config);
  const kms = new KMSClient(config);
  return {
    store: new CloudTrailCallerSource(cloudTrail, kms, aws.clock, new MemoryLog(), options),
    aws,
    record(keyArn, calls) {
      for (const { role, encryptionContext = {}, operation = 'Decrypt', ...call } of calls) {
        aws.cloudtrail.calls.push({
          ...call,
          operation,
          id: `added-${aws.cloudtrail.calls.length}`,
          keyArns: [keyArn],
          caller: { role, encryptionContext },
          callerAccountId: aws.world.accountId,
        });
      }
    },
    async close() {
      cloudTrail.destroy();
      kms.destroy();
      await aws.close();
    },
  };
}

describeCallerSource('CloudTrail', openLocal);

async function openForTest(world?: World, options?: CallerSourceOptions) {
  const opened = await openLocal(world, options);
  onTestFinished(opened.close);
  const ask = (more: { from?: number; to?: number; deadline?: number } = {}) =>
    opened.store.callersOf({ keyArn: KEY, from: NOON - 3600, to: NOON, deadline: NOON + 60, ...more });
  const actions = () => opened.aws.calls.map(({ action }) => action.split(':')[1]);
  return { ...opened, ask, actions };
}

/** A key with this many requests in five minutes. */
const aBusyWorld = (requests: number, switches: Parameters<typeof aWorld>[1] = {}): World =>
  aWorld([{ key: KEY_ID, requests: () => requests }], switches, [
    aKey(KEY_ID, { aliases: ['alias/lake-etl'] }),
  ]);

/** Time that passes only while somebody sleeps. */
function aTimer() {
  const timer = { ms: 0, naps: [] as number[] };
  return {
    timer,
    nowMs: () => timer.ms,
    sleep(ms: number) {
      timer.naps.push(Math.round(ms));
      timer.ms += ms;
      return Promise.resolve();
    },
  };
}

describe('callers by CloudTrail', () => {
  it('are sampled over the whole time when the key is busy', async () => {
    const { ask, actions } = await openForTest(aBusyWorld(120_000));

    const sample = sampleIn(await ask());

    expect(actions()).toEqual(Array(8).fill('LookupEvents'));
    expect(sample.events).toBe(400);
    // The newest five minutes are not in CloudTrail yet; the oldest window ends a quarter of an hour into the time.
    expect(sample.to).toBe(NOON - 300);
    expect(sample.from).toBeLessThan(NOON - 3000);
    expect(sample.callers.map(({ name, via }) => [name, via])).toEqual([
      ['role/lake-etl-job', 's3.amazonaws.com'],
      ['role/athena-analysts', 's3.amazonaws.com'],
    ]);
    expect(sample.callers[0]?.low).toBeLessThan(0.8);
    expect(sample.callers[0]?.high).toBeGreaterThan(0.8);
  });

  it('are an account where a key is used from another one', async () => {
    const world = aWorld([{ key: KEY_ID, requests: () => 2, callerAccountId: '444455556666' }], {}, [
      aKey(KEY_ID),
    ]);
    const { ask } = await openForTest(world);

    expect(sampleIn(await ask()).callers).toMatchObject([
      { name: 'account/444455556666', account: '444455556666', share: 1 },
    ]);
  });

  it('cost one request when the key is quiet', async () => {
    const { ask, actions } = await openForTest(aBusyWorld(2));

    expect(sampleIn(await ask()).events).toBe(22);
    expect(actions()).toEqual(['LookupEvents']);
  });

  it('are found where CloudTrail knows a key by its id', async () => {
    const { ask } = await openForTest(aBusyWorld(30, { trailResourceName: 'keyId' }));

    expect(sampleIn(await ask()).events).toBeGreaterThan(200);
  });

  it('are one, by the key’s last use, where CloudTrail knows it by neither', async () => {
    const { ask, aws, actions } = await openForTest(aBusyWorld(300, { trailResourceName: 'none' }));

    expect(await ask()).toMatchObject({ kind: 'unknown', mayCome: true });
    expect(actions()).toEqual(['LookupEvents', 'LookupEvents', 'GetKeyLastUsage', 'LookupEvents']);
    aws.clock.advance(300);
    const sample = sampleIn(await ask({ to: NOON + 300, deadline: NOON + 360 }));

    expect(sample).toMatchObject({ events: 1, from: NOON, callers: [{ share: 1, high: 1 }] });
    expect(sample.callers[0]?.low).toBeCloseTo(0.2065, 3);
  });

  it('are unknown without a clue that KMS does not give', async () => {
    const { ask, aws } = await openForTest(aBusyWorld(300, { trailResourceName: 'none' }));
    aws.faults.add({ service: 'kms', error: 'AccessDenied', times: 'always' });

    expect(await ask()).toMatchObject({ kind: 'unknown', mayCome: true });
  });

  it('are not hoped for where the time is long past', async () => {
    const { ask } = await openForTest();
    const day = 86_400;

    expect(await ask({ from: NOON - 2 * day, to: NOON - day })).toEqual({
      kind: 'unknown',
      why: 'CloudTrail shows no use of the key in this time',
      mayCome: false,
    });
    expect(await ask({ from: NOON - 100 * day, to: NOON - 91 * day })).toMatchObject({
      why: 'CloudTrail keeps events for 90 days, and the time asked about is not within them',
      mayCome: false,
    });
    expect(await ask({ from: NOON, to: NOON })).toMatchObject({
      why: 'no time was asked about: it ends before it begins',
      mayCome: false,
    });
  });

  it('are unknown where the detector may not look', async () => {
    const { ask, aws, actions } = await openForTest(aBusyWorld(30));
    aws.faults.add({ service: 'cloudtrail', error: 'AccessDenied', times: 'always' });

    const callers = await ask();

    expect(callers).toMatchObject({ kind: 'unknown', mayCome: false });
    expect(callers).toHaveProperty('why', expect.stringContaining('it needs cloudtrail:LookupEvents'));
    expect(actions()).toEqual(['LookupEvents']);
  });

  it.each(['InternalFailure', 'drop'] as const)('may come later after %s', async (error) => {
    const { ask, aws } = await openForTest(aBusyWorld(30));
    aws.faults.add({ service: 'cloudtrail', error, times: 'always' });

    const callers = await ask();

    expect(callers).toMatchObject({ kind: 'unknown', mayCome: true });
    expect(callers).toHaveProperty('why', expect.stringContaining('CloudTrail did not answer'));
  });

  it('are found for times with fractions of a second', async () => {
    const { ask, record } = await openForTest();
    record(KEY, [{ at: NOON - 600, role: 'etl' }]);

    expect(sampleIn(await ask({ from: NOON - 599.9, to: NOON - 599.1 })).events).toBe(1);
  });

  it('are what has been read when a later page fails', async () => {
    const { ask, aws } = await openForTest(aBusyWorld(120_000));
    let pages = 0;
    aws.faults.add({ service: 'cloudtrail', error: 'InternalFailure', match: () => ++pages > 3 });

    expect(sampleIn(await ask()).events).toBe(150);
  });
});

describe('the pace of look-ups', () => {
  it('backs off when CloudTrail throttles, and gives up after three times', async () => {
    const time = aTimer();
    const { ask, aws, actions } = await openForTest(aBusyWorld(2), { timer: time });
    const takeBack = aws.faults.add({ service: 'cloudtrail', error: 'Throttling', times: 'always' });

    expect(await ask()).toEqual({
      kind: 'unknown',
      why: 'CloudTrail allows two look-ups a second for the whole account, and others have used them up',
      mayCome: true,
    });
    expect(time.timer.naps).toEqual([1000, 2000]);
    expect(actions()).toHaveLength(3);

    takeBack();
    aws.faults.add({ service: 'cloudtrail', error: 'Throttling', times: 1 });
    expect(sampleIn(await ask()).events).toBe(22);
  });

  it('is less than two requests a second, whoever asks', async () => {
    const time = aTimer();
    const { store } = await openForTest(aBusyWorld(120_000), { timer: time });
    const question = { keyArn: KEY, from: NOON - 3600, to: NOON, deadline: NOON + 60 };

    await Promise.all([store.callersOf(question), store.callersOf(question)]);

    expect(time.timer.ms).toBeGreaterThanOrEqual(15 * 500);
  });

  it('is one that CloudTrail never throttles', async () => {
    const { ask, aws, actions } = await openForTest(aBusyWorld(1200), {});
    aws.cloudtrail.requestsPerSecond = 2;

    const sample = sampleIn(await ask({ from: NOON - 340, to: NOON - 300 }));

    // Every call of these 40 seconds is read.
    expect(sample.events).toBe(160);
    expect(actions()).toHaveLength(4);
  });

  it('ends with the deadline, with what has been read by then', async () => {
    const { ask, actions } = await openForTest(aBusyWorld(120_000), { timer: aTimer(), spacingMs: 20_000 });

    expect(sampleIn(await ask({ deadline: NOON + 50 })).events).toBe(150);
    expect(actions()).toHaveLength(3);
  });

  it('asks for nothing when the deadline is over', async () => {
    const { ask, actions } = await openForTest(aBusyWorld(30));

    expect(await ask({ deadline: NOON })).toEqual({
      kind: 'unknown',
      why: 'there was no time left to look into CloudTrail',
      mayCome: true,
    });
    expect(actions()).toEqual([]);
  });

  it('does not wait for an answer beyond the deadline', async () => {
    const { ask, aws } = await openForTest(aBusyWorld(30));
    aws.faults.add({ service: 'cloudtrail', error: 'timeout' });

    expect(await ask({ deadline: NOON + 0.2 })).toMatchObject({ kind: 'unknown', mayCome: true });
  });
});
