import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { MOTO_DIFFERS } from '../../infra/checks/moto-differences.ts';
import { dimensionsOf, METRIC_NAME, NAMESPACE } from '../../shared/adapters/aws/cloudwatch-metric.ts';
import { CloudWatchMetricDirectory } from '../../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { CloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { DynamoDbCommandStore } from '../../shared/adapters/aws/dynamodb-command-store.ts';
import { DynamoDbIncidentStore } from '../../shared/adapters/aws/dynamodb-incident-store.ts';
import { DynamoDbKeyFactsStore } from '../../shared/adapters/aws/dynamodb-key-facts-store.ts';
import { DynamoDbNoticeStore } from '../../shared/adapters/aws/dynamodb-notice-store.ts';
import { DynamoDbRunStore } from '../../shared/adapters/aws/dynamodb-run-store.ts';
import { DynamoDbShardStore } from '../../shared/adapters/aws/dynamodb-shard-store.ts';
import { KmsKeyLookup } from '../../shared/adapters/aws/kms-key-lookup.ts';
import { SecretSource } from '../../shared/adapters/aws/secret-source.ts';
import { SnsReceiver } from '../../shared/adapters/aws/sns-receiver.ts';
import { FixedClock } from '../../shared/adapters/memory/fixed-clock.ts';
import { MemoryLog } from '../../shared/adapters/memory/memory-log.ts';
import { parseSlackSecret } from '../../shared/adapters/slack/slack-secret.ts';
import { type KeyArn, parseKeyArn } from '../../shared/domain/usage/key.ts';
import type { Metric } from '../../shared/domain/usage/metric.ts';
import { BINS_PER_DAY, BINS_PER_HOUR, binEnd, binStart } from '../../shared/domain/usage/time.ts';
import { describeBaselineStore } from '../contract/baseline-store.contract.ts';
import { cloudWatchAt, putRequests } from '../contract/cloudwatch.ts';
import { describeCommandStore } from '../contract/command-store.contract.ts';
import { createTable } from '../contract/dynamodb.ts';
import { describeIncidentStore } from '../contract/incident-store.contract.ts';
import { describeKeyFactsStore } from '../contract/key-facts-store.contract.ts';
import { describeKeyLookup, type NewKey } from '../contract/key-lookup.contract.ts';
import { describeMetricDirectory } from '../contract/metric-directory.contract.ts';
import { describeMetricSource } from '../contract/metric-source.contract.ts';
import { describeNoticeStore } from '../contract/notice-store.contract.ts';
import { receiverContract } from '../contract/receiver.contract.ts';
import { describeRunStore } from '../contract/run-store.contract.ts';
import { describeShardStore } from '../contract/shard-store.contract.ts';
import { aMessage, NIGHT_BIN } from '../support/a-message.ts';
import { aKeyArn } from '../support/keys.ts';
import { openBaselineStore } from './baseline-store.ts';
import { queryError, startGateway } from './misbehaving-gateway.ts';
import { boto3, CLIENT, ENDPOINT, putKmsRequests, resetMoto, subscribe } from './moto.ts';
import { noticesOf, startSubscriber } from './subscriber.ts';

const NOW = binEnd(NIGHT_BIN) + 1800;

describeBaselineStore('DynamoDB of moto', () => openBaselineStore(ENDPOINT));

describeIncidentStore('DynamoDB of moto', async () => {
  const { table, close } = await createTable(ENDPOINT);
  return { store: new DynamoDbIncidentStore(table, new MemoryLog()), close };
});

describeRunStore('DynamoDB of moto', async () => {
  const { table, close } = await createTable(ENDPOINT);
  return { store: new DynamoDbRunStore(table, new MemoryLog()), close };
});

describeShardStore('DynamoDB of moto', async () => {
  const { table, close } = await createTable(ENDPOINT);
  return { store: new DynamoDbShardStore(table, new MemoryLog()), close };
});

describeKeyFactsStore('DynamoDB of moto', async () => {
  const { table, close } = await createTable(ENDPOINT);
  return { store: new DynamoDbKeyFactsStore(table, new MemoryLog()), close };
});

describeCommandStore('DynamoDB of moto', async () => {
  const { table, close } = await createTable(ENDPOINT);
  return { store: new DynamoDbCommandStore(table, new MemoryLog()), close };
});

