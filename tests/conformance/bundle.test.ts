import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DetectorHandler, lambdaContext } from '../../cli/lambda.ts';
import { createDetectorTable } from '../../infra/local/install-detector.ts';
import { newContainer } from '../support/a-lambda.ts';
import { CLIENT, ENVIRONMENT, putKmsRequests, resetMoto, subscribe } from './moto.ts';
import { noticesOf, type Subscriber, startSubscriber } from './subscriber.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** An hour that has just begun, so that history and storm fall on CloudWatch's grid. */
const NOW = Math.floor(Date.now() / HOUR / 1000) * HOUR;

/** One request a second for eight weeks, in hourly points; then 200 a second for half an hour; then one again. */
const USUAL_PER_HOUR = 3600;
const STORM_PER_BIN = 200 * 300;
const STORM_BINS = 6;

describe('the built bundle against moto', () => {
  let handler: DetectorHandler;
  let mailbox: Subscriber;
  let slack: Subscriber;

  const checkAt = (at: number) =>
    handler({ action: 'check', scheduledTime: new Date(at * 1000).toISOString() }, lambdaContext());
  const headlines = () => ({
    email: noticesOf(mailbox).map(({ Subject }) => Subject?.split(':')[0]),
    slack: slack.bodies.map((body) => (JSON.parse(body) as { text: string }).text.split(':')[0]),
  });

  beforeAll(async () => {
    await resetMoto();
    [mailbox, slack] = await Promise.all([startSubscriber(), startSubscriber()]);
    const kms = new KMSClient(CLIENT);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'objects of the data lake' }));
    const keyArn = KeyMetadata?.Arn ?? '';
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/lake-etl', TargetKeyId: keyArn }));
    const sns = new SNSClient(CLIENT);
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
    await subscribe(sns, TopicArn, mailbox.url);
    await createDetectorTable(new DynamoDBClient(CLIENT), 'detector');

    const dimensions = { KeyArn: keyArn, Operation: 'Decrypt' };
    const history = Array.from({ length: 56 * 24 + 6 }, () => USUAL_PER_HOUR);
    await putKmsRequests([
      { dimensions, startsAt: NOW - 56 * DAY, periodSeconds: HOUR, values: history },
      {
        dimensions,
        startsAt: NOW + 300,
        periodSeconds: 300,
        values: Array.from({ length: STORM_BINS }, () => STORM_PER_BIN),
      },
    ]);
    handler = await newContainer({
      ...ENVIRONMENT,
      TABLE_NAME: 'detector',
      TOPIC_ARN: TopicArn,
      SLACK_WEBHOOK_URL: slack.url,
      SLACK_WEBHOOK_SECRET_ARN: '',
      ACCOUNT_NAME: 'prod',
      CLOCK: 'schedule',
    });
  });

  afterAll(() => Promise.all([mailbox.close(), slack.close()]));

  it('learns the history in its first run, welcomes, says what it found there, and tells of no incident', async () => {
    const answer = await checkAt(NOW + 180);

    expect(answer).toMatchObject({ ok: true, report: { series: 1, backfill: { done: 1, remaining: 0 } } });
    const told = ['WELCOME prod eu-central-1', 'READY prod eu-central-1'];
    expect(headlines()).toEqual({ email: told, slack: told });
  });

  it('opens an incident for the runaway key and tells SNS and Slack once, by the name of the key', async () => {
    const answer = await checkAt(NOW + 600 + 180);

    expect(answer).toMatchObject({
      report: { breaching: 1, incidents: [{ alias: 'alias/lake-etl', event: 'opened' }] },
    });
    const told = [
      'WELCOME prod eu-central-1',
      'READY prod eu-central-1',
      'NOTICE lake-etl prod eu-central-1',
    ];
    expect(headlines()).toEqual({ email: told, slack: told });
  });

  it('says nothing the second time', async () => {
    const answer = await checkAt(NOW + 900 + 180);

    expect(answer).toMatchObject({ report: { breaching: 1 } });
    expect(headlines().email).toHaveLength(3);
    expect(headlines().slack).toHaveLength(3);
  });

  it('resolves it after the use is back to normal', async () => {
    for (let minutes = 20; minutes <= 4 * 60; minutes += 20) await checkAt(NOW + minutes * 60 + 180);

    expect(headlines().email.at(-1)).toBe('RESOLVED lake-etl prod eu-central-1');
    expect(headlines().slack.at(-1)).toBe('RESOLVED lake-etl prod eu-central-1');
    expect(headlines().email).toHaveLength(4);
  });
});
