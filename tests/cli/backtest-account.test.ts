import { describe, expect, it } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { startLocalAws } from '../../infra/local/server.ts';
import { createWorld } from '../../infra/local/simulated-world.ts';
import { kmsRunaway } from '../support/a-cli.ts';

const DAY = 86_400;

describe('kms-runaway backtest on an account', () => {
  it('reads CloudWatch, writes nothing, and says what the last fortnight would have told', async () => {
    const clock = createClock();
    const now = Math.floor(clock.now());
    const storm = {
      keyAlias: 'alias/lake-etl',
      operation: 'Decrypt',
      from: now - 3 * DAY,
      to: now - 3 * DAY + 7200,
    };
    const world = createWorld({ startsAt: now, keys: 8, runaways: [{ ...storm, requestsPerSecond: 2500 }] });
    const aws = await startLocalAws({ world, clock });
    try {
      const { code, out, err } = await kmsRunaway.with(aws.environment)('backtest', '--format', 'table');

      expect(code).toBe(0);
      expect(err).toMatch(/^\d+ series in eu-central-1: \d+ metrics, at most \$0\.0\d, read-only\n$/);
      expect(out).toMatch(/lake-etl\s+page/);
      const actions = new Set(aws.calls.map(({ action }) => action));
      expect([...actions].toSorted()).toEqual([
        'cloudwatch:GetMetricData',
        'cloudwatch:ListMetrics',
        'kms:DescribeKey',
        'kms:ListAliases',
        'servicequotas:ListServiceQuotas',
      ]);
    } finally {
      await aws.close();
    }
  });

  it('says so where KMS is not used', async () => {
    const aws = await startLocalAws();
    try {
      const { code, err } = await kmsRunaway.with(aws.environment)('backtest');

      expect(code).toBe(64);
      expect(err).toContain('no use of KMS in eu-central-1');
    } finally {
      await aws.close();
    }
  });
});
