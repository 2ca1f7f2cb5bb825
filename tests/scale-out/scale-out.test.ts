import aslValidator from 'asl-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, answer } from '../../functions/detector/answer.ts';
import { compose, type Detector } from '../../functions/detector/compose.ts';
import { installDetector } from '../../infra/local/install-detector.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import type { RunReport } from '../../shared/domain/run-report.ts';
import { shardOf } from '../../shared/domain/usage/shard.ts';
import { isoTime } from '../../shared/domain/usage/time.ts';
import { definition, execute } from './a-state-machine.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;
/** Two keys of different shards, one after the other, and the end of the first. */
const RUNAWAYS = [
  { keyAlias: 'alias/lake-etl', from: NOON + 600, to: NOON + 2400, requestsPerSecond: 2000 },
  { keyAlias: 'alias/payments', from: NOON + 900, to: NOON + 9000, requestsPerSecond: 900 },
] as const;
const MINUTES = [3, 8, 13, 18, 23, 33, 63];
const KEYS = 6;

/** An embedded AWS with a detector of its own. */
interface Account {
  readonly aws: LocalAws;
  readonly detector: Detector;
  /** The reports whose metrics were emitted: the heartbeat that an alarm watches. */
  readonly sweeps: readonly RunReport[];
  readonly invoke: (payload: unknown) => Promise<Answer>;
}

async function anAccount(): Promise<Account> {
  const runaways = RUNAWAYS.map((one) => ({ ...one, operation: 'Decrypt', kind: 'retryStorm' as const }));
  const aws = await startLocalAws({
    world: createWorld({ startsAt: NOON, keys: KEYS, historyDays: 10, runaways }),
  });
  const { environment } = await installDetector(aws);
  // The SDK's clients read their endpoint and credentials from here.
  Object.assign(process.env, environment);
  const composed = await compose({
    environment: { ...environment, MONTHLY_USD_CAP: '0' },
    policyFile: new URL('../../policy.json', import.meta.url),
    log: new MemoryLog(),
  });
  const sweeps: RunReport[] = [];
  const detector: Detector = { ...composed, metrics: { recordSweep: (report) => sweeps.push(report) } };
  let runs = 0;
  const invoke = async (payload: unknown) => {
    runs++;
    return answer(detector, JSON.parse(JSON.stringify(payload)), { runId: `run-${runs}`, secondsLeft: 240 });
  };
  return { aws, detector, sweeps, invoke };
}

const timeAt = (minutes: number) => isoTime(NOON + minutes * 60);

/** Everything people got to read, in order. */
const told = ({ aws }: Account) => ({
  mails: aws.sns.messages.map(({ subject }) => subject),
  posts: aws.slack.inbox.map(({ text }) => text),
});

const lastReport = async ({ detector }: Account): Promise<RunReport | undefined> =>
  detector.ports.runs.lastReport();

describe('a check divided by the state machine', () => {
  let single: Account;
  let divided: Account;

  beforeAll(async () => {
    single = await anAccount();
    for (const minutes of MINUTES) {
      single.aws.clock.set(NOON + minutes * 60);
      await single.invoke({ action: 'check', scheduledTime: timeAt(minutes) });
    }
    divided = await anAccount();
    for (const minutes of MINUTES) {
      divided.aws.clock.set(NOON + minutes * 60);
      await execute(timeAt(minutes), divided.invoke);
    }
  }, 240_000);

  afterAll(async () => {
    await single.aws.close();
    await divided.aws.close();
  });

  it('tells people the same, in the same messages, as one function that checks everything', () => {
    const { mails, posts } = told(divided);

    expect(mails).toEqual(told(single).mails);
    expect(posts.toSorted()).toEqual(told(single).posts.toSorted());
    expect(mails.filter((subject) => /lake-etl|payments/.test(subject ?? '')).length).toBeGreaterThan(2);
  });

  it('has the same incidents and the same counts in its report', async () => {
    const [one, other] = [await lastReport(single), await lastReport(divided)];
    const facts = (report: RunReport | undefined) => ({
      keys: report?.keys,
      series: report?.series,
      normal: report?.normal,
      breaching: report?.breaching,
      notChecked: report?.notChecked,
      incidents: report?.incidents.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    });

    expect(facts(other)).toEqual(facts(one));
    expect(one?.incidents.length).toBeGreaterThan(0);
  });

  it('emits the metrics that the alarms watch once a check, of the whole', () => {
    const whole = ({ sweeps }: Account) => sweeps.map(({ asOf, keys, series }) => ({ asOf, keys, series }));

    expect(whole(divided)).toEqual(whole(single));
    expect(divided.sweeps.map(({ asOf }) => asOf)).toEqual(MINUTES.map(timeAt));
  });

  it('lists the metrics of the account once, not once for each shard', () => {
    const listings = ({ aws }: Account) =>
      aws.calls.filter(({ action }) => action === 'cloudwatch:ListMetrics').length;

    expect(listings(divided)).toBe(listings(single));
  });

  it('reports a shard that fails as not checked, and tells of all others', async () => {
    const at = 68;
    divided.aws.clock.set(NOON + at * 60);
    const before = await lastReport(divided);
    const [key] = await divided.detector.ports.baselines.loadAll();
    const lost = key ? shardOf(key.keyArn) : -1;

    await execute(timeAt(at), async (payload) => {
      if (payload.shard === lost) throw new Error('out of memory');
      return divided.invoke(payload);
    });

    const after = await lastReport(divided);
    const { count = 0, examples } = after?.notChecked['shardNotChecked'] ?? {};
    expect(count).toBeGreaterThan(0);
    expect(examples).toEqual([`shard ${lost}: ${count} keys`]);
    expect(after?.keys).toBe(before?.keys);
    expect(after?.asOf).toBe(timeAt(at));
  });

  it('goes on with the last list when nothing can be listed', async () => {
    const at = 73;
    divided.aws.clock.set(NOON + at * 60);
    const before = await lastReport(divided);

    await execute(timeAt(at), async (payload) => {
      if (payload.step === 'list') throw new Error('throttled');
      return divided.invoke(payload);
    });

    const after = await lastReport(divided);
    expect(after?.keys).toBe(before?.keys);
    expect(after?.notChecked).toEqual({});
  });
});

describe('the definition of the state machine', () => {
  it('is valid in the language of Step Functions', () => {
    const { isValid, errorsText } = aslValidator(definition());

    expect(isValid ? '' : errorsText('\n')).toBe('');
  });

  it('passes on a few numbers only: far below the 256 KB that a state may hold', () => {
    expect(JSON.stringify(definition()).length).toBeLessThan(10_000);
  });
});

describe('a payload for one step', () => {
  let account: Account;

  beforeAll(async () => {
    account = await anAccount();
  });

  afterAll(() => account.aws.close());

  it.each([
    [{ step: 'shard', scheduledTime: timeAt(3) }, 'shard'],
    [{ step: 'merge', shard: 3, scheduledTime: timeAt(3) }, 'shard'],
    [{ step: 'shard', shard: 16, scheduledTime: timeAt(3) }, 'shard'],
    [{ step: 'list' }, 'scheduledTime'],
    [{ step: 'merge', keys: ['*'], scheduledTime: timeAt(3) }, 'step'],
  ])('%j names what is wrong with it', async (payload, path) => {
    const refused = await account.invoke({ action: 'check', ...payload });

    expect(refused).toMatchObject({ ok: false, error: { problems: [{ path }] } });
  });
});
