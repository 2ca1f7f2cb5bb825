import { describe, expect, it } from 'vitest';
import type { IncidentFacts, RegionFacts } from '../../../shared/domain/incident/incident.ts';
import type { Message } from '../../../shared/domain/incident/message.ts';
import { regionSubject } from '../../../shared/domain/usage/key.ts';
import { renderEmail } from '../../../shared/render/email.ts';
import { headline } from '../../../shared/render/headline.ts';
import { renderSlack } from '../../../shared/render/slack.ts';
import {
  aMessage,
  aResolvedMessage,
  type MessageParts,
  NIGHT_BIN,
  someFacts,
} from '../../support/a-message.ts';
import { aKeyArn } from '../../support/keys.ts';

const REGION: RegionFacts = {
  group: 'symmetric',
  requestsPerSecond: 18_400,
  usualPerSecond: 9_100,
  source: 'callCount',
  otherKeys: 397,
};

const filling: Partial<IncidentFacts> = {
  operations: [],
  ratio: 0.92,
  usdPerHour: 0,
  usdPerHourHigh: 0,
  quotaShare: 0,
  regionQuotaShare: 0.92,
  minutesToThrottling: 12,
  assumed: [],
  region: REGION,
  busiestKeys: [
    { keyArn: aKeyArn(1), name: 'lake-etl', share: 0.31 },
    { keyArn: aKeyArn(2), name: 'orders-api', share: 0.12 },
    { keyArn: aKeyArn(3), name: 'audit', share: 0.01 },
  ],
};

const keyArn = regionSubject('eu-central-1');

const aRegionMessage = (facts: Partial<IncidentFacts> = {}, parts: MessageParts = {}): Message =>
  aMessage({ key: { keyArn, aliases: [] }, ...parts, facts: { ...filling, ...facts } });

const spread = { busiestKeys: [{ keyArn: aKeyArn(1), name: 'a', share: 0.02 }] };