describeNoticeStore('DynamoDB of moto', async () => {
  const { table, close } = await createTable(ENDPOINT);
  return { store: new DynamoDbNoticeStore(table, new MemoryLog()), close };
});

describeKeyLookup('KMS of moto', async () => {
  await resetMoto();
  const client = new KMSClient(CLIENT);
  return {
    store: new KmsKeyLookup(client),
    addKey: (key) => createKey(client, key),
    close: () => Promise.resolve(client.destroy()),
  };
});

async function createKey(
  client: KMSClient,
  { aliases = [], spec = 'SYMMETRIC_DEFAULT', description }: NewKey,
): Promise<KeyArn> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: spec,
      KeyUsage: spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY',
      Description: description,
    }),
  );
  const keyArn = parseKeyArn(KeyMetadata?.Arn ?? '');
  if (!keyArn) throw new TypeError(`not the ARN of a key: ${KeyMetadata?.Arn}`);
  for (const AliasName of aliases) {
    await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyArn }));
  }
  return keyArn;
}

async function openDirectory() {
  await resetMoto();
  const client = cloudWatchAt(ENDPOINT);
  return {
    store: new CloudWatchMetricDirectory(client, new MemoryLog()),
    record: (metric: Metric, bin: number) => putRequests(client, metric, bin, [1]),
    // Below, by name.
    forgets: false,
    close: () => Promise.resolve(client.destroy()),
  };
}

describeMetricDirectory('CloudWatch of moto', openDirectory);

describeMetricSource('CloudWatch of moto', async () => {
  await resetMoto();
  const client = cloudWatchAt(ENDPOINT);
  return {
    store: new CloudWatchMetricSource(client, new FixedClock(NOW), new MemoryLog()),
    record: (...entry) => putRequests(client, ...entry),
    // Below, by name.
    isFast: false,
    close: () => Promise.resolve(client.destroy()),
  };
});

describe('CloudWatch of moto', () => {
  it('gives what boto3 has put', async () => {
    await resetMoto();
    const dimensions = { KeyArn: aKeyArn(1), Operation: 'Decrypt' };
    const startsAt = binStart(NIGHT_BIN - 2);
    await putKmsRequests([{ dimensions, startsAt, periodSeconds: 60, values: [1, 2, 3, 4, 5, 60, 70] }]);
    const client = cloudWatchAt(ENDPOINT);
    const source = new CloudWatchMetricSource(client, new FixedClock(NOW), new MemoryLog());

    const metrics: Metric[] = [{ kind: 'key', keyArn: aKeyArn(1), operation: 'Decrypt' }];
    const [outcome] = await source.fetch({ metrics, startBin: NIGHT_BIN - 2, endBin: NIGHT_BIN });

    expect(outcome).toMatchObject({ kind: 'values', values: { values: Float64Array.of(15, 130) } });
    client.destroy();
  });
});

receiverContract('SNS of moto', async () => {
  await resetMoto();
  const gateway = await startGateway();
  const subscriber = await startSubscriber();
  const client = new SNSClient({ ...CLIENT, endpoint: gateway.endpoint, maxAttempts: 1 });
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
  await subscribe(client, TopicArn, subscriber.url);
  return {
    receiver: new SnsReceiver(client, TopicArn),
    received: () => noticesOf(subscriber).map(({ Message }) => Message),
    behave(how) {
      const faults = {
        well: undefined,
        throttles: queryError(400, 'Throttling'),
        fails: queryError(500, 'InternalFailure'),
        doesNotAnswer: 'hangUp',
        isGone: queryError(404, 'NotFound'),
      } as const;
      gateway.fail(faults[how]);
    },
    async close() {
      client.destroy();
      await Promise.all([gateway.close(), subscriber.close()]);
    },
  };
});

