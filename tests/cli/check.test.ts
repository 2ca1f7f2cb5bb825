import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { aKey, aWorld, keyArn } from '../local/a-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';

const HOUR = 3600;
const now = Date.now() / 1000;

/** Two keys of constant use; one has run away for the last hour. */
const account = () =>
  aWorld(
    [
      { key: 'lake', requests: (at) => (at > now - HOUR ? 900_000 : 6000) },
      { key: 'calm', requests: () => 4000 },
    ],
    {},
    [aKey('lake', { aliases: ['alias/lake-etl'] }), aKey('calm', { aliases: ['alias/calm'] })],
  );

let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

async function run(...args: readonly string[]) {
  aws ??= await startLocalAws({ world: account(), clock: createClock() });
  return kmsRunaway.with(aws.environment)(...args);
}

describe('kms-runaway check', () => {
  it('finds what runs away, ends with 2, and says what watching would cost', async () => {
    const { code, out, err } = await run('check');

    expect(code).toBe(2);
    expect(err).toBe('eu-central-1: 5 metrics, at most $0.01, read-only\n');
    expect(out).toMatch(/^eu-central-1, .* UTC: 2 keys, 2 series; 1 as usual, 1 running away\.\n/);
    expect(out).toMatch(/\n\d{4}-\d\d-\d\d \d\d:\d\d {2}lake-etl {2}page +open +\$\d/);
    expect(out).toMatch(
      /\nlake-etl, when it (opened \(\d\d:\d\d UTC\)|last got worse): the last .* held .* requests; /,
    );
    expect(out).toContain('nobody was told and nothing was written');
    expect(out).toMatch(/Watching these keys every 5 minutes costs about \$[\d.]+ a month/);
  });

  it('lists the incidents as CSV that a spreadsheet does not run', async () => {
    const world = account();
    aws = await startLocalAws({
      clock: createClock(),
      world: { ...world, keys: [aKey('lake', { aliases: ['alias/x"', 'alias/@SUM(1)'] })] },
    });

    const { code, out } = await run('check', '--format', 'csv');

    const [head, row, ...rest] = out.split('\r\n');
    expect({ code, rest }).toEqual({ code: 2, rest: [''] });
    expect(head).toBe(
      'region,id,keyArn,alias,operations,status,severity,openedAt,resolvedAt,usdPerHour,excessUsd,ratio,ackedBy,reason',
    );
    expect(row).toMatch(
      /^eu-central-1,kms-\w+-\w+,arn:aws:kms:\S+,"?'?alias\/[^,]*,Decrypt,open,page,\d{4}-[^,]*,,[\d.]+,[\d.]+,[\d.]+,,"/,
    );
  });

  it('reads only', async () => {
    await run('check');

    expect([...new Set(aws?.calls.map(({ action }) => action))].toSorted()).toEqual([
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'kms:DescribeKey',
      'kms:ListAliases',
      'servicequotas:ListServiceQuotas',
    ]);
  });

  it('ends with 0 where all is as usual: of other keys, and before it began', async () => {
    const calm = await run('check', 'alias/calm', '--format', 'json');
    const before = await run('check', '--at', new Date((now - 2 * HOUR) * 1000).toISOString());

    expect(calm.code).toBe(0);
    expect(JSON.parse(calm.out)).toMatchObject({
      reports: [{ region: 'eu-central-1', keys: 1, normal: 1, breaching: 0, incidents: [] }],
    });
    expect(before).toMatchObject({ code: 0, out: expect.stringContaining('2 as usual, 0 running away') });
  });

  it('judges as much of the past as it is told', async () => {
    const { out } = await run('check', '--lookback', 'PT3H', '--format', 'json');

    const { reports } = JSON.parse(out) as {
      reports: { incidents: { keyArn: string; status: string; openedAt: string }[] }[];
    };
    const [incident] = reports[0]?.incidents ?? [];
    expect(incident).toMatchObject({ keyArn: keyArn('lake'), status: 'open' });
    expect(Math.abs(Date.parse(incident?.openedAt ?? '') / 1000 - (now - HOUR))).toBeLessThan(900);
  });

  it('says where KMS is not used', async () => {
    const nothing = await run('check', '--region', 'us-east-1');

    expect(nothing).toEqual({ code: 0, out: '', err: 'No KMS use in us-east-1; try --region all\n' });
  });

  it.each([
    [
      ['alias/lake'],
      '[keys] "alias/lake": no such key in eu-central-1; the nearest: alias/lake-etl, alias/calm\n',
    ],
    [
      ['lake-elt'],
      '[keys] "lake-elt": no such key in eu-central-1; the nearest: alias/lake-etl, alias/calm\n',
    ],
    [
      ['alias/calm', '--operations', 'decrypt'],
      '--operations "decrypt": no such use in eu-central-1; alias/calm uses Decrypt\n',
    ],
    [
      ['--operations', 'Decrpt'],
      '--operations "Decrpt": no such use in eu-central-1; the nearest: Decrypt\n',
    ],
    [
      ['alias/calm', '--region', 'us-east-1'],
      '[keys] "alias/calm": no such key in us-east-1; there is none\n',
    ],
  ])('refuses names that match nothing, with the nearest: %j', async (args, expected) => {
    const { code, out, err } = await run('check', ...args);

    expect({ code, out, err }).toEqual({ code: 64, out: '', err: `kms-runaway: ${expected}` });
  });

  it('checks what is there, and says which names are not', async () => {
    const { code, out, err } = await run(
      ...['check', 'calm', 'alias/klam', 'lke-*', '--region', 'us-east-1,eu-central-1'],
      ...['--operations', 'Decrypt,Sgin'],
    );

    expect(code).toBe(0);
    expect(out).toMatch(/^eu-central-1, .* UTC: 1 key, 1 series; 1 as usual/);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^eu-central-1: \d metrics?, /),
      'No such use in us-east-1: `kms-runaway top` lists the keys that are used',
      '[keys] "alias/klam": no such key in us-east-1, eu-central-1; the nearest: alias/calm, alias/lake-etl',
      '[keys] "lke-*": no such key in us-east-1, eu-central-1; the nearest: alias/lake-etl, alias/calm',
      '--operations "Sgin": no such use in us-east-1, eu-central-1; alias/calm uses Decrypt',
      '',
    ]);
  });

  it('takes a key that KMS knows and nobody uses as quiet', async () => {
    const world = account();
    const idle = aKey('idle', { aliases: ['alias/idle'] });
    aws = await startLocalAws({ world: { ...world, keys: [...world.keys, idle] }, clock: createClock() });

    expect(await run('check', 'alias/idle')).toEqual({
      code: 0,
      out: '',
      err: 'No such use in eu-central-1: `kms-runaway top` lists the keys that are used\n',
    });
  });

  it('takes names as `top` prints them', async () => {
    const table = await run('top');
    const [, first = ''] = /\n *1 {2}(\S+) /.exec(table.out) ?? [];

    const [named, pattern] = [await run('check', first), await run('check', 'ca*m')];
    const explained = await run('explain', first);

    expect(first).toBe('lake-etl');
    expect(named.out).toMatch(/: 1 key, 1 series; 0 as usual, 1 running away/);
    expect(pattern.out).toMatch(/: 1 key, 1 series; 1 as usual/);
    expect(explained.out).toMatch(/^lake-etl Decrypt, /);
  });

  it('fails where nothing can be read, rather than say that all is quiet', async () => {
    await run('check', 'alias/calm');
    aws?.faults.add({
      service: 'cloudwatch',
      action: 'GetMetricData',
      error: 'AccessDenied',
      times: 'always',
    });

    const { code, out, err } = await run('check');

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/none of 2 keys could be checked: 2 \w+ \(alias\//);
  });

  it.each([
    [['--at', '2999-01-01T00:00:00Z'], '--at "2999-01-01T00:00:00Z": expected a time in the past'],
    [['--at', '2020-01-01T00:00:00Z'], 'CloudWatch keeps five-minute figures for 63 days'],
    [['--lookback', '6h'], '--lookback "6h": expected ISO 8601 duration such as PT6H'],
    [['--notify'], '--notify: only with --function'],
    [
      ['--html', '/dev/null', '--function', 'x'],
      '--html: not with --function, whose answer has no series to draw',
    ],
    [['--local', '--function', 'x'], "option '--function <name>' cannot be used with option '--local'"],
  ])('refuses %j and says what belongs there', async (args, expected) => {
    const { code, err } = await kmsRunaway('check', '--region', 'us-east-1', ...args);

    expect(code).toBe(64);
    expect(err).toContain(expected);
  });

  it('needs no account with --local', async () => {
    const { code, out } = await kmsRunaway('check', 'alias/lake-etl', '--local');

    expect(code).toBe(0);
    expect(out).toMatch(/: 1 key, \d series; 1 as usual/);
  });
});

