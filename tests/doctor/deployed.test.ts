import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import type { DoctorReport } from '../../shared/domain/doctor/finding.ts';
import { kmsRunaway } from '../support/a-cli.ts';
import { type DeployedLambda, deployLambda } from '../support/a-lambda.ts';

const NAME = 'acme-Detector-1ABC';

let lambda: DeployedLambda | undefined;
afterEach(async () => {
  await lambda?.close();
  lambda = undefined;
});

async function deployed(installation: { readonly isEmailConfirmed?: boolean } = {}) {
  const clock = createClock();
  const world = createWorld({ startsAt: Math.floor(clock.now()), keys: 14 });
  lambda = await deployLambda({ clock, world, receivers: 'all' }, { CLOCK: 'wall' }, installation);
  lambda.aws.lambda.deploy(NAME, lambda.invoke);
  const { aws, invoke } = lambda;
  const doctor = async (): Promise<DoctorReport> => {
    const answer = (await invoke({ action: 'doctor', watch: 'PT0S' })) as { report: DoctorReport };
    return answer.report;
  };
  const run = (...args: readonly string[]) => kmsRunaway.with(aws.environment)('doctor', ...args);
  return { aws, invoke, doctor, run };
}

describe('the deployed doctor', () => {
  test('knows its receivers and its table, sends nothing and writes nothing', async () => {
    const { aws, doctor } = await deployed();

    const { receivers, permissions, quotas } = await doctor();

    expect(receivers.map(({ receiver, verdict }) => `${receiver} ${verdict}`)).toEqual([
      'sns ready',
      'slack ready',
      'pagerduty ready',
      'event unknown',
    ]);
    expect(permissions.filter(({ verdict }) => verdict === 'allowed')).toHaveLength(9);
    expect(quotas).toContainEqual({ group: 'symmetric', perSecond: 20_000, assumed: false });
    const changing = aws.calls.filter(
      ({ action }) => !/:(Get|List|Describe|Lookup|Query|CreateTable)/.test(action),
    );
    expect(changing).toEqual([]);
  });

  test('says who hears nothing: an address that nobody confirmed, a secret that is none', async () => {
    const { aws, doctor } = await deployed({ isEmailConfirmed: false });
    aws.secrets.put('kms-runaway-slack', 'xoxp-not-a-webhook');
    aws.faults.add({
      service: 'secretsmanager',
      match: ({ input }) => JSON.stringify(input).includes('pagerduty'),
      error: 'AccessDenied',
      times: 'always',
    });

    const { receivers } = await doctor();

    expect(receivers).toEqual([
      {
        receiver: 'sns',
        verdict: 'notReady',
        evidence: expect.stringMatching(/^subscriptions: 0 confirmed, 1 pending: nobody hears/) as string,
      },
      {
        receiver: 'slack',
        verdict: 'notReady',
        evidence: expect.stringContaining('the secret holds no https address') as string,
      },
      {
        receiver: 'pagerduty',
        verdict: 'notReady',
        evidence: expect.stringContaining('lacks secretsmanager:GetSecretValue') as string,
      },
      expect.objectContaining({ receiver: 'event' }) as unknown,
    ]);
    expect(JSON.stringify(receivers)).not.toContain('xoxp');
  });

  test('reads at the command line, ends with 2 where nobody hears, and can be shared', async () => {
    const { aws, run } = await deployed({ isEmailConfirmed: false });
    aws.faults.add({ service: 'dynamodb', action: 'Query', error: 'AccessDenied', times: 'always' });
    const file = join(await mkdtemp(join(tmpdir(), 'doctor-')), 'doctor.json');

    const { code, out } = await run('--function', NAME, '--watch', 'PT0S', '--redacted', file);

    expect(code).toBe(2);
    expect(out).toMatch(/2 to look at, marked !\.\n/);
    expect(out).toMatch(/^! denied {6}dynamodb:Query: AccessDeniedException:/m);
    expect(out).toContain('{"Sid":"KeepState","Effect":"Allow","Action":["dynamodb:Query"],"Resource":"*"}');
    expect(out).toMatch(/^! not ready {3}sns: subscriptions: 0 confirmed, 1 pending/m);
    const shared = await readFile(file, 'utf8');
    const planted = [
      aws.world.accountId,
      ...aws.world.keys.flatMap(({ keyId, aliases }) => [keyId, ...aliases]),
      'acme',
      'arn:',
      'http',
    ];
    expect(planted.filter((one) => shared.includes(one))).toEqual([]);
    expect(JSON.parse(shared)).toMatchObject({
      region: 'eu-central-1',
      receivers: [{ receiver: 'sns', verdict: 'notReady' }, {}, {}, {}],
    });
  });

  test('refuses to watch for longer than the function runs', async () => {
    const { invoke, run } = await deployed();

    expect(await invoke({ action: 'doctor', watch: 'PT10M' })).toEqual({
      ok: false,
      error: {
        code: 'InvalidRequest',
        problems: [
          {
            path: 'watch',
            value: 'PT10M',
            expected: 'ISO 8601 duration such as PT75S, at most PT150S, or PT0S for not at all',
          },
        ],
      },
    });
    const { code, err } = await run('--watch', '75');
    expect({ code, err }).toEqual({
      code: 64,
      err: 'kms-runaway: --watch "75": expected ISO 8601 duration such as PT75S, at most PT150S, or PT0S for not at all\n',
    });
  });
});
