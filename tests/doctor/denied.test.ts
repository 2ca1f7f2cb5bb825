import { describe, expect, test } from 'vitest';
import type { ServiceName } from '../../infra/local/service.ts';
import { attentionsOf } from '../../shared/domain/doctor/finding.ts';
import { READING_CALLS, type ReadingCall } from '../../shared/domain/doctor/permission.ts';
import { aDoctor, anAccount, verdictsOf } from '../support/a-doctor.ts';

const CALLS = (Object.keys(READING_CALLS) as ReadingCall[]).filter(
  (action) => !action.startsWith('dynamodb:'),
);

/** Questions that cannot be answered without a call, in their order. */
const UNANSWERED: Readonly<Record<string, readonly string[]>> = {
  'kms:DescribeKey': [],
  'kms:GetKeyLastUsage': ['last-use'],
  'servicequotas:ListServiceQuotas': [],
  'cloudtrail:LookupEvents': ['trail-key-name', 'trail-delay', 'last-use'],
  'kms:ListAliases': ['aws-managed-keys', 'cross-account', 'trail-key-name', 'trail-delay', 'last-use'],
};

const split = (action: string): readonly [ServiceName, string] => {
  const [service = '', call = ''] = action.split(':');
  return [service as ServiceName, call];
};

describe('a doctor who is denied a call', () => {
  test.each(CALLS)('names %s and its statement, and answers what can be answered without', async (action) => {
    const { aws, ask } = await aDoctor(anAccount());
    const [service, call] = split(action);
    aws.faults.add({ service, action: call, error: 'AccessDenied', times: 'always' });

    const report = await ask({ watchSeconds: 0 });

    const denied = report.permissions.filter(({ verdict }) => verdict !== 'allowed');
    expect(denied).toEqual([
      {
        action,
        verdict: 'denied',
        evidence: expect.stringContaining(`not authorized to perform: ${action}`) as string,
        statement: { Sid: READING_CALLS[action], Effect: 'Allow', Action: [action], Resource: '*' },
      },
    ]);
    expect(attentionsOf(report)).toBe(1);
    const unanswered = UNANSWERED[action];
    if (unanswered) {
      const unknown = Object.entries(verdictsOf(report)).filter(([, verdict]) => verdict === 'unknown');
      expect(unknown.map(([id]) => id)).toEqual(
        ['settling', ...unanswered, 'quota-function'].toSorted(
          (a, b) => orderOf(report, a) - orderOf(report, b),
        ),
      );
    }
  });

  test('says of a key closed by its own policy that IAM does not open it', async () => {
    const { aws, ask } = await aDoctor(anAccount());
    const message =
      'User is not authorized to perform: kms:DescribeKey because no resource-based policy allows it';
    aws.faults.add({
      service: 'kms',
      action: 'DescribeKey',
      error: { code: 'AccessDeniedException', message },
      times: 'always',
    });

    const { permissions } = await ask({ watchSeconds: 0 });

    const denied = permissions.find(({ action }) => action === 'kms:DescribeKey');
    expect(denied).toMatchObject({
      verdict: 'denied',
      evidence: expect.stringContaining('resource-based') as string,
    });
    expect(denied).not.toHaveProperty('statement');
  });

  test('takes a call that fails for another reason for no denial', async () => {
    const { aws, ask } = await aDoctor(anAccount());
    aws.faults.add({ service: 'servicequotas', error: 'InternalFailure', times: 'always' });

    const report = await ask({ watchSeconds: 0 });

    expect(report.permissions.find(({ verdict }) => verdict !== 'allowed')).toMatchObject({
      action: 'servicequotas:ListServiceQuotas',
      verdict: 'unknown',
    });
    expect(report.quotas.every(({ assumed }) => assumed)).toBe(true);
    expect(attentionsOf(report)).toBe(0);
  });

  test.each<[who: string, service: ServiceName | undefined]>([
    ['AWS', undefined],
    ['CloudWatch', 'cloudwatch'],
    ['KMS', 'kms'],
    ['CloudTrail', 'cloudtrail'],
    ['Service Quotas', 'servicequotas'],
  ])('ends in time where %s does not answer', async (_, service) => {
    const { aws, ask } = await aDoctor(anAccount());
    const fault = { error: 'timeout', times: 'always' } as const;
    aws.faults.add(service === undefined ? fault : { ...fault, service });
    const began = performance.now();

    const { permissions } = await ask({ watchSeconds: 0, seconds: 2 });

    expect((performance.now() - began) / 1000).toBeLessThan(5);
    expect(permissions.map(({ verdict }) => verdict)).toContain('unknown');
  });
});

const orderOf = ({ findings }: { findings: readonly { id: string }[] }, id: string): number =>
  findings.findIndex((one) => one.id === id);
