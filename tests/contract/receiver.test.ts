import { SNSClient } from '@aws-sdk/client-sns';
import { type LocalAws, startLocalAws } from '../../infra/local/server.ts';
import { SnsReceiver } from '../../shared/adapters/aws/sns-receiver.ts';
import { MemoryReceiver } from '../../shared/adapters/memory/memory-receiver.ts';
import { WebhookReceiver } from '../../shared/adapters/slack/webhook-receiver.ts';
import { headline } from '../../shared/render/headline.ts';
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

receiverContract('Slack', async () => {
  const aws = await startLocalAws();
  return {
    receiver: new WebhookReceiver({
      webhookUrl: () => Promise.resolve(aws.slack.webhookUrl),
      timeoutMs: 200,
    }),
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

const behaveBy =
  ({ faults }: LocalAws, service: 'sns' | 'slack', errors: FaultOf) =>
  (how: Misbehaviour | 'well'): void => {
    faults.clear();
    const error = how === 'well' ? undefined : errors[how];
    if (error !== undefined) faults.add({ service, error, times: 'always' });
  };
