import { describe, expect, it } from 'vitest';
import type { NoticeFacts } from '../../../shared/domain/notice.ts';
import { renderEmail } from '../../../shared/render/email.ts';
import { renderSlack } from '../../../shared/render/slack.ts';
import { aGroup, aNotice, aNoticeIncident, someNoticeFacts } from '../../support/a-message.ts';

const mailOf = (facts: NoticeFacts, id: string): string => {
  const { subject, text } = renderEmail(aNotice(facts, id));
  return `Subject: ${subject}\n\n${text}`;
};

describe('an email without an incident', () => {
  it('tells the small incidents of a day', () => {
    expect(mailOf(someNoticeFacts.digest, 'DIGEST#2026-11-25')).toMatchInlineSnapshot(`
      "Subject: DIGEST prod eu-central-1: 2 small runaways, $0.45 extra, nothing urgent

      DIGEST prod eu-central-1: 2 small runaways, $0.45 extra, nothing urgent

      2 runaways cost less than is told at once: $0.45 in all, up to Wed 25
      Nov 07:00 UTC (08:00 Berlin).
      Nothing here is urgent. A job that has changed for good shows up here
      first.

      Runaways, the costliest first
      lake-etl: $0.42 extra, Decrypt 12x, Tue 24 Nov 13:10 UTC (14:10 Berlin),
      over after 40 min
      backup: $0.03 extra, Encrypt and 1 more 3x, Tue 24 Nov 13:10 UTC (14:10
      Berlin), over after 40 min

      Assumed   AWS list prices (us-east-1, 2026-11); where a price is a
                range, its lower end.

      List all incidents (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"status"}' /dev/stdout

      Message DIGEST#2026-11-25
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('tells a week', () => {
    expect(mailOf(someNoticeFacts.weekly, 'WEEK#2026-48')).toMatchInlineSnapshot(`
      "Subject: WEEKLY prod eu-central-1: KMS requests cost $57.1, 2 runaways

      WEEKLY prod eu-central-1: KMS requests cost $57.1, 2 runaways

      KMS requests of 3 keys cost $57.1 in the last seven days, 23% more than
      usual.
      2 runaways cost $41.6 extra: 1 page, 1 too small to be told at once. All
      are over.

      Week      Mon 16 Nov 07:00 UTC (08:00 Berlin) to Mon 23 Nov 07:00 UTC
                (08:00 Berlin).
      Watching  about $1.25 a week for 125,000 metrics read from CloudWatch.

      What grew
      lake-etl: $42, 14 M requests, 35% more than the usual $31

      The bill by key
      lake-etl: $42, 14 M requests, 35% more than the usual $31
      checkout: $15, 5 M requests
      new-report: $0.10, 33,000 requests, no usual week yet

      Runaways, the costliest first
      PAGE lake-etl: $41.2 extra, Decrypt 51x, Tue 24 Nov 13:10 UTC (14:10
      Berlin), over after 40 min
      lake-etl: $0.42 extra, Decrypt 12x, Tue 24 Nov 13:10 UTC (14:10 Berlin),
      over after 40 min

      Assumed   AWS list prices (us-east-1, 2026-11); where a price is a
                range, its lower end.

      List all incidents (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"status"}' /dev/stdout

      Message WEEK#2026-48
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('tells a week in which nothing happened', () => {
    const { bill } = someNoticeFacts.weekly;
    const quiet = { ...bill, usd: 46.5, grown: [] };
    const nothing = { bill: quiet, incidents: [], total: 0, totalUsd: 0, pages: 0 };

    expect(mailOf({ ...someNoticeFacts.weekly, ...nothing }, 'WEEK#2026-48')).toMatchInlineSnapshot(`
      "Subject: WEEKLY prod eu-central-1: KMS requests cost $46.5, no runaway

      WEEKLY prod eu-central-1: KMS requests cost $46.5, no runaway

      KMS requests of 3 keys cost $46.5 in the last seven days, as usual.
      No key ran away this week.
      No key costs clearly more than in a usual week.

      Week      Mon 16 Nov 07:00 UTC (08:00 Berlin) to Mon 23 Nov 07:00 UTC
                (08:00 Berlin).
      Watching  about $1.25 a week for 125,000 metrics read from CloudWatch.

      The bill by key
      lake-etl: $42, 14 M requests, 35% more than the usual $31
      checkout: $15, 5 M requests
      new-report: $0.10, 33,000 requests, no usual week yet

      Assumed   AWS list prices (us-east-1, 2026-11); where a price is a
                range, its lower end.

      List all incidents (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"status"}' /dev/stdout

      Message WEEK#2026-48
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('welcomes', () => {
    expect(mailOf(someNoticeFacts.welcome, 'WELCOME')).toMatchInlineSnapshot(`
      "Subject: WELCOME prod eu-central-1: watching 39 KMS keys from now on

      WELCOME prod eu-central-1: watching 39 KMS keys from now on

      The detector has made its first check. From now on you hear when a KMS
      key whose usual is known runs away, and when it is over.
      39 keys are in use, with 62 pairs of key and operation.
      What is usual is now learned from up to eight weeks of CloudWatch's
      history, 62 pairs to go. Until then only a fixed limit of the policy, or
      the Region's quota, can tell of them.

      Told to   the SNS topic (email): 1 subscription confirmed, 1 not
                confirmed yet; Slack.
      At once   from $0.50 an hour above the usual, or 10% of the Region's
                quota; as a page from $10 an hour, or where that quota will be
                full within an hour.
      Digest    what costs less, once a day at 08:00 Europe/Berlin; a report
                on Mondays.

      Send a test message (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"test-alert"}' /dev/stdout

      List all incidents (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"status"}' /dev/stdout

      Message WELCOME
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('says at the welcome that nobody has confirmed', () => {
    const receivers = [{ name: 'sns', confirmed: 0, unconfirmed: 1 }];

    expect(mailOf({ ...someNoticeFacts.welcome, receivers }, 'WELCOME')).toContain(
      'Nobody has confirmed a subscription of the SNS topic (email)',
    );
  });

  it('says that the usual is known, and what it costs', () => {
    expect(mailOf(someNoticeFacts.firstDay, 'FIRST-DAY')).toMatchInlineSnapshot(`
      "Subject: READY prod eu-central-1: the usual of 3 keys is known, $57.1 a week

      READY prod eu-central-1: the usual of 3 keys is known, $57.1 a week

      What is usual is known now: 62 pairs of key and operation are compared
      with their own history from here on.
      KMS requests of 3 keys cost $57.1 in the last seven days, 23% more than
      usual.
      These keys cost most. That is no alarm: it is what was there before.
      In the 14 days before, you would have heard of 2 runaways at once, 1
      page among them: $42.3 extra; 3 more would have waited for a digest.

      Expect    0 to 4 notices and 0 to 4 pages in the next fortnight (4 times
                out of 5).

      The bill by key
      lake-etl: $42, 14 M requests, 35% more than the usual $31
      checkout: $15, 5 M requests
      new-report: $0.10, 33,000 requests, no usual week yet

      Runaways, the costliest first
      PAGE lake-etl: $41.2 extra, Decrypt 51x, Tue 24 Nov 13:10 UTC (14:10
      Berlin), over after 40 min
      NOTICE backup: $1.10 extra, Decrypt 6x, Tue 24 Nov 13:10 UTC (14:10
      Berlin), over after 40 min

      Assumed   AWS list prices (us-east-1, 2026-11); where a price is a
                range, its lower end.
      Left out  the past of 12 pairs of key and operation.

      Message FIRST-DAY
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('says that another receiver is dead', () => {
    expect(mailOf(someNoticeFacts.deadReceiver, 'RECEIVER#slack#2026-11-25')).toMatchInlineSnapshot(`
      "Subject: RECEIVER slack prod eu-central-1: messages have not arrived for 3 h 3 min, 1 lost

      RECEIVER slack prod eu-central-1: messages have not arrived for 3 h 3
      min, 1 lost

      Messages do not arrive at Slack. You read this because another receiver
      still works.
      2 messages are still tried; 1 message was given up after a day.

      Since     Tue 24 Nov 23:15 UTC (Wed 00:15 Berlin)
      Reason    Slack answered 404 no_service
      To do     Make a new webhook for the channel, or renew the bot's token,
                and put it into the secret.

      Send a test message (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"test-alert"}' /dev/stdout

      List all incidents (paste into a shell):
      aws lambda invoke --function-name kms-runaway-Detector-AbC123 --region eu-central-1 --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"action":"status"}' /dev/stdout

      Message RECEIVER#slack#2026-11-25
      Wed 25 Nov 2026 02:18 UTC (03:18 Berlin)
      "
    `);
  });

  it('tells what the alert budget has held back, worst first', () => {
    const group = aGroup(3, (index) => (index === 1 ? { reason: 'resolved' } : {}));
    const message = { ...group, budget: { limit: 20 } };

    const { subject, text } = renderEmail(message);

    expect(subject).toBe('PAGE 3 keys prod eu-central-1: told together, +$26.8/h, most by job-1');
    expect(text).toContain(
      'Alert budget: 20 messages in the hour before; 3 more are in this one.\nThe worst come first.',
    );
    expect(text.match(/^(PAGE|RESOLVED) job-.*/gm)).toEqual([
      'PAGE job-1: +$14.6/h, 48x, 7% of quota',
      'RESOLVED job-2: over after 10 min, $3.65 extra, peak $14.6/h, 48x',
      'PAGE job-3: +$4.87/h, 48x, 7% of quota',
    ]);
  });
});

describe('a digest of more incidents than a message holds', () => {
  const incidents = Array.from({ length: 50 }, (_, i) => aNoticeIncident({ name: `job-${i + 1}` }));
  const digest = { ...someNoticeFacts.digest, incidents, total: 87 };

  it('tells fifty and counts the others, in email and in Slack', () => {
    const inSlack = JSON.stringify(renderSlack(aNotice(digest)).blocks);
    const { text } = renderEmail(aNotice(digest));

    for (const told of [inSlack, text]) {
      expect(told.match(/job-\d+: /g)).toHaveLength(50);
      expect(told).toContain('and 37 more that cost less');
    }
  });
});
