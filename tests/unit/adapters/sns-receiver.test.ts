import {
  GetTopicAttributesCommand,
  PublishCommand,
  SNSClient,
  SNSServiceException,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SnsReceiver } from '../../../shared/adapters/aws/sns-receiver.ts';
import { renderEmail } from '../../../shared/render/email.ts';
import { aDrill, aMessage, aNotice, aResolvedMessage, someNoticeFacts } from '../../support/a-message.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alerts';
const client = new SNSClient({ region: 'eu-central-1' });
const sns = mockClient(client);

const failure = (name: string, httpStatusCode: number, message = 'because') =>
  new SNSServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode } });

const subscriptions = (confirmed?: string, pending?: string): void => {
  sns.on(GetTopicAttributesCommand).resolves({
    Attributes: {
      ...(confirmed === undefined ? {} : { SubscriptionsConfirmed: confirmed }),
      ...(pending === undefined ? {} : { SubscriptionsPending: pending }),
    },
  });
};

describe('SnsReceiver', () => {
  const receiver = new SnsReceiver(client, TOPIC);

  beforeEach(() => {
    sns.reset();
    sns.on(PublishCommand).resolves({ MessageId: 'id-1' });
    subscriptions('2', '1');
  });

  it('hears of pages and notices, in groups', () => {
    expect(receiver).toMatchObject({ name: 'sns', severities: ['page', 'notice'], groups: true });
  });

  it('publishes the email with what subscriptions filter by', async () => {
    const message = aMessage({ incident: { severity: 'notice' } });

    await receiver.send(message);

    const { subject, text } = renderEmail(message);
    expect(sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        TopicArn: TOPIC,
        Subject: subject,
        Message: text,
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'opened' },
          severity: { DataType: 'String', StringValue: 'notice' },
        },
      },
    ]);
  });

  it.each([
    [aResolvedMessage(), 'resolved', 'page'],
    [aDrill(), 'drill', 'page'],
    [aNotice(someNoticeFacts.weekly), 'weekly', 'digest'],
    [aNotice(someNoticeFacts.deadReceiver), 'deadReceiver', 'notice'],
  ])('marks every kind of message', async (message, kind, severity) => {
    await receiver.send(message);

    expect(sns.commandCalls(PublishCommand)[0]?.args[0].input.MessageAttributes).toMatchObject({
      kind: { StringValue: kind },
      severity: { StringValue: severity },
    });
  });

  it('tells how many people have subscribed, or why that is not known', async () => {
    expect(await receiver.subscriptions()).toEqual({ confirmed: 2, pending: 1 });

    sns.on(GetTopicAttributesCommand).rejects(failure('AuthorizationErrorException', 403));
    expect(await receiver.subscriptions()).toBe('AuthorizationErrorException');
  });

  it('proves a message by its id and says who can have got it', async () => {
    expect(await receiver.send(aMessage())).toEqual({
      kind: 'sent',
      proof: 'MessageId id-1; subscriptions: 2 confirmed, 1 pending',
    });
  });

  it.each([
    [
      '3',
      'nobody has confirmed a subscription of the topic yet; 3 pending: click the link in the email from SNS',
    ],
    ['0', 'the topic has no subscription: subscribe an email address and confirm it'],
    [undefined, 'the topic has no subscription: subscribe an email address and confirm it'],
  ])('says that nobody listens, with %s pending', async (pending, reason) => {
    subscriptions('0', pending);

    expect(await receiver.send(aMessage())).toMatchObject({ kind: 'noAudience', reason });
  });

  it.each([
    [
      'may not look',
      () => sns.on(GetTopicAttributesCommand).rejects(failure('AuthorizationError', 403)),
      'AuthorizationError',
    ],
    ['gets no answer', () => sns.on(GetTopicAttributesCommand).rejects(new TypeError('socket')), 'TypeError'],
    ['is not told', () => subscriptions(), 'not told'],
  ])('counts a message as sent if it %s', async (_, arrange, why) => {
    arrange();

    expect(await receiver.send(aMessage())).toEqual({
      kind: 'sent',
      proof: `MessageId id-1; audience unknown (${why})`,
    });
  });

  it.each([
    [failure('Throttling', 400), 'SNS throttles (Throttling)'],
    [failure('ThrottledException', 429), 'SNS throttles (ThrottledException)'],
    [failure('KMSThrottlingException', 400), 'SNS throttles (KMSThrottlingException)'],
    [failure('TooMany', 429), 'SNS throttles (TooMany)'],
    [failure('InternalErrorException', 500), 'SNS failed (InternalErrorException, 500)'],
    [failure('ExpiredToken', 403), 'SNS did not accept the credentials (ExpiredToken)'],
    [Object.assign(new Error('x'), { name: 'TimeoutError' }), 'SNS did not answer (TimeoutError)'],
    [
      Object.assign(new Error('x'), { name: 'CredentialsProviderError' }),
      'SNS did not answer (CredentialsProviderError)',
    ],
  ])('tries again after %s', async (error, reason) => {
    sns.on(PublishCommand).rejects(error);

    expect(await receiver.send(aMessage())).toEqual({ kind: 'retry', reason });
    expect(sns.commandCalls(GetTopicAttributesCommand)).toHaveLength(0);
  });

  it.each([
    ['NotFoundException', 404, `the topic ${TOPIC} does not exist: create it, or give the stack another one`],
    [
      'AuthorizationErrorException',
      403,
      `the detector may not publish to ${TOPIC}: allow sns:Publish in its role and in the topic's policy`,
    ],
    ['InvalidParameterException', 400, `SNS takes the message or the topic ${TOPIC} for invalid`],
    [
      'KMSAccessDeniedException',
      400,
      "the key that encrypts the topic cannot be used: allow the detector's role kms:GenerateDataKey* and kms:Decrypt on it",
    ],
    [
      'KMSNotFoundException',
      404,
      "the key that encrypts the topic cannot be used: allow the detector's role kms:GenerateDataKey* and kms:Decrypt on it",
    ],
    ['OptedOutException', 400, 'SNS refuses the message'],
  ])('says what to mend after %s', async (name, status, reason) => {
    sns.on(PublishCommand).rejects(failure(name, status, 'because\nof that'));

    expect(await receiver.send(aMessage())).toEqual({
      kind: 'refused',
      reason: `${reason} (${name}: because of that)`,
    });
  });
});
