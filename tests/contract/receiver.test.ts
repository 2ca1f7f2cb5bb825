import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import type { ServiceName } from '../../infra/local/service.ts';
import { EventBridgeReceiver } from '../../shared/adapters/aws/eventbridge-receiver.ts';
import { SnsReceiver } from '../../shared/adapters/aws/sns-receiver.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { PagerDutyReceiver } from '../../shared/adapters/pagerduty/pagerduty-receiver.ts';
import { SlackReceiver } from '../../shared/adapters/slack/slack-receiver.ts';
import type { SlackCredentials } from '../../shared/adapters/slack/slack-secret.ts';
import { headline } from '../../shared/render/headline.ts';
import { aMessage, aResolvedMessage } from '../support/a-message.ts';
import { type Misbehaviour, receiverContract } from './receiver.contract.ts';

type FaultOf = Readonly<Record<Misbehaviour, Parameters<LocalAws['faults']['add']>[0]['error']>>;

receiverContract('memory', () => {
  const receiver = new MemoryReceiver();
  return Promise.resolve({
    receiver,
    received: () => receiver.messages.map((message) => headline(message, 150)),
    behave: (how) => {
      receiver.recover();
      if (how === 'isGone') receiver.failWith({ kind: 'refused', reason: how }, Number.POSITIVE_INFINITY);
      else if (how !== 'well') receiver.failWith({ kind: 'retry', reason: how }, Number.POSITIVE_INFINITY);
    },
    close: () => Promise.resolve(),
  });
});

receiverContract('SNS', async () => {
  const aws = await startLocalAws();
  const topicArn = aws.sns.createTopic('alerts');
  aws.sns.subscribe(topicArn, 'email', 'oncall@example.com');
  const client = new SNSClient({
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    receiver: new SnsReceiver(client, topicArn),
    received: () => aws.sns.messages.flatMap(({ deliveries }) => deliveries.map(({ body }) => body)),
    behave: behaveBy(aws, 'sns', {
      throttles: 'Throttling',
      fails: 'InternalFailure',
      isGone: { code: 'NotFound', message: 'Topic does not exist', status: 404 },
      doesNotAnswer: 'drop',
    }),
    close: () => aws.close(),
  };
});

receiverContract('a webhook of Slack', async () => {
  const aws = await startLocalAws();
  return {
    receiver: slackReceiver(aws, { kind: 'webhook', webhookUrl: aws.slack.webhookUrl }),
    received: () => aws.slack.inbox.map(({ text = '' }) => text),
    behave: behaveBy(aws, 'slack', {
      throttles: 'Throttling',
      fails: 'InternalFailure',
      isGone: { code: 'no_service', status: 404 },
      doesNotAnswer: 'timeout',
    }),
    close: () => aws.close(),
  };
});

receiverContract('a bot of Slack', async () => {
  const aws = await startLocalAws();
  const { botToken, channel } = aws.slackApi;
  return {
    receiver: slackReceiver(aws, { kind: 'bot', botToken, channel }),
    received: () => [...aws.slackApi.messages.values()].map(({ text = '' }) => text),
    behave: behaveBy(aws, 'slackApi', {
      throttles: 'Throttling',
      fails: 'InternalFailure',
      isGone: { code: 'token_revoked', status: 200 },
      doesNotAnswer: 'drop',
    }),
    close: () => aws.close(),
  };
});

receiverContract('PagerDuty', async () => {
  const aws = await startLocalAws();
  const { url, routingKey } = aws.pagerduty;
  return {
    receiver: new PagerDutyReceiver({ routingKey: () => Promise.resolve(routingKey), url, timeoutMs: 2000 }),
    // One alert, however many events told of it; its latest words.
    received: () => [
      ...new Map(
        aws.pagerduty.inbox.map(({ dedupKey, event }) => [dedupKey, JSON.stringify(event)]),
      ).values(),
    ],
    behave: behaveBy(aws, 'pagerduty', {
      throttles: 'Throttling',
      fails: 'InternalFailure',
      isGone: { code: 'Invalid routing key', status: 400 },
      doesNotAnswer: 'drop',
    }),
    close: () => aws.close(),
  };
});

describe('PagerDuty', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws();
  });
  afterAll(() => aws.close());

  it('keeps an alert acknowledged, through what gets worse, until its end', async () => {
    const { alerts, inbox, url, routingKey } = aws.pagerduty;
    const receiver = new PagerDutyReceiver({ routingKey: () => Promise.resolve(routingKey), url });
    const states: unknown[] = [];

    for (const reason of ['opened', 'acknowledged', 'escalated'] as const) {
      expect(await receiver.send(aMessage({ reason }))).toMatchObject({ kind: 'sent' });
      states.push(...alerts.values());
    }
    await receiver.send(aResolvedMessage());

    expect(states).toEqual(['triggered', 'acknowledged', 'acknowledged']);
    expect(inbox.map(({ action }) => action)).toEqual(['trigger', 'acknowledge', 'trigger', 'resolve']);
    expect([...alerts.values()]).toEqual(['resolved']);
  });
});

receiverContract('EventBridge', async () => {
  const aws = await startLocalAws();
  aws.events.createBus('kms');
  const client = new EventBridgeClient({
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    receiver: new EventBridgeReceiver(client, 'kms'),
    received: () => aws.events.inbox.map(({ detail }) => JSON.stringify(detail)),
    behave: behaveBy(aws, 'events', {
      throttles: 'Throttling',
      fails: 'InternalFailure',
      isGone: 'AccessDenied',
      doesNotAnswer: 'drop',
    }),
    close: () => aws.close(),
  };
});

const slackReceiver = (aws: LocalAws, credentials: SlackCredentials): SlackReceiver =>
  new SlackReceiver({
    credentials: () => Promise.resolve(credentials),
    apiUrl: aws.slackApi.apiUrl,
    timeoutMs: 2000,
  });

const behaveBy =
  ({ faults }: LocalAws, service: ServiceName, errors: FaultOf) =>
  (how: Misbehaviour | 'well'): void => {
    faults.clear();
    const error = how === 'well' ? undefined : errors[how];
    if (error !== undefined) faults.add({ service, error, times: 'always' });
  };
