import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { createClock } from '../../infra/local/clock.ts';
import { NOON } from './a-world.ts';
import { startForTest } from './clients.ts';

async function start() {
  const started = await startForTest({ clock: createClock(NOON) });
  return { ...started, TopicArn: started.aws.sns.createTopic('alerts') };
}

describe('Publish', () => {
  test('puts a message into the mailbox', async () => {
    const { aws, sns, TopicArn } = await start();
    const Message = 'Line 1\nLine 2 <&>"\u{1f512}\r\n';

    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn,
        Message,
        Subject: 'PAGE lake-etl',
        MessageAttributes: { severity: { DataType: 'String', StringValue: 'page' } },
      }),
    );

    expect(aws.sns.messages).toEqual([
      {
        messageId: MessageId,
        topicArn: TopicArn,
        at: NOON,
        subject: 'PAGE lake-etl',
        message: Message,
        messageStructure: undefined,
        attributes: { severity: 'page' },
        deliveries: [],
      },
    ]);
  });

  test('gives each protocol its own text', async () => {
    const { aws, sns, TopicArn } = await start();
    aws.sns.subscribe(TopicArn, 'email', 'team@example.com');
    aws.sns.subscribe(TopicArn, 'https', 'https://example.com/hook');
    aws.sns.subscribe(TopicArn, 'email', 'sleeper@example.com', false);

    await sns.send(
      new PublishCommand({
        TopicArn,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: 'd', email: 'e' }),
      }),
    );

    expect(aws.sns.messages[0]?.deliveries).toEqual([
      { protocol: 'email', endpoint: 'team@example.com', body: 'e' },
      { protocol: 'https', endpoint: 'https://example.com/hook', body: 'd' },
    ]);
  });

  test.each<[string, Partial<PublishCommandInput>, string]>([
    ['no text', { Message: '' }, 'Invalid parameter: Empty message'],
    ['more than 256 KB', { Message: 'ä'.repeat(131_073) }, 'Invalid parameter: Message too long'],
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }, 'Invalid parameter: Subject'],
    ['a subject of two lines', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
    ['a structure that is no JSON', { MessageStructure: 'json' }, 'JSON message body failed to parse'],
    [
      'a structure without default',
      { MessageStructure: 'json', Message: '{"email":"x"}' },
      'No default entry in JSON message body',
    ],
    ['an unknown structure', { MessageStructure: 'xml' }, 'Invalid parameter: MessageStructure'],
    ['a topic ARN that is none', { TopicArn: 'alerts' }, 'Invalid parameter: TopicArn'],
  ])('refuses %s', async (_, change, message) => {
    const { aws, sns, TopicArn } = await start();

    const answer = sns.send(new PublishCommand({ TopicArn, Message: 'text', ...change }));

    await expect(answer).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(answer).rejects.toThrow(message);
    expect(aws.sns.messages).toEqual([]);
  });

  test('accepts 256 KB and a subject of 99 characters', async () => {
    const { sns, TopicArn } = await start();

    const answer = sns.send(
      new PublishCommand({ TopicArn, Message: 'x'.repeat(262_144), Subject: 's'.repeat(99) }),
    );

    await expect(answer).resolves.toHaveProperty('MessageId');
  });

  test('does not find a topic that does not exist', async () => {
    const { sns, TopicArn } = await start();

    const answer = sns.send(new PublishCommand({ TopicArn: `${TopicArn}-2`, Message: 'text' }));

    await expect(answer).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe('topics and subscriptions', () => {
  test('a person must confirm, and is counted as pending until then', async () => {
    const { aws, sns } = await start();
    const { TopicArn } = await sns.send(
      new CreateTopicCommand({ Name: 'more', Attributes: { KmsMasterKeyId: 'alias/aws/sns' } }),
    );
    const subscribed = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'team@example.com' }),
    );
    const counts = async () => {
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return [
        Attributes?.['SubscriptionsConfirmed'],
        Attributes?.['SubscriptionsPending'],
        Attributes?.['KmsMasterKeyId'],
      ];
    };

    expect(subscribed.SubscriptionArn).toBe('pending confirmation');
    expect(await counts()).toEqual(['0', '1', 'alias/aws/sns']);
    aws.sns.confirm('team@example.com');
    expect(await counts()).toEqual(['1', '0', 'alias/aws/sns']);
  });

  test('a queue need not confirm', async () => {
    const { sns, TopicArn } = await start();

    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: 'arn:aws:sqs:eu-central-1:111122223333:q',
      }),
    );
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'team@example.com' }));
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));

    expect(
      Subscriptions?.map(({ Protocol, SubscriptionArn }) => [
        Protocol,
        SubscriptionArn === 'PendingConfirmation',
      ]),
    ).toEqual([
      ['sqs', false],
      ['email', true],
    ]);
  });

  test('creating a topic again answers the same one', async () => {
    const { sns, TopicArn } = await start();

    const again = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));

    expect(again.TopicArn).toBe(TopicArn);
  });

  test('refuses an unknown protocol', async () => {
    const { sns, TopicArn } = await start();

    const answer = sns.send(new SubscribeCommand({ TopicArn, Protocol: 'pigeon', Endpoint: 'x' }));

    await expect(answer).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
