import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { onTestFinished } from 'vitest';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../infra/local/server.ts';

/** An embedded AWS for one test, and the SDK's clients of it. They do not retry, so that every fault shows. */
export async function startForTest(options: LocalAwsOptions = {}) {
  const aws = await startLocalAws(options);
  const clients = clientsOf(aws);
  onTestFinished(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await aws.close();
  });
  return { aws, ...clients };
}

/** The SDK's clients of an embedded AWS. */
export function clientsOf(
  aws: LocalAws,
  more: { readonly region?: string; readonly maxAttempts?: number } = {},
) {
  const config = {
    endpoint: aws.endpoint,
    region: aws.world.region,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
    ...more,
  };
  return {
    cloudwatch: new CloudWatchClient(config),
    cloudtrail: new CloudTrailClient(config),
    kms: new KMSClient(config),
    sns: new SNSClient(config),
    secrets: new SecretsManagerClient(config),
    dynamodb: new DynamoDBClient(config),
  };
}
