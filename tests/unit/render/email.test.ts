import { describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/domain/incident/message.ts';
import { renderEmail } from '../../../shared/render/email.ts';
import {
  aDrill,
  aGroup,
  aLimit,
  aMessage,
  anOperation,
  aResolvedMessage,
  LAKE_KEY,
} from '../../support/a-message.ts';

/** The email as people see it: what they would click or paste is long and tested elsewhere. */
function shown(message: Message): string {
  const { subject, text } = renderEmail(message);
  return `Subject: ${subject}\n\n${text.replace(/https:\S+/g, '(link)').replace(/aws lambda invoke .*/g, '(command)')}`;
}

describe('renderEmail', () => {
  it('tells an opening', () => {
    expect(shown(aMessage())).toMatchInlineSnapshot(`
      "Subject: PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota

      PAGE lake-etl prod eu-central-1: +$14.6/h, 48x, 7% of quota

      Decrypt: 1.24 M requests 02:00-02:15 UTC (03:00 Berlin), usually 25,900.
      Steady now.

      ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███
      last 3 h, highest 427,000 requests in 5 min

      Cost      $3.65 extra so far; $14.6 an hour, $350 a day, $10,700 a month
                if it goes on.
      Trail     If a second CloudTrail trail of the account logs KMS events,
                that costs another $97.1 an hour.
      Quota     The surge takes 7% of the 20,000 requests/s in eu-central-1,
                all keys together 31%. No throttling expected.
      Key       alias/lake-etl

      Assumed   AWS list prices (us-east-1, 2026-11); the Region's documented
                quota (this account's own may be higher).
      Not known who is calling (the CloudTrail link shows calls about 15 min
                after they are made).

      Graph in CloudWatch:
      (link)

      Callers in CloudTrail:
      (link)

      Key in the KMS console:
      (link)

      I have it: no more reminders (paste into a shell):
      (command)

      Check now (paste into a shell):
      (command)

      Mute the key for 7 days (paste into a shell):
      (command)

      Accept this level for good (cannot be undone) (paste into a shell):
      (command)

      arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Incident kms-20261125T0200-8wbo91rw, message 1
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('gives the links and the line to paste whole', () => {
    const { text } = renderEmail(aMessage());

    expect(text.split('\n').filter((line) => /^https:|^aws /.test(line))).toMatchInlineSnapshot(`
      [
        "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#metricsV2:graph=~(metrics~(~(~%27AWS*2fKMS~%27SuccessfulRequest~%27KeyArn~%27arn*3aaws*3akms*3aeu-central-1*3a111122223333*3akey*2f1234abcd-12ab-34cd-56ef-1234567890ab~%27Operation~%27Decrypt))~view~%27timeSeries~stacked~false~stat~%27Sum~period~300~region~%27eu-central-1~start~%272026-11-24T23*3a00*3a00.000Z~end~%272026-11-25T03*3a15*3a00.000Z);query=~%271234abcd-12ab-34cd-56ef-1234567890ab",
        "https://eu-central-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-central-1#/events?ResourceName=arn%3Aaws%3Akms%3Aeu-central-1%3A111122223333%3Akey%2F1234abcd-12ab-34cd-56ef-1234567890ab",
        "https://eu-central-1.console.aws.amazon.com/kms/home?region=eu-central-1#/kms/keys/1234abcd-12ab-34cd-56ef-1234567890ab",
        "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"ack","incident":"kms-20261125T0200-8wbo91rw","by":"'"$USER"'"}' /dev/stdout",
        "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"check","keys":["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]}' /dev/stdout",
        "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"mute","key":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","until":"P7D","reason":"incident kms-20261125T0200-8wbo91rw","by":"'"$USER"'"}' /dev/stdout",
        "aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"accept","key":"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","by":"'"$USER"'"}' /dev/stdout",
      ]
    `);
  });

  it('tells an escalation before the quota is full', () => {
    const message = aMessage({
      reason: 'escalated',
      number: 2,
      facts: {
        minutesToThrottling: 41,
        quotaShare: 0.56,
        regionQuotaShare: 0.8,
        recent: [8_600, 8_700, 900_000, 3_360_000],
      },
    });

    expect(shown(message)).toMatchInlineSnapshot(`
      "Subject: PAGE lake-etl prod eu-central-1: worse, now quota full in 41 min, +$14.6/h, 48x, 56% of quota

      PAGE lake-etl prod eu-central-1: worse, now quota full in 41 min,
      +$14.6/h, 48x, 56% of quota

      Decrypt: 1.24 M requests 02:00-02:15 UTC (03:00 Berlin), usually 25,900.
      Still rising.
      It began Wed 25 Nov 02:00 UTC (03:00 Berlin), 18 min ago, and has got
      worse.

      ▁▁▃█
      last 20 min, highest 3.36 M requests in 5 min

      Cost      $3.65 extra so far; $14.6 an hour, $350 a day, $10,700 a month
                if it goes on.
      Trail     If a second CloudTrail trail of the account logs KMS events,
                that costs another $97.1 an hour.
      Quota     The surge takes 56% of the 20,000 requests/s in eu-central-1,
                all keys together 80%. Full in about 41 min at this pace; then
                KMS refuses requests of all keys in the Region.
      Suffers   Every application that uses KMS here, and every AWS service
                that does so for you: S3, EBS, DynamoDB, Secrets Manager and
                others.
      To do     Stop or slow what has just begun; ask for a higher quota (link
                below); let whoever uses the busiest keys reuse data keys (S3
                Bucket Keys, a data key cache).
      Key       alias/lake-etl

      Assumed   AWS list prices (us-east-1, 2026-11); the Region's documented
                quota (this account's own may be higher).
      Not known who is calling (the CloudTrail link shows calls about 15 min
                after they are made).

      Graph in CloudWatch:
      (link)

      Callers in CloudTrail:
      (link)

      Key in the KMS console:
      (link)

      Ask for a higher quota:
      (link)

      I have it: no more reminders (paste into a shell):
      (command)

      Check now (paste into a shell):
      (command)

      Mute the key for 7 days (paste into a shell):
      (command)

      Accept this level for good (cannot be undone) (paste into a shell):
      (command)

      arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Incident kms-20261125T0200-8wbo91rw, message 2
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('tells why the curve is flat at the quota', () => {
    const message = aMessage({ facts: { minutesToThrottling: 0, quotaShare: 0.8, regionQuotaShare: 1 } });

    expect(shown(message)).toContain('Flat because KMS refuses the rest; the real demand is unknown.');
    expect(shown(message)).toContain('how many requests KMS refused.');
  });

  it('reminds of what goes on, and says if it pauses', () => {
    const message = aMessage({
      reason: 'reminder',
      number: 2,
      facts: { operations: [], ratio: 0, usdPerHour: 0, usdPerHourHigh: 0, quotaShare: 0 },
    });

    expect(shown(message)).toMatchInlineSnapshot(`
      "Subject: PAGE lake-etl prod eu-central-1: quiet at the moment, not over yet, $3.65 so far

      PAGE lake-etl prod eu-central-1: quiet at the moment, not over yet,
      $3.65 so far

      Back to the usual at the moment. You will hear when it is over: after
      two hours of quiet.
      It began Wed 25 Nov 02:00 UTC (03:00 Berlin), 18 min ago.

      ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███
      last 3 h, highest 427,000 requests in 5 min

      Cost      $3.65 extra so far, nothing more at the moment.
      Quota     All keys together take 31% of the 20,000 requests/s in
                eu-central-1. No throttling expected.
      Key       alias/lake-etl

      Assumed   AWS list prices (us-east-1, 2026-11); the Region's documented
                quota (this account's own may be higher).
      Not known who is calling (the CloudTrail link shows calls about 15 min
                after they are made).

      Graph in CloudWatch:
      (link)

      Callers in CloudTrail:
      (link)

      Key in the KMS console:
      (link)

      I have it: no more reminders (paste into a shell):
      (command)

      Check now (paste into a shell):
      (command)

      Mute the key for 7 days (paste into a shell):
      (command)

      Accept this level for good (cannot be undone) (paste into a shell):
      (command)

      arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Incident kms-20261125T0200-8wbo91rw, message 2
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('tells a fixed limit alone without claiming what is usual', () => {
    const message = aMessage({
      incident: { severity: 'notice' },
      facts: {
        operations: [],
        thresholds: [aLimit()],
        ratio: 0,
        usdPerHour: 0,
        usdPerHourHigh: 0,
        excessUsd: 0,
        quotaShare: 0,
        assumed: ['spec', 'quota'],
      },
    });

    expect(shown(message)).toMatchInlineSnapshot(`
      "Subject: NOTICE lake-etl prod eu-central-1: 612,000 requests in 1 h, over a fixed limit

      NOTICE lake-etl prod eu-central-1: 612,000 requests in 1 h, over a fixed
      limit

      Over the fixed limit "etl-budget": 612,000 requests ($1.84) in 1 h up to
      Wed 25 Nov 02:15 UTC (03:15 Berlin).
      Steady now.

      ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███
      last 3 h, highest 427,000 requests in 5 min

      Cost      No extra cost is known: only a fixed limit was exceeded.
      Quota     All keys together take 31% of the 20,000 requests/s in
                eu-central-1. No throttling expected.
      Key       alias/lake-etl

      Assumed   AWS list prices (us-east-1, 2026-11); a symmetric key (its
                type is not known yet); the Region's documented quota (this
                account's own may be higher).
      Not known who is calling (the CloudTrail link shows calls about 15 min
                after they are made).

      Graph in CloudWatch:
      (link)

      Callers in CloudTrail:
      (link)

      Key in the KMS console:
      (link)

      I have it: no more reminders (paste into a shell):
      (command)

      Check now (paste into a shell):
      (command)

      Mute the key for 7 days (paste into a shell):
      (command)

      Accept this level for good (cannot be undone) (paste into a shell):
      (command)

      arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Incident kms-20261125T0200-8wbo91rw, message 1
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('tells several operations, a price that is a range, a limit and a description', () => {
    const message = aMessage({
      key: { aliases: ['alias/tls', 'alias/tls-old'], description: 'TLS keys. Owner: platform@corp.example' },
      facts: {
        operations: [
          anOperation({
            operation: 'GenerateDataKeyPair',
            requests: 90_000,
            expected: 0.2,
            windowSeconds: 3600,
          }),
          anOperation({
            operation: 'ReEncrypt:source',
            requests: 5_000,
            expected: 40,
            windowSeconds: 86_400,
          }),
        ],
        thresholds: [aLimit()],
        usdPerHour: 0.9,
        usdPerHourHigh: 108,
      },
    });

    expect(shown(message)).toMatchInlineSnapshot(`
      "Subject: PAGE tls prod eu-central-1: +$0.90/h, 48x, 7% of quota

      PAGE tls prod eu-central-1: +$0.90/h, 48x, 7% of quota

      GenerateDataKeyPair: 90,000 requests 01:15-02:15 UTC (02:15 Berlin),
      usually none.
      ReEncrypt from this key: 5,000 requests 24 Nov 02:15 to 25 Nov 02:15 UTC
      (03:15 Berlin), usually 40.
      Steady now.

      ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███
      last 3 h, highest 427,000 requests in 5 min

      Cost      $3.65 extra so far; $0.90 to $108 an hour, $21.6 to $2,590 a
                day, $657 to $78,800 a month if it goes on. The price depends
                on the type of key pair.
      Trail     If a second CloudTrail trail of the account logs KMS events,
                that costs another $1.80 an hour.
      Quota     The surge takes 7% of the 20,000 requests/s in eu-central-1,
                all keys together 31%. No throttling expected.
      Limit     Over the fixed limit "etl-budget": 612,000 requests ($1.84) in
                1 h up to Wed 25 Nov 02:15 UTC (03:15 Berlin).
      Key       alias/tls, alias/tls-old, "TLS keys. Owner:
                platform@corp[.]example"

      Assumed   AWS list prices (us-east-1, 2026-11); the Region's documented
                quota (this account's own may be higher).
      Not known who is calling (the CloudTrail link shows calls about 15 min
                after they are made).

      Graph in CloudWatch:
      (link)

      Callers in CloudTrail:
      (link)

      Key in the KMS console:
      (link)

      I have it: no more reminders (paste into a shell):
      (command)

      Check now (paste into a shell):
      (command)

      Mute the key for 7 days (paste into a shell):
      (command)

      Accept this level for good (cannot be undone) (paste into a shell):
      (command)

      arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Incident kms-20261125T0200-8wbo91rw, message 1
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('keeps peak, length and total of what is over', () => {
    expect(shown(aResolvedMessage())).toMatchInlineSnapshot(`
      "Subject: RESOLVED lake-etl prod eu-central-1: over after 3 h 25 min, $41.2 extra, peak $15.1/h, 51x

      RESOLVED lake-etl prod eu-central-1: over after 3 h 25 min, $41.2 extra,
      peak $15.1/h, 51x

      Back to the usual since Wed 25 Nov 05:25 UTC (06:25 Berlin).
      It began Wed 25 Nov 02:00 UTC (03:00 Berlin) and lasted 3 h 25 min.
      Operations: Decrypt.

      Total     $41.2 and 13.7 M requests above the usual.
      Peak      +$15.1 an hour, 51x the usual, told as PAGE.
      Key       alias/lake-etl

      Assumed   AWS list prices (us-east-1, 2026-11); the Region's documented
                quota (this account's own may be higher).
      Not known who called (the CloudTrail link shows calls about 15 min after
                they are made).

      Graph in CloudWatch:
      (link)

      Callers in CloudTrail:
      (link)

      Key in the KMS console:
      (link)

      arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
      Incident kms-20261125T0200-8wbo91rw, message 3
      Wed 25 Nov 2026 07:03 UTC (08:03 Berlin)
      "
    `);
  });

  it('tells many keys in one message, worst first, and counts the rest', () => {
    const group = aGroup(11, (index) => ({ reason: index === 2 ? 'escalated' : 'opened' }));

    expect(shown(group)).toMatchInlineSnapshot(`
      "Subject: PAGE 11 keys prod eu-central-1: +$44.1/h, most by job-1

      PAGE 11 keys prod eu-central-1: +$44.1/h, most by job-1

      11 keys need a look at the same time. The worst come first.

      Cost      $40.1 extra so far; $44.1 an hour, $1,060 a day, $32,200 a
                month if it goes on.
      Quota     The surge takes 77% of the 20,000 requests/s in eu-central-1,
                all keys together 31%. No throttling expected.

      PAGE job-1: +$14.6/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq4jrb, message 1
      (link)

      PAGE job-2: +$7.30/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq4xsf, message 1
      (link)

      PAGE job-3: worse, now +$4.87/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq3rp3, message 1
      (link)

      PAGE job-4: +$3.65/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq45q7, message 1
      (link)

      PAGE job-5: +$2.92/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq63vr, message 1
      (link)

      PAGE job-6: +$2.43/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq6hwv, message 1
      (link)

      PAGE job-7: +$2.09/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq5btj, message 1
      (link)

      PAGE job-8: +$1.82/h, 48x, 7% of quota
      Decrypt: 1.24 M requests, usually 25,900.
      Incident kms-20261125T0200-2gnq5pun, message 1
      (link)

      and 3 more, +$4.41/h together
      Others: job-9, job-10, job-11

      Assumed   AWS list prices (us-east-1, 2026-11); the Region's documented
                quota (this account's own may be higher).
      Not known who is calling (CloudTrail's event history of each key shows
                it).

      Check now (paste into a shell):
      (command)

      List all incidents (paste into a shell):
      (command)

      11 incidents in one message
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('says that a drill is one', () => {
    expect(shown(aDrill())).toMatchInlineSnapshot(`
      "Subject: DRILL prod eu-central-1: a test of this channel, nothing is wrong

      DRILL prod eu-central-1: a test of this channel, nothing is wrong

      This is a drill: somebody asked the detector for a test message, and it
      has arrived.
      No key is in trouble. There is nothing to do.

      Drill drill-20261125T0218
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('foresees a full quota for some hours only', () => {
    const at = (minutesToThrottling: number) => shown(aMessage({ facts: { minutesToThrottling } }));

    expect(at(170)).toContain('Full in about 2 h 50 min at this pace;');
    expect(at(343)).toContain('No throttling expected in the next 3 h.');
  });

  it('draws the known bins only, and leaves out a description that repeats the name', () => {
    const message = aMessage({
      key: { description: 'lake-etl' },
      facts: { recent: [Number.NaN, Number.NaN, 100, Number.NaN, 800] },
    });

    expect(shown(message)).toContain('▁·█\nlast 15 min, highest 800 requests in 5 min');
    expect(shown(message)).not.toContain('"lake-etl"');
    expect(shown(aMessage({ facts: { recent: [Number.NaN, 0] } }))).not.toContain('highest');
  });

  it('names no function that it does not know', () => {
    const { origin, ...message } = aMessage();
    const { functionName: _, ...elsewhere } = origin;

    expect(renderEmail({ ...message, origin: elsewhere }).text).not.toContain('aws lambda invoke');
  });

  it('keeps the subject in printable ASCII below 100 characters', () => {
    const message = aMessage({
      key: { aliases: ['alias/größe\r\nBcc: x'] },
      origin: { account: `Zürich ${'東京'.repeat(60)}` },
    });

    expect(renderEmail(message).subject).toMatch(
      /^PAGE grosse Bcc: x Zurich [?]{8,}[.]{3} eu-central-1: \+\$14\.6\/h, 48x, 7% of quota$/,
    );
    expect(renderEmail(message).subject.length).toBeLessThan(100);
  });

  it('carries the key in full', () => {
    expect(renderEmail(aMessage()).text).toContain(`\n${LAKE_KEY}\n`);
  });
});
