import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunawayScript } from '../../infra/local/runaway.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { type DeployedLambda, deployLambda } from '../support/a-lambda.ts';

const STARTS_AT = Date.parse('2026-11-24T00:00:00Z') / 1000;
const HOUR = 3_600;
const HOME = '111122223333';
const LAKE = '222233334444';
const SHOP = '333344445555';
const ROLE = 'kms-runaway-enrichment';

const storm: RunawayScript = {
  keyAlias: 'alias/lake-etl',
  operation: 'Decrypt',
  from: STARTS_AT + 10 * HOUR,
  to: STARTS_AT + 12 * HOUR,
  kind: 'retryStorm',
  requestsPerSecond: 4_000,
};

const worldOf = (accountId: string, region: string, runaways: readonly RunawayScript[] = []) =>
  createWorld({ startsAt: STARTS_AT, historyDays: 15, keys: 6, accountId, region, runaways });

const REGIONS = ['eu-central-1', 'us-east-1'] as const;
const ENVIRONMENT = { ACCOUNT_ID: HOME, REGIONS: REGIONS.join(','), INCLUDE_LINKED_ACCOUNTS: 'true' };

const textOf = ({ message }: { readonly message: string }): string => message.replaceAll(/\s+/g, ' ');

let lambda: DeployedLambda;

beforeAll(async () => {
  lambda = await deployLambda(
    {
      world: worldOf(HOME, 'eu-central-1'),
      otherWorlds: [
        worldOf(HOME, 'us-east-1'),
        worldOf(LAKE, 'eu-central-1'),
        worldOf(LAKE, 'us-east-1', [storm]),
        worldOf(SHOP, 'eu-central-1', [storm]),
        worldOf(SHOP, 'us-east-1'),
      ],
    },
    { ...ENVIRONMENT, ENRICHMENT_ROLE_NAME: ROLE, MONTHLY_USD_CAP: '0' },
  );
  // The shop has not made the role.
  lambda.aws.sts.roles.add(`arn:aws:iam::${LAKE}:role/${ROLE}`);
  await lambda.checkAt('2026-11-24T09:03:00Z');
  await lambda.checkAt('2026-11-24T10:08:00Z');
  await lambda.checkAt('2026-11-24T10:28:00Z');
}, 120_000);

afterAll(async () => {
  for (const name of [...Object.keys(ENVIRONMENT), 'ENRICHMENT_ROLE_NAME', 'MONTHLY_USD_CAP'])
    delete process.env[name];
  await lambda.close();
});

describe('one function over three accounts in two Regions', () => {
  it('watches the keys of all of them', async () => {
    const answer = await lambda.invoke({ action: 'status' });

    expect(answer).toMatchObject({ ok: true, report: { coverage: 1, lastRun: { keys: 36 } } });
  });

  it('tells of each key by its own account and Region, and by its name where the role lets it look', () => {
    const subjects = lambda.aws.sns.messages.map(({ subject = '' }) => subject);

    expect(subjects.some((subject) => subject.startsWith(`PAGE lake-etl ${LAKE} us-east-1: `))).toBe(true);
    expect(
      subjects.filter((subject) => new RegExp(`^PAGE .* ${SHOP} eu-central-1: `).test(subject)),
    ).not.toEqual([]);
    expect(subjects.filter((subject) => subject.includes(`lake-etl ${SHOP}`))).toEqual([]);
  });

  it('finds callers by the role, and says what it cannot see where there is none', () => {
    const messages = lambda.aws.sns.messages.filter(({ subject = '' }) => subject.startsWith('PAGE'));
    const lake = messages.filter(({ subject = '' }) => subject.includes(LAKE)).map(textOf);
    const shop = messages.filter(({ subject = '' }) => subject.includes(SHOP)).map(textOf);

    expect(lake.some((text) => text.includes('role/'))).toBe(true);
    expect(shop[0]).toContain(`the role ${ROLE} of account ${SHOP} did not tell`);
  });

  it('assumes the role in linked accounts only, and never asks for an account that is not listed', () => {
    const roles = lambda.aws.calls.filter(({ action }) => action === 'sts:AssumeRole');

    expect(new Set(roles.map(({ resource }) => resource))).toEqual(
      new Set([LAKE, SHOP].map((account) => `arn:aws:iam::${account}:role/${ROLE}`)),
    );
  });
});
