import { expect, test } from 'vitest';
import { doctorText } from '../../shared/render/doctor-text.ts';
import { aDoctor, anAccount } from '../support/a-doctor.ts';

test('people read first what differs, what is denied and who hears nothing, then what is fine', async () => {
  const { aws, ask } = await aDoctor(anAccount({ idle: 'zeros', publicationDelaySeconds: 300 }));
  aws.faults.add({ service: 'kms', action: 'GetKeyLastUsage', error: 'AccessDenied', times: 'always' });

  const report = await ask({
    ports: {
      receivers: [
        {
          name: 'sns',
          severities: ['page'],
          groups: true,
          send: () => Promise.reject(new Error('nothing is sent')),
          subscriptions: () => Promise.resolve({ confirmed: 0, pending: 1 }),
        },
      ],
    },
  });

  expect(doctorText(report, 110)).toMatchInlineSnapshot(`
    "eu-central-1, 2026-11-24T12:00:00Z: 18 questions: 2 differs, 2 unknown, 14 as assumed; 4 to look at, marked !.

    What AWS does
    ! differs     What does a minute without requests look like? Assumed: a gap: no datapoint. Found: 130
                  datapoints of 0 in 5 metrics. So: none for the detector, which takes a gap and a zero alike.
    ! differs     How late are datapoints? Assumed: at most the settle delay. Found: the newest minute of 4 busy
                  metrics ended 5 min ago, so that the delay is 240 s to 5 min; the settle delay is 180 s. So:
                  bins are judged before they are complete and told one run later: set SettleSeconds to the delay
                  and a minute more.
      unknown     Does KMS know the last use of a key, and CloudTrail its event? Assumed: KMS names a use of the
                  last 15 minutes, and CloudTrail finds its event as soon as it is as old as that. Not told:
                  kms:GetKeyLastUsage: not allowed (AccessDeniedException: User is not authorized to perform:
                  kms:GetKeyLastUsage because no identity-based policy allows the kms:GetKeyLastUsage action).
      unknown     Which scale does SERVICE_QUOTA() have in metric math? Assumed: requests per second, as Service
                  Quotas lists the quota. Not told: cloudwatch:GetMetricData: failed (ValidationException: Error
                  in expression: syntax error near 'SERVICE_QUOTA' in SERVICE_QUOTA(calls)).
      as assumed  Which dimensions do the metrics of keys have? Listed: "KeyArn, Operation" 4x; "SourceKeyArn,
                  DestinationKeyArn, Operation" 1x.
      as assumed  How are operations spelled? 3 operations: Decrypt, GenerateDataKey, ReEncrypt.
      as assumed  How is ReEncrypt counted, which uses two keys? 1 pair of keys listed.
      as assumed  Are AWS managed keys (alias/aws/...) counted? 1 of 1 AWS managed key listed.
      as assumed  In whose account is a call counted that uses a key of another account? 1 key of other accounts
                  listed here.
      as assumed  Which unit do the datapoints have? Of 175 datapoints, 175 with unit Count and 0 with unit None.
      as assumed  Is each request a sample of its own? In 60 minutes: Sum 6,000, SampleCount 6,000.
      as assumed  How soon is a new metric listed? All 5 metrics with requests in the last two hours are listed.
      as assumed  How often does KMS publish? 700 datapoints in 4 busy metrics, minute by minute.
      as assumed  How far back does Metrics Insights answer? Asked for an hour that ended 5 hours ago, it refuses:
                  ValidationException: Metrics Insights queries can only query the most recent three hours of
                  data.
      as assumed  Does a datapoint still change after it has appeared? 0 of 40 datapoints of the last quarter of
                  an hour changed within 75 s.
      as assumed  Under which name does CloudTrail know a key? 50 uses of alias/orders-api found by its ARN.
      as assumed  How late is the event history of CloudTrail? The newest use of alias/orders-api, which is used
                  every minute, is 5 min old.
      as assumed  Does AWS count the calls against the request quotas? Calls in an hour: symmetric 8,160.

    Permissions
    ! denied      kms:GetKeyLastUsage: AccessDeniedException: User is not authorized to perform:
                  kms:GetKeyLastUsage because no identity-based policy allows the kms:GetKeyLastUsage action. Add:
                  {"Sid":"FindLastUse","Effect":"Allow","Action":["kms:GetKeyLastUsage"],"Resource":"*"}
      allowed     cloudwatch:ListMetrics, cloudwatch:GetMetricData, kms:ListAliases, kms:DescribeKey,
                  cloudtrail:LookupEvents, servicequotas:ListServiceQuotas

    Receivers
    ! not ready   sns: subscriptions: 0 confirmed, 1 pending: nobody hears; click the link in the email from SNS

    Quotas and clock
      applied     symmetric 20,000/s, rsa 1,000/s, ecc 1,000/s, mlDsa 1,000/s
      clock       within a second or two of AWS

    It took 75 s, 19 calls that only read, and 22 metrics, which cost less than $0.01.
    "
  `);
});

test('what the account says cannot break out of its line', () => {
  const evidence = 'alias/x\n! denied\u001b[2J\u202ehttps://evil.example';

  const text = doctorText(
    {
      asOf: '2026-11-24T12:00:00Z',
      region: 'eu-central-1',
      findings: [{ id: 'x', question: 'Is it?', assumed: 'yes', verdict: 'asAssumed', evidence }],
      permissions: [],
      receivers: [],
      quotas: [],
      clock: { verdict: 'unknown', evidence: 'AWS gave no time' },
      cost: { calls: {}, metricsRequested: 0, usd: 0, seconds: 0 },
    },
    110,
  );

  expect(text).toContain('Is it? Alias/x ! denied [2Jhttps[:]//evil[.]example.\n');
});
