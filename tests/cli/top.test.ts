import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import type { WorldKey } from '../../infra/local/world.ts';
import { aKey, aWorld, keyArn } from '../local/a-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';

const LAST_WEEK_ENDS = Date.now() / 1000 - 5 * 86_400;

const BILLING = {
  ...aKey('billing', { aliases: ['alias/billing'], keySpec: 'RSA_4096' }),
} satisfies WorldKey;

/** Three keys of constant use: one has doubled since last week, one is asymmetric, one is another account's. */
const account = () =>
  aWorld(
    [
      { key: 'lake', requests: (at) => (at < LAST_WEEK_ENDS ? 6000 : 12_000) },
      { key: 'lake', operation: 'GenerateDataKey', requests: () => 4000 },
      { key: 'billing', operation: 'Sign', requests: () => 500 },
      { key: 'foreign', requests: () => 900 },
    ],
    {},
    [aKey('lake', { aliases: ['alias/lake-etl'] }), BILLING],
  );

let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

async function top(world = account(), ...args: readonly string[]) {
  aws = await startLocalAws({ world, clock: createClock() });
  return kmsRunaway.with(aws.environment)('top', ...args);
}

/** The same whenever it is run: the moments are replaced. */
const timeless = (text: string): string =>
  text.replace(
    /(\d{1,2} \w{3} \d\d:\d\d to \d{1,2} \w{3} \d\d:\d\d|\d\d:\d\d-\d\d:\d\d) UTC/,
    '<window> UTC',
  );

describe('kms-runaway top', () => {
  it('prints who uses most, in lines that fit, and what else is on the bill', async () => {
    const { code, out, err } = await top(account(), '--last', 'PT2H');

    expect({ code, err }).toEqual({
      code: 0,
      err: '4 series in eu-central-1: 15 metrics, at most $0.01, read-only\n',
    });
    expect(timeless(out)).toMatchInlineSnapshot(`
      "eu-central-1, <window> UTC (2 h): 3 keys, 418,000 requests, $1.40-1.66, $510-604 a month at this pace; a week before
      274,000 requests.
      Quota symmetric: 20,000 requests/s, of which keys took 0.28%, 0.28% in the busiest 5 min.
      Quota rsa: 1,000 requests/s, of which keys took 0.17%, 0.17% in the busiest 5 min.

         key       requests  of cost        cost    a month     quota, peak  trend  use           operations
      1  lake-etl   384,000      75%       $1.15       $420    0.27%, 0.27%   1.6x  ████████████  Decrypt 75%, GenerateDataKe…
      2  foreign     21,600      13%  $0.06-0.32  $23.7-118  0.015%, 0.015%     1x  ████████████  Decrypt 100%
      3  billing     12,000      12%       $0.18      $65.7    0.17%, 0.17%     1x  ████████████  Sign 100%

      Not in these figures: $2.00-3.00 a month for keeping the 3 customer keys in use (unused ones cost as much each); $0.06
      off for the free requests of a month, which all Regions share.
      Beyond the keys, symmetric: 12,000 of 418,000 calls, worth $13.1 a month at most (GenerateRandom, refused calls, keys
      counted in another account).
      Prices: AWS list, us-east-1, 2026-11. Quotas: the Region's documented ones; yours may be higher.
      1 of these keys could not be described (another account's, or not asked yet): their cost is a range.
      "
    `);
  });

  it('reads only, and no more than it needs', async () => {
    await top();

    expect([...new Set(aws?.calls.map(({ action }) => action))].toSorted()).toEqual([
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'kms:DescribeKey',
      'kms:ListAliases',
      'servicequotas:ListServiceQuotas',
    ]);
  });

  it('answers in JSON over any period and order', async () => {
    const { out } = await top(
      account(),
      '--format',
      'json',
      '--last',
      'P30D',
      '--by',
      'requests',
      '--limit',
      '1',
    );

    expect(JSON.parse(out)).toMatchObject({
      reports: [
        {
          region: 'eu-central-1',
          by: 'requests',
          periodSeconds: 3600,
          keys: [{ keyArn: keyArn('lake'), aliases: ['alias/lake-etl'] }],
          others: { keys: 2 },
          total: { keys: 3 },
        },
      ],
    });
  });

  it('lets no name take over a spreadsheet or a terminal', async () => {
    const hostile = 'alias/=HYPERLINK("http://evil")\u001b[2J\u202e\r\n-x';
    const world = aWorld([{ key: 'k', requests: () => 10 }], {}, [
      aKey('k', { aliases: [hostile, 'alias/=1+1'] }),
    ]);

    const table = await top(world);
    await aws?.close();
    const csv = await top(world, '--format', 'csv');
    await aws?.close();
    const json = await top(world, '--format', 'json');

    for (const { out } of [table, csv, json]) expect(out).not.toMatch(/[^\P{C}\r\n]/u);
    expect(table.out.split('\n').filter((line) => line.includes('HYPERLINK'))).toHaveLength(1);
    expect(csv.out.trimEnd().split('\r\n')).toHaveLength(2);
    expect(JSON.parse(json.out)).toMatchObject({
      reports: [{ keys: [{ aliases: [hostile, 'alias/=1+1'] }] }],
    });
  });

  it('says where KMS is not used, and looks into every Region', async () => {
    const nothing = await top(account(), '--region', 'us-east-1');
    const all = await kmsRunaway.with(aws?.environment ?? {})('top', '--region', 'all', '--format', 'csv');

    expect(nothing).toEqual({ code: 0, out: '', err: 'No KMS use in us-east-1; try --region all\n' });
    expect(all.code).toBe(0);
    expect(all.out.split('\r\n').map((line) => line.split(',').slice(0, 2))).toEqual([
      ['region', 'rank'],
      ['eu-central-1', '1'],
      ['eu-central-1', '2'],
      ['eu-central-1', '3'],
      [''],
    ]);
  });

  it('goes on without a Region that cannot be read, and fails when there is no other', async () => {
    aws = await startLocalAws({ world: account(), clock: createClock() });
    aws.faults.add({
      service: 'cloudwatch',
      error: 'AccessDenied',
      times: 'always',
      match: ({ region }) => region === 'us-east-1',
    });
    const run = (region: string) => kmsRunaway.with(aws?.environment ?? {})('top', '--region', region);

    const both = await run('us-east-1,eu-central-1');
    const one = await run('us-east-1');

    expect(both.code).toBe(0);
    expect(both.out).toContain('lake-etl');
    expect(both.err).toContain('us-east-1 could not be read: User is not authorized');
    expect(one).toMatchObject({ code: 1, out: '' });
  });

  it('needs no account with --local', async () => {
    const { code, out } = await kmsRunaway('top', '--local', '--limit', '5');

    expect(code).toBe(0);
    expect(out).toMatch(/1 {2}\S+ .* Decrypt \d+%/);
    expect(out).toMatch(/And \d+ more keys/);
  });

  it.each([
    ['--last', '3h', 'PT5M to P63D'],
    ['--last', 'P64D', 'PT5M to P63D'],
    ['--limit', '0', 'a whole number from 1 to 500'],
    ['--limit', 'ten', 'a whole number from 1 to 500'],
    ['--region', 'Frankfurt', 'Regions such as eu-central-1,us-east-1, or all'],
    ['--by', 'name', 'requests, cost, quota'],
  ])('refuses %s %s and says what belongs there', async (option, value, expected) => {
    const { code, err } = await kmsRunaway('top', '--region', 'us-east-1', option, value);

    expect(code).toBe(64);
    expect(err).toContain(option);
    expect(err).toContain(value);
    expect(err).toContain(expected);
  });
});
