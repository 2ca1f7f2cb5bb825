import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';
import { type DeployedLambda, deployLambda } from '../support/a-lambda.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z') / 1000;
const NAME = 'kms-runaway-detector';
const at = (minutes: number) => new Date((NOON + minutes * 60) * 1000).toISOString();

let lambda: DeployedLambda;

/** Half an hour after a key has begun to run away, and after it was told. */
beforeAll(async () => {
  const runaway = { keyAlias: 'alias/lake-etl', operation: 'Decrypt', from: NOON + 600, to: NOON + 36_000 };
  const world = createWorld({
    startsAt: NOON,
    keys: 8,
    runaways: [{ ...runaway, kind: 'retryStorm', requestsPerSecond: 2000 }],
  });
  lambda = await deployLambda({ world });
  lambda.aws.lambda.deploy(NAME, lambda.invoke);
  lambda.aws.lambda.deploy('broken', () => Promise.reject(new TypeError('no table')));
  for (const minutes of [13, 18, 23, 28]) await lambda.checkAt(at(minutes));
});

afterAll(() => lambda.close());

const run = (...args: readonly string[]) => kmsRunaway.with(lambda.aws.environment)(...args);
const ask = (...args: readonly string[]) => run(...args, '--function', NAME);

describe('kms-runaway --function', () => {
  it('says how the detector is doing', async () => {
    const { code, out, err } = await ask('status');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^Last check 2026-11-18T12:28:00Z: \d keys, \d+ series, 100% checked, 1 running away\./,
    );
    expect(out).toContain('Receivers: sns, slack; 0 deliveries pending.');
    expect(out).toMatch(/2026-11-18T12:1\dZ? *:?.*alias\/lake-etl +page +open +\$[1-9][\d.]* +nobody yet/);
  });

  it('ends a check with 2 while an incident is open, and tells nobody where nobody is to be told', async () => {
    const before = lambda.aws.slack.inbox.length;

    const { code, out } = await ask('check', 'alias/lake-etl', '--no-notify');

    expect(code).toBe(2);
    expect(out).toMatch(
      /^eu-central-1, Wed 18 Nov 12:28 UTC: 1 key, \d series; 0 as usual, 1 running away\./,
    );
    expect(out).toMatch(/lake-etl +page +open +\$[\d.]+ +\+\$[\d.]+ /);
    expect(out).toContain('Nobody was told: notify is false');
    expect(lambda.aws.slack.inbox).toHaveLength(before);
  });

  it('explains, ranks and diagnoses as it does without, from the report of the function', async () => {
    const explained = await ask('explain', 'alias/lake-etl', '--operation', 'Decrypt');
    const ranked = await ask('top', '--last', 'PT1H', '--limit', '1');
    const diagnosed = await ask('diagnose', 'alias/lake-etl');

    expect(explained.out).toMatch(/^lake-etl Decrypt, .*\n\nTold: the last /);
    expect(ranked.out).toMatch(/\n1 {2}lake-etl /);
    expect(diagnosed.out).toMatch(/^lake-etl: [\d.]+ M requests a day/);
    expect([explained.code, ranked.code, diagnosed.code]).toEqual([0, 0, 0]);
  });

  it('acknowledges, mutes, unmutes and accepts in the name of whoever asks', async () => {
    const acked = await ask('ack', 'alias/lake-etl', '--by', 'ada');
    const muted = await ask('mute', 'alias/lake-*', '--until', 'P1D', '--reason', 'load test', '--by', 'ada');
    const id = /\(mute (\w+)\)/.exec(muted.out)?.[1] ?? '';
    const unmuted = await ask('unmute', id, '--by', 'bob', '--format', 'json');
    const accepted = await ask('accept', 'alias/lake-etl', '--by', 'ada');

    expect(acked.out).toMatch(/^ada has kms-\S+: alias\/lake-etl, page\.\nEffect: /);
    expect(muted.out).toMatch(/^Muted: alias\/lake-\* until 2026-11-19T12:28:00Z, by ada: load test/);
    expect(JSON.parse(unmuted.out)).toMatchObject({ ended: { id, by: 'ada' } });
    expect(accepted.out).toMatch(/^ada has accepted the present level of alias\/lake-etl/);
  });

  it('takes an alias without `alias/`, and notes a mute by the whole of it', async () => {
    const muted = await ask(
      'mute',
      'lake-*',
      '--until',
      'P1D',
      '--reason',
      'x',
      '--by',
      'ada',
      '--format',
      'json',
    );
    const { mute } = JSON.parse(muted.out) as { mute: { id: string; keys: string[] } };
    await ask('unmute', mute.id, '--by', 'ada');
    const checked = await ask('check', 'lake-etl', '--no-notify');
    const acked = await ask('ack', 'lake-etl', '--by', 'ada');

    expect(mute.keys).toEqual(['alias/lake-*']);
    expect(checked.out).toMatch(/: 1 key, \d series; /);
    expect(acked.out).toMatch(/^ada has kms-\S+: alias\/lake-etl/);
  });

  it('mutes to the end of a day that is named, and says which one that is', async () => {
    const muted = await ask(
      'mute',
      'alias/lake-*',
      '--until',
      'friday',
      '--reason',
      'backfill',
      '--by',
      'ada',
    );
    const id = /\(mute (\w+)\)/.exec(muted.out)?.[1] ?? '';
    await ask('unmute', id, '--by', 'ada');

    expect(muted.out).toMatch(/^Muted: alias\/lake-\* until 2026-11-21T00:00:00Z, by ada: backfill/);
    expect(muted.out).toContain('Effect: muted to the end of Friday, 2026-11-20, UTC time; ');
  });

  it('proves each receiver, and fails if one does not take the drill', async () => {
    const good = await ask('test-alert');
    lambda.aws.slack.revoke();
    const bad = await ask('test-alert');
    lambda.aws.slack.restore();

    expect(good.code).toBe(0);
    expect(good.out).toMatch(/ {2}sns: sent \(.*\n {2}slack: sent \(/);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/ {2}slack: (refused|retry).*: /);
  });

  it.each([
    [
      ['mute', 'alias/lake-etl', '--until', 'soon', '--reason', 'x'],
      '--until "soon": expected ISO 8601 time',
    ],
    [['mute', 'alias/lake-elt', '--until', 'P1D', '--reason', 'x'], '<key> "alias/lake-elt": expected a key'],
    [['unmute', 'nothing'], '<mute> "nothing": expected the id of a mute'],
    [['ack'], '--incident: expected either incident or key'],
    [['check', '--lookback', '6h'], '--lookback "6h": expected ISO 8601 duration such as PT6H'],
    [
      ['explain', 'lake-elt'],
      '<key> "lake-elt": expected a key with use in the last eight weeks; the nearest: alias/lake-etl, ',
    ],
    [
      ['diagnose', 'lake-elt'],
      '<key> "lake-elt": expected a key with use in the last day; the nearest: alias/lake-etl, ',
    ],
    [
      ['explain', 'lake-etl', '--operation', 'Decrpt'],
      '--operation "Decrpt": expected an operation of the key; alias/lake-etl uses Decrypt, GenerateDataKey',
    ],
    [
      ['explain', 'lake-etl', '--at', '2020-01-01T00:00:00Z'],
      '--at "2020-01-01T00:00:00Z": expected a time after 2026-09-16',
    ],
    [
      ['check', 'lake-elt', '--operations', 'Sign'],
      '[keys] "lake-elt", --operations "Sign": the detector knows no such use; `kms-runaway top --function',
    ],
  ])('tells what is wrong with %j in the words of the command line', async (args, expected) => {
    const by = args[0] === 'mute' || args[0] === 'unmute' || args[0] === 'ack' ? ['--by', 'ada'] : [];

    const { code, out, err } = await ask(...args, ...by);

    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(`kms-runaway: ${expected}`);
  });

  it('invokes once, and says why the function failed', async () => {
    lambda.aws.faults.add({ service: 'lambda', error: 'Throttling' });

    const throttled = await ask('status');
    const broken = await run('status', '--function', 'broken');
    const missing = await run('status', '--function', 'mistyped');

    expect(throttled).toMatchObject({ code: 1, err: 'kms-runaway: Rate Exceeded.\n' });
    expect(broken).toMatchObject({
      code: 1,
      err: 'kms-runaway: the function broken failed: TypeError: no table\n',
    });
    expect(missing.code).toBe(64);
    expect(missing.err).toContain('--function "mistyped": no such function in eu-central-1');
  });

  it.each(['status', 'test-alert', 'ack', 'unmute', 'accept'])(
    '%s names --function where it is missing',
    async (command) => {
      const { code, err } = await run(
        command,
        ...(command === 'status' || command === 'test-alert' ? [] : ['x']),
      );

      expect(code).toBe(64);
      expect(err).toBe(
        `kms-runaway: ${command} asks the deployed detector: name it by --function NAME (the stack's output FunctionName)\n`,
      );
    },
  );
});