describe('kms-runaway explain', () => {
  it('shows the same time of the last weeks, the band and every condition', async () => {
    const { code, out, err } = await run('explain', 'alias/lake-etl');

    expect({ code, err }).toEqual({ code: 0, err: 'eu-central-1: 1 metric, at most $0.01, read-only\n' });
    expect(out).toMatch(/^lake-etl Decrypt, the 5 min from .* UTC: 900,000 requests\n\nTold: the last /);
    const [, usual, edge] = /Usual are ([\d,]+); an\s+incident would open from ([\d,]+) on/.exec(out) ?? [];
    expect(usual).toMatch(/^6,00\d$/);
    expect(Number(edge?.replaceAll(',', ''))).toBeGreaterThan(6000);
    expect(out).toMatch(/\nnow +900,000 +█+┃?█+\n/);
    expect(out.match(/weeks? before +6,000 /g)).toHaveLength(8);
    expect(out).toMatch(/\nhow unusual +yes +[\d.]+ +1\.7\n/);
    expect(out).toMatch(/\n5 min +900,000 +[\d,]+ +[\d,]+ +yes/);
  });

  it('explains another moment in JSON', async () => {
    const at = new Date((now - 2 * HOUR) * 1000).toISOString();

    const { out } = await run(
      'explain',
      keyArn('lake'),
      '--operation',
      'Decrypt',
      '--at',
      at,
      '--format',
      'json',
    );

    expect(JSON.parse(out)).toMatchObject({
      series: [
        {
          alias: 'alias/lake-etl',
          requests: 6000,
          band: { expected: expect.closeTo(6000, -2) },
          stoppedBy: 'floor',
        },
      ],
      unread: [],
    });
  });

  it.each([
    [
      ['lake-elt'],
      '<key> "lake-elt": expected a key with use in the last eight weeks; the nearest: alias/lake-etl, alias/calm',
    ],
    [
      ['alias/lake-etl', '--operation', 'Decrpt'],
      '--operation "Decrpt": expected an operation of the key; alias/lake-etl uses Decrypt',
    ],
    [
      ['alias/lake-etl', '--at', '2020-01-01T00:00:00Z'],
      expect.stringMatching(
        /^--at "2020.*": expected a time after .*: CloudWatch keeps five-minute figures for 63 days$/,
      ),
    ],
  ])('says what belongs in the place of %j', async (args, expected) => {
    const { code, err } = await run('explain', ...args);

    expect(code).toBe(64);
    expect(err.replace('kms-runaway: ', '').trimEnd()).toEqual(expected);
  });
});
