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
    expect(out).toMatch(/\nlake-etl: the last .* requests; .*\.\n/);
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
    expect(out).toMatch(/surprise, against the sensitivity +yes/);
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

  it('says what to do about a name that nobody uses', async () => {
    const { code, err } = await run('explain', 'alias/lake-elt');

    expect(code).toBe(64);
    expect(err).toContain('<key> "alias/lake-elt": expected a key (and --operation) with use');
  });
});