describe("the message about the Region's quota", () => {
  it('says on a locked phone what fills, when it is full and by whom', () => {
    expect(headline(aRegionMessage(), 150)).toBe(
      'PAGE KMS quota prod eu-central-1: 92% of 20,000/s used, full in 12 min; most by lake-etl 31%, orders-api 12%',
    );
  });

  it.each([
    [99, 'PAGE KMS quota prod eu-central-1: 92% of 20,000/s used, full in 12 min; most by lake-etl 31%'],
    [80, 'PAGE KMS quota prod eu-central-1: 92% of 20,000/s used, full in 12 min'],
  ])('drops the names of keys first, in %i characters', (maxLength, expected) => {
    expect(headline(aRegionMessage(), maxLength)).toBe(expected);
  });

  it('says so where no key stands out', () => {
    expect(headline(aRegionMessage(spread), 150)).toContain('; spread over 398 keys');
    expect(renderEmail(aRegionMessage(spread)).text).toContain('No single key is behind it');
    expect(renderEmail(aRegionMessage()).text).not.toContain('No single key');
  });

  it('names other quotas than that of symmetric keys', () => {
    expect(headline(aRegionMessage({ region: { ...REGION, group: 'rsa' } }), 150)).toMatch(
      /^PAGE KMS RSA quota /,
    );
  });

  it('says in an email what becomes of it, who suffers and what to do', () => {
    expect(renderEmail(aRegionMessage()).text).toMatchInlineSnapshot(`
      "PAGE KMS quota prod eu-central-1: 92% of 20,000/s used, full in 12 min;
      most by lake-etl 31%, orders-api 12%

      All keys in eu-central-1 together make 18,400 requests/s 02:10-02:15 UTC
      (03:10 Berlin), usually 9,100.
      92% of the quota, and rising: full in about 12 min at this pace. Then
      KMS refuses requests of every key alike.

      ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███
      last 3 h, highest 427,000 requests in 5 min

      Quota     20,000 requests/s in eu-central-1, shared by Decrypt, Encrypt,
                GenerateDataKey and ReEncrypt of symmetric keys, and HMACs.
      Busiest   lake-etl 31%, orders-api 12%, audit 1% of the quota, and 397
                other keys.
      Suffers   Every application that uses KMS here, and every AWS service
                that does so for you: S3, EBS, DynamoDB, Secrets Manager and
                others.
      To do     Stop or slow what has just begun; ask for a higher quota (link
                below); let whoever uses the busiest keys reuse data keys (S3
                Bucket Keys, a data key cache).

      Not known bursts shorter than 5 minutes.

      All requests in CloudWatch:
      https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#metricsV2:graph=~(metrics~(~(~%27AWS*2fUsage~%27CallCount~%27Type~%27API~%27Resource~%27CryptographicOperationsSymmetric~%27Service~%27KMS~%27Class~%27None))~view~%27timeSeries~stacked~false~stat~%27Sum~period~300~region~%27eu-central-1~start~%272026-11-24T23*3a00*3a00.000Z~end~%272026-11-25T03*3a15*3a00.000Z);query=~%27KMS

      Ask for a higher quota:
      https://eu-central-1.console.aws.amazon.com/servicequotas/home/services/kms/quotas

      Busiest key in CloudWatch:
      https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#metricsV2:graph=~(metrics~(~(~%27AWS*2fKMS~%27SuccessfulRequest~%27KeyArn~%27arn*3aaws*3akms*3aeu-central-1*3a111122223333*3akey*2f00000000-0000-4000-8000-000000000001~%27Operation~%27Decrypt)~(~%27.~%27.~%27.~%27.~%27.~%27GenerateDataKey))~view~%27timeSeries~stacked~false~stat~%27Sum~period~300~region~%27eu-central-1~start~%272026-11-24T23*3a00*3a00.000Z~end~%272026-11-25T03*3a15*3a00.000Z);query=~%2700000000-0000-4000-8000-000000000001

      Check now (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"check","keys":["arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000001","arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000002","arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000003"]}' /dev/stdout

      I have it: no more reminders (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"ack","incident":"kms-20261125T0200-asndjm6y","by":"'"$USER"'"}' /dev/stdout

      Mute the Region's quotas for 7 days (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"mute","key":"REGION#eu-central-1","until":"P7D","reason":"incident kms-20261125T0200-asndjm6y","by":"'"$USER"'"}' /dev/stdout

      List all incidents (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"status"}' /dev/stdout

      Incident kms-20261125T0200-asndjm6y, message 1
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('says what it came to in the end', () => {
    const resolved = aResolvedMessage({
      key: { keyArn, aliases: [] },
      facts: { ...filling, bin: NIGHT_BIN + 57, regionQuotaShare: 0.46 },
    });
    const { incident } = resolved.notification;
    const tally = { ...incident.tally, peakRatio: 0.97 };
    const over = {
      ...resolved,
      notification: { ...resolved.notification, incident: { ...incident, tally } },
    };

    expect(headline(over, 150)).toMatch(
      /^RESOLVED KMS quota prod eu-central-1: over after .*, peak 97% of 20,000\/s$/,
    );
    expect(renderEmail(over).text).not.toContain('To do');
  });

  it('says that a flat curve at the top is no relief', () => {
    const { minutesToThrottling: _, ...flat } = someFacts({ ...filling, regionQuotaShare: 0.98 });
    const message = aMessage({ key: { keyArn, aliases: [] } });

    const { text } = renderEmail({ ...message, notification: { ...message.notification, facts: flat } });

    expect(text).toContain('KMS is probably refusing');
  });

  it('says where the total is from when CloudWatch had none', () => {
    const { text } = renderEmail(aRegionMessage({ region: { ...REGION, source: 'keys' } }));

    expect(text).toContain('CloudWatch had no total');
    expect(text).not.toContain('CallCount');
  });

  it('neither pings nor links in Slack, whatever a key is called', () => {
    const name = '<!channel> <https://evil.example|x>';
    const slack = renderSlack(aRegionMessage({ busiestKeys: [{ keyArn: aKeyArn(1), name, share: 0.5 }] }));

    expect(JSON.stringify(slack)).not.toMatch(/<!channel>|<https:\/\/evil/);
  });
});

describe('the message about a key while the quota fills', () => {
  it('names the others that would suffer, not itself', () => {
    const busiestKeys = [
      { keyArn: aKeyArn(1), name: 'lake-etl', share: 0.6 },
      { keyArn: aKeyArn(2), name: 'orders-api', share: 0.12 },
    ];

    const { text } = renderEmail(aMessage({ key: { keyArn: aKeyArn(1) }, facts: { busiestKeys } }));

    expect(text.replace(/\s+/g, ' ')).toContain('Busiest of the others: orders-api 12% of the quota.');
  });
});
