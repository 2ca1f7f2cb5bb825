import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../../../shared/domain/doctor/finding.ts';
import { missingStatement } from '../../../../shared/domain/doctor/permission.ts';
import { redacted, redactor } from '../../../../shared/domain/doctor/redact.ts';

const ACCOUNT = '847362519084';
const KEY = '5f0c2a9e-1b7d-4c3a-9e8f-0a1b2c3d4e5f';
const ROLE = `arn:aws:sts::${ACCOUNT}:assumed-role/AcmeAdmins/jane.doe@acme.example`;
const KEY_ARN = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${KEY}`;
const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:acme-oncall`;

/** Everything that must not be in what is shared. */
const PLANTED = [
  ACCOUNT,
  KEY,
  'AcmeAdmins',
  'jane',
  'acme',
  'alias/payroll',
  'hooks.slack.com',
  'T0AAAAAAA',
  'AKIAIOSFODNN7EXAMPLE',
  'xoxb-12345-secret',
  'R0123456789ABCDEFGHIJKLMNOPQRSTU',
  '10.20.30.40',
  'Acme Prod',
];

const refusal = `AccessDenied: User: ${ROLE} is not authorized to perform: sns:GetTopicAttributes on resource: ${TOPIC} because no identity-based policy allows it`;

const report: DoctorReport = {
  asOf: '2026-11-24T12:00:00Z',
  region: 'eu-central-1',
  findings: [
    {
      id: 'trail-key-name',
      question: 'Under which name does CloudTrail know a key?',
      assumed: 'under its full ARN, as ResourceName',
      verdict: 'differs',
      evidence: `no use of alias/payroll found by ${KEY_ARN}, 50 by ${KEY}, all of AcmeAdmins; 1,154,684 requests in Acme Prod`,
      consequence: 'callers are found by the id of the key',
    },
  ],
  permissions: [
    {
      action: 'kms:DescribeKey',
      verdict: 'denied',
      evidence: refusal,
      statement: missingStatement('kms:DescribeKey', refusal),
    },
  ],
  receivers: [
    {
      receiver: 'slack',
      verdict: 'notReady',
      evidence:
        'https://hooks.slack.com/services/T0AAAAAAA/B0/x refused xoxb-12345-secret of AKIAIOSFODNN7EXAMPLE, R0123456789ABCDEFGHIJKLMNOPQRSTU at 10.20.30.40 (proxy.acme.example)',
    },
  ],
  quotas: [{ group: 'symmetric', perSecond: 20_000, assumed: false }],
  clock: { verdict: 'right', evidence: 'within a second or two of AWS' },
  cost: { calls: { 'kms:DescribeKey': 1 }, metricsRequested: 22, usd: 0.00022, seconds: 75 },
};

describe('a redacted report', () => {
  test('holds nothing that was planted, and still reads', () => {
    const shared = redacted(report, ['Acme Prod']);

    const text = JSON.stringify(shared).toLowerCase();
    expect(PLANTED.filter((planted) => text.includes(planted.toLowerCase()))).toEqual([]);
    expect(shared.findings[0]?.evidence).toBe(
      'no use of alias-1 found by arn-1, 50 by id-1, all of name-2; 1,154,684 requests in name-1',
    );
    expect(shared.permissions[0]?.evidence).toMatch(
      /^AccessDenied: User: arn-2 is not authorized to perform: sns:GetTopicAttributes on resource: arn-3 because/,
    );
    expect(shared.permissions[0]?.statement?.Resource).toBe('arn-3');
  });

  test('keeps counts, times, verdicts, the Region and the words of the program', () => {
    const shared = redacted(report);

    expect({ ...shared, findings: [], permissions: [], receivers: [] }).toEqual({
      ...report,
      findings: [],
      permissions: [],
      receivers: [],
    });
    expect(shared.findings.map(({ evidence: _, ...words }) => words)).toEqual(
      report.findings.map(({ evidence: _, ...words }) => words),
    );
  });

  test('calls the same thing by the same name everywhere', () => {
    const clean = redactor([`${ACCOUNT} and ${KEY}`]);

    expect([clean(`${ACCOUNT}, ${KEY}`), clean(`${KEY} of ${ACCOUNT}, not of 111122223333`)]).toEqual([
      'account-1, id-1',
      'id-1 of account-1, not of account-2',
    ]);
  });

  test('never holds an account, a key, an alias or a name, whatever stands around them', () => {
    const digits = fc.stringMatching(/^[1-9]\d{11}$/);
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{5,12}$/);
    const glue = fc.constantFrom(' ', ', ', ' (', ') ', ': ', '; ', '"', "'", '=');
    fc.assert(
      fc.property(digits, fc.uuid(), name, name, glue, glue, (account, key, alias, role, a, b) => {
        const text = `by ${a}arn:aws:iam::${account}:role/x/${role}${b}for${a}alias/${alias}${b}${key}${a}in${b}${account}${a}as${b}${role}.`;

        const clean = redactor([text])(text);

        const words = clean.replaceAll(/\b(arn|alias|id|account|name|credential)-\d+/g, '');
        for (const secret of [account, key, `alias/${alias}`, role]) expect(words).not.toContain(secret);
      }),
    );
  });
});
