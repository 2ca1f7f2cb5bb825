import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { READ_ONLY_POLICY } from '../../cli/permissions/read-only-policy.ts';
import { createClock } from '../../infra/local/clock.ts';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { aKey, aWorld } from '../local/a-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';

const account = () =>
  aWorld([{ key: 'lake', requests: () => 6000 }], {}, [aKey('lake', { aliases: ['alias/lake-etl'] })]);

let aws: LocalAws | undefined;
afterEach(async () => {
  await aws?.close();
  aws = undefined;
});

const started = async (): Promise<LocalAws> => {
  aws = await startLocalAws({ world: account(), clock: createClock() });
  return aws;
};

const ACTIONS = READ_ONLY_POLICY.Statement.flatMap(({ Action }) => Action);

describe('kms-runaway permissions', () => {
  it('prints a policy that allows what the page about permissions tells of reading, and nothing else', async () => {
    const { code, out } = await kmsRunaway('permissions');

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(READ_ONLY_POLICY);
    expect(ACTIONS.every((action) => /:(Get|List|Describe|Lookup)[A-Z]\w+$/.test(action))).toBe(true);
    const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
    for (const { Sid, Action } of READ_ONLY_POLICY.Statement) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${Sid}\` |`)) ?? '';
      expect(row.split('|')[2]?.trim(), Sid).toBe(Action.map((action) => `\`${action}\``).join(', '));
    }
  });

  it('allows every call that the commands make, and none that they do not', async () => {
    const { environment, calls, cloudtrail } = await started();
    const run = kmsRunaway.with(environment);
    cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;

    for (const command of [
      ['top'],
      ['diagnose', 'alias/lake-etl'],
      ['check'],
      ['explain', 'alias/lake-etl'],
      ['backtest'],
    ])
      expect((await run(...command)).code, command.join(' ')).toBe(0);

    const made = new Set(calls.map(({ action }) => action));
    expect([...made].filter((action) => !(ACTIONS as readonly string[]).includes(action))).toEqual([]);
    // A last use is asked for only where CloudTrail does not know the key by its ARN.
    expect(ACTIONS.filter((action) => !made.has(action) && action !== 'kms:GetKeyLastUsage')).toEqual([]);
  });
});

describe('what AWS denies', () => {
  it.each([
    ['cloudwatch', 'ListMetrics', ['check'], 1],
    ['cloudwatch', 'GetMetricData', ['check'], 1],
    ['cloudwatch', 'GetMetricData', ['explain', 'alias/lake-etl'], 1],
    ['kms', 'ListAliases', ['top'], 0],
    ['kms', 'DescribeKey', ['top'], 0],
    ['servicequotas', 'ListServiceQuotas', ['check'], 0],
    ['cloudtrail', 'LookupEvents', ['diagnose', 'alias/lake-etl'], 0],
  ] as const)(
    '%s:%s is named with the statement that allows it',
    async (service, action, command, expected) => {
      const { environment, faults } = await started();
      faults.add({ service, action, error: 'AccessDenied', times: 'always' });

      const { code, err } = await kmsRunaway.with(environment)(...command);

      const statement = READ_ONLY_POLICY.Statement.find(({ Action }) =>
        Action.includes(`${service}:${action}`),
      );
      expect(code).toBe(expected);
      expect(err).toContain(`Not allowed: ${service}:${action}. Add to the policy of whoever runs this:\n`);
      expect(err).toContain(`\n  ${JSON.stringify(statement)}\n`);
      expect(err).toContain('`kms-runaway permissions` prints the whole policy');
    },
  );

  it('names the right to invoke', async () => {
    const { environment, faults } = await started();
    faults.add({ service: 'lambda', error: 'AccessDenied', times: 'always' });

    const { code, err } = await kmsRunaway.with(environment)('status', '--function', 'x');

    expect(code).toBe(1);
    expect(err).toContain('"Action":["lambda:InvokeFunction"]');
    expect(err).not.toContain('kms-runaway permissions');
  });
});

describe('what keeps a command from AWS', () => {
  it.each([
    ['ExpiredTokenException', 'your AWS credentials have expired: run `aws sso login`, or get new ones'],
    ['UnrecognizedClientException', 'AWS does not know these credentials'],
    [
      'InvalidSignatureException',
      "AWS refuses the signature: the secret key is wrong, or this machine's clock is (it says 2",
    ],
  ])('%s is told with the command that mends it', async (code, expected) => {
    const { environment, faults } = await started();
    faults.add({ service: 'cloudwatch', error: { code, status: 403 }, times: 'always' });

    const ended = await kmsRunaway.with(environment)('check');

    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain(`kms-runaway: ${expected}`);
  });

  it('says what is missing: credentials, a Region, an endpoint', async () => {
    const { environment } = await started();
    const empty = await mkdtemp(join(tmpdir(), 'kms-runaway-'));
    const config = join(empty, 'config');
    await writeFile(
      config,
      '[profile lake]\nregion = eu-central-1\n[profile sso]\nregion = eu-central-1\nsso_session = us\nsso_account_id = 111122223333\nsso_role_name = Read\n[sso-session us]\nsso_region = eu-central-1\nsso_start_url = https://example.com/start\n',
    );
    const home = { HOME: empty, AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(empty, 'none') };
    const run = kmsRunaway.with({ ...home, AWS_ENDPOINT_URL: environment['AWS_ENDPOINT_URL'] ?? '' });
    const off = kmsRunaway.with({ ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });

    const noRegion = await run('check');
    const noCredentials = await run('check', '--region', 'eu-central-1');
    const noneInProfile = await run('check', '--profile', 'lake');
    const noSession = await run('top', '--profile', 'sso');
    const noEndpoint = await off('status', '--function', 'x');
    await rm(empty, { recursive: true });

    expect(noRegion).toMatchObject({
      code: 64,
      err: expect.stringContaining('no Region: name one by --region'),
    });
    expect(noCredentials).toMatchObject({
      code: 1,
      err: expect.stringContaining('no AWS credentials: run `aws'),
    });
    expect(noneInProfile).toMatchObject({
      code: 1,
      err: expect.stringContaining('no credentials in the profile "lake"'),
    });
    expect(noSession).toMatchObject({
      code: 1,
      err: expect.stringContaining('your SSO session has ended: run `aws sso login --profile sso`'),
    });
    expect(noEndpoint).toMatchObject({ code: 1, err: expect.stringContaining('nothing answers there') });
  });
});
