import { describe, expect, it } from 'vitest';
import { renderPagerDuty } from '../../../shared/render/pagerduty.ts';
import { aDrill, aGroup, aMessage, aResolvedMessage } from '../../support/a-message.ts';

describe('renderPagerDuty', () => {
  it('triggers an alert with what people need to decide', () => {
    expect(renderPagerDuty(aMessage())).toMatchInlineSnapshot(`
      [
        {
          "client": "kms-runaway-detector",
          "dedup_key": "kms-20261125T0200-8wbo91rw",
          "event_action": "trigger",
          "links": [
            {
              "href": "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#metricsV2:graph=~(metrics~(~(~%27AWS*2fKMS~%27SuccessfulRequest~%27KeyArn~%27arn*3aaws*3akms*3aeu-central-1*3a111122223333*3akey*2f1234abcd-12ab-34cd-56ef-1234567890ab~%27Operation~%27Decrypt))~view~%27timeSeries~stacked~false~stat~%27Sum~period~300~region~%27eu-central-1~start~%272026-11-24T23*3a00*3a00.000Z~end~%272026-11-25T03*3a15*3a00.000Z);query=~%271234abcd-12ab-34cd-56ef-1234567890ab",
              "text": "Graph in CloudWatch",
            },
            {
              "href": "https://eu-central-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-central-1#/events?ResourceName=arn%3Aaws%3Akms%3Aeu-central-1%3A111122223333%3Akey%2F1234abcd-12ab-34cd-56ef-1234567890ab",
              "text": "Callers in CloudTrail",
            },
            {
              "href": "https://eu-central-1.console.aws.amazon.com/kms/home?region=eu-central-1#/kms/keys/1234abcd-12ab-34cd-56ef-1234567890ab",
              "text": "Key in the KMS console",
            },
          ],
          "payload": {
            "class": "kms-usage",
            "component": "lake-etl",
            "custom_details": {
              "Accept this level for good (cannot be undone) (paste into a shell)": "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"accept","key":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","by":"'"$USER"'"}' /dev/stdout",
              "Assumed": "AWS list prices (us-east-1, 2026-11); the Region's documented quota (this account's own may be higher).",
              "Check now (paste into a shell)": "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"check","keys":["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]}' /dev/stdout",
              "Cost": "$3.65 extra so far; $14.6 an hour, $350 a day, $10,700 a month if it goes on.",
              "I have it: no more reminders (paste into a shell)": "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"ack","incident":"kms-20261125T0200-8wbo91rw","by":"'"$USER"'"}' /dev/stdout",
              "Key": "alias/lake-etl",
              "Key ARN": "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
              "Message": "Incident kms-20261125T0200-8wbo91rw, message 1
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)",
              "Mute the key for 7 days (paste into a shell)": "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"mute","key":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","until":"P7D","reason":"incident kms-20261125T0200-8wbo91rw","by":"'"$USER"'"}' /dev/stdout",
              "Not known": "who is calling (the CloudTrail link shows calls about 15 min after they are made).",
              "Quota": "The surge takes 7% of the 20,000 requests/s in eu-central-1, all keys together 31%. No throttling expected.",
              "Requests": "▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███  last 3 h, highest 427,000 requests in 5 min",
              "Trail": "If a second CloudTrail trail of the account logs KMS events, that costs another $97.1 an hour.",
              "What happened": "Decrypt: 1.24 M requests 02:00-02:15 UTC (03:00 Berlin), usually 25,900.
      Steady now.",
            },
            "group": "prod eu-central-1",
            "severity": "critical",
            "source": "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "summary": "PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota",
            "timestamp": "2026-11-25T02:18:00Z",
          },
        },
      ]
    `);
  });

  it('resolves the same alert', () => {
    const [trigger] = renderPagerDuty(aMessage());
    const [resolve] = renderPagerDuty(aResolvedMessage());

    expect(resolve).toMatchObject({
      event_action: 'resolve',
      dedup_key: trigger?.dedup_key,
      payload: { summary: expect.stringMatching(/^RESOLVED lake-etl/) },
    });
  });

  it.each([
    ['page', 'critical'],
    ['notice', 'warning'],
    ['digest', 'info'],
  ] as const)('is as loud as the incident: %s is %s', (severity, expected) => {
    expect(renderPagerDuty(aMessage({ incident: { severity } }))[0]?.payload?.severity).toBe(expected);
  });

  it('makes an alert of its own of each of several keys, and one of a drill that it ends', () => {
    const group = renderPagerDuty(aGroup(3));
    const drill = renderPagerDuty(aDrill());

    expect(new Set(group.map(({ dedup_key }) => dedup_key)).size).toBe(3);
    expect(drill.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([
      ['trigger', aDrill().id],
      ['resolve', aDrill().id],
    ]);
    expect(drill[0]?.payload?.summary).toMatch(/^DRILL .*nothing is wrong/);
  });
});
