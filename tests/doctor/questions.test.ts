import { describe, expect, test } from 'vitest';
import type { AccountProbe, ListedUse, Probed } from '../../shared/app/doctor/account-probe.ts';
import { examine } from '../../shared/app/doctor/doctor.ts';
import type { Finding } from '../../shared/domain/doctor/finding.ts';
import { parseKeyArn } from '../../shared/domain/usage/key.ts';

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-00000000000a';
const keyArn = parseKeyArn(ARN);

const listed = (operation: string, dimensions = ['KeyArn', 'Operation'], isRead = true): ListedUse => ({
  dimensions,
  operation,
  keys: [ARN],
  metric: isRead && keyArn ? { kind: 'key', keyArn, operation } : undefined,
});

const PAIR = ['DestinationKeyArn', 'Operation', 'SourceKeyArn'];

const failed = <T>(): Promise<Probed<T>> =>
  Promise.resolve({ kind: 'failed', fault: 'unreachable', detail: 'not part of this test' });

/** A probe that knows the list of metrics only, and what a test adds. */
const aProbe = (uses: readonly ListedUse[], over: Partial<AccountProbe> = {}): AccountProbe => ({
  calls: new Map(),
  metricsRequested: 0,
  clockAheadSeconds: undefined,
  usageQuery: {
    metricsRequested: 0,
    requestsByMetric: () => Promise.resolve({ kind: 'refused', reason: 'not part of this test' }),
    quotaCalls: () => Promise.resolve({ kind: 'refused', reason: 'not part of this test' }),
  },
  listUses: () => Promise.resolve({ kind: 'answered', answer: { uses, isComplete: true } }),
  readMinutes: failed,
  quotaFunction: failed,
  aliases: failed,
  describeKey: failed,
  lastUse: failed,
  quotas: failed,
  trail: failed,
  ...over,
});

const report = (probe: AccountProbe) =>
  examine(
    { probe, receivers: [], now: () => 1_800_000_000, sleep: () => Promise.resolve() },
    { region: 'eu-central-1', settleSeconds: 180, watchSeconds: 0 },
  );

async function finding(id: string, probe: AccountProbe): Promise<Finding | undefined> {
  return (await report(probe)).findings.find((one) => one.id === id);
}

describe('what is listed', () => {
  test.each<[what: string, id: string, uses: readonly ListedUse[], verdict: string, evidence: string]>([
    [
      'a shape of its own',
      'dimension-shapes',
      [listed('Decrypt'), listed('Decrypt', ['KeyArn'], false)],
      'differs',
      'listed: "KeyArn, Operation" 1x; "KeyArn" 1x',
    ],
    [
      'a key that is named by its id',
      'dimension-shapes',
      [listed('Decrypt', undefined, false)],
      'differs',
      'listed: "KeyArn, Operation" with values of another kind 1x',
    ],
    [
      'operations in other words',
      'operation-spelling',
      [listed('Decrypt'), listed('DECRYPT'), listed('GenerateRandom')],
      'differs',
      'not names of the API: "DECRYPT", "GenerateRandom"',
    ],
    [
      'ReEncrypt twice',
      're-encrypt-shape',
      [listed('ReEncrypt', PAIR), listed('ReEncrypt')],
      'differs',
      '1 of 2 under "KeyArn, Operation"',
    ],
    ['no ReEncrypt', 're-encrypt-shape', [listed('Decrypt')], 'unknown', 'no ReEncrypt is listed'],
  ])('%s', async (_, id, uses, verdict, evidence) => {
    expect(await finding(id, aProbe(uses))).toMatchObject({ verdict, evidence });
  });

  test('nothing, though KMS says that an AWS managed key was used', async () => {
    const managed = parseKeyArn(ARN.replace(/0a$/, '0b'));
    const probe = aProbe([listed('Decrypt')], {
      aliases: () =>
        Promise.resolve({ kind: 'answered', answer: new Map(managed ? [[managed, ['alias/aws/s3']]] : []) }),
      lastUse: () =>
        Promise.resolve({
          kind: 'answered',
          answer: { at: 1_800_000_000 - 7200, operation: 'Decrypt', eventId: undefined },
        }),
    });

    expect(await finding('aws-managed-keys', probe)).toMatchObject({
      verdict: 'differs',
      evidence: 'KMS says that alias/aws/s3 was used 120 min ago, and no such metric is listed',
    });
  });
});

describe('the clock', () => {
  test.each([
    [0, 'right', 'within a second or two of AWS'],
    [-12, 'right', '12 s behind AWS'],
    [400, 'wrong', '400 s ahead of AWS'],
    [undefined, 'unknown', 'AWS gave no time'],
  ])('that is %s seconds ahead', async (clockAheadSeconds, verdict, evidence) => {
    const { clock } = await report(aProbe([], { clockAheadSeconds }));

    expect(clock).toEqual({ verdict, evidence });
  });
});

test('a question that fails costs no other its answer', async () => {
  const probe = aProbe([listed('Decrypt')], { aliases: () => Promise.reject(new TypeError('a bug')) });

  const { findings } = await report(probe);

  expect(findings.find(({ id }) => id === 'cross-account')).toMatchObject({
    verdict: 'unknown',
    evidence: 'the question failed: TypeError: a bug',
  });
  expect(findings.find(({ id }) => id === 'operation-spelling')?.verdict).toBe('asAssumed');
});