describe('SNS of moto', () => {
  it('hands on subject, text and attributes to a queue, as boto3 reads it', async () => {
    await resetMoto();
    const client = new SNSClient(CLIENT);
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
    const queue = await boto3(
      `
queue = aws('sqs').create_queue(QueueName='listener')['QueueUrl']
arn = aws('sqs').get_queue_attributes(QueueUrl=queue, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
aws('sns').subscribe(TopicArn=given, Protocol='sqs', Endpoint=arn)
answer(queue)
`,
      TopicArn,
    );

    await new SnsReceiver(client, TopicArn).send(aMessage());

    const received = await boto3(
      "answer(aws('sqs').receive_message(QueueUrl=given)['Messages'][0]['Body'])",
      queue,
    );
    const { Subject, Message, MessageAttributes } = JSON.parse(String(received)) as Record<string, unknown>;
    expect(Subject).toMatch(/^PAGE lake-etl prod/);
    expect(Message).toContain('lake-etl prod eu-central-1: +$14.6/h');
    expect(MessageAttributes).toMatchObject({ severity: { Value: 'page' }, kind: { Value: 'opened' } });
  });

  it('says that nobody hears a topic without subscribers', async () => {
    await resetMoto();
    const client = new SNSClient(CLIENT);
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));

    expect(await new SnsReceiver(client, TopicArn).send(aMessage())).toMatchObject({ kind: 'noAudience' });
  });

  it('refuses for a topic that was deleted', async () => {
    await resetMoto();
    const client = new SNSClient(CLIENT);
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
    await client.send(new DeleteTopicCommand({ TopicArn }));

    expect(await new SnsReceiver(client, TopicArn).send(aMessage())).toMatchObject({ kind: 'refused' });
  });
});

describe('Secrets Manager of moto', () => {
  const URL_TEXT = 'https://hooks.slack.com/services/T/B/X';

  it.each([
    ['the webhook itself', URL_TEXT],
    ['JSON', JSON.stringify({ webhookUrl: URL_TEXT })],
  ])('gives the webhook from a secret that holds %s', async (_, SecretString) => {
    await resetMoto();
    const client = new SecretsManagerClient(CLIENT);
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'slack', SecretString }));

    expect(await new SecretSource(client, ARN, parseSlackSecret).read()).toEqual({
      kind: 'webhook',
      webhookUrl: URL_TEXT,
    });
  });
});

/**
 * Where moto is not like AWS. Each difference is shown here, so that what the suites above leave out has a name, and
 * so that a moto that has learned it makes itself heard.
 */
describe('moto differs from AWS:', () => {
  const used = (n: number): Metric => ({ kind: 'key', keyArn: aKeyArn(n), operation: 'Decrypt' });

  it(MOTO_DIFFERS.recentlyActive.what, async () => {
    const { store, record, close } = await openDirectory();
    await record(used(1), NIGHT_BIN - 6 * BINS_PER_HOUR);

    expect(await store.listMetrics('recentlyActive')).toEqual([used(1)]);
    await close();
  });

  it(MOTO_DIFFERS.forgets.what, async () => {
    const { store, record, close } = await openDirectory();
    await record(used(1), NIGHT_BIN - 100 * BINS_PER_DAY);

    expect(await store.listMetrics('all')).toEqual([used(1)]);
    await close();
  });

  it(MOTO_DIFFERS.onePage.what, async () => {
    await resetMoto();
    const client = cloudWatchAt(ENDPOINT);
    await putRequests(client, used(1), NIGHT_BIN - 3, [1, 2, 3]);

    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(binStart(NIGHT_BIN - 3) * 1000),
        EndTime: new Date(binStart(NIGHT_BIN) * 1000),
        MaxDatapoints: 1,
        MetricDataQueries: [
          {
            Id: 'm0',
            MetricStat: {
              Metric: { Namespace: NAMESPACE, MetricName: METRIC_NAME, Dimensions: dimensionsOf(used(1)) },
              Period: 300,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );

    expect(answer.NextToken).toBeUndefined();
    expect(answer.MetricDataResults?.map(({ Values, StatusCode }) => [Values?.length, StatusCode])).toEqual([
      [3, 'Complete'],
    ]);
    client.destroy();
  });

  it(MOTO_DIFFERS.subscriptions.what, async () => {
    await resetMoto();
    const client = new SNSClient(CLIENT);
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall@example.com' }));

    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));

    expect([Attributes?.['SubscriptionsConfirmed'], Attributes?.['SubscriptionsPending']]).toEqual([
      '0',
      '0',
    ]);
  });
});
