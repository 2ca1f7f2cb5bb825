import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LocalAws } from './server.ts';

/** What an installed detector is made of. */
export interface Installation {
  /** Environment of the function, as the template sets it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tableName: string;
  readonly topicArn: string;
}

const TABLE_NAME = 'kms-runaway-detector';
const TOPIC_NAME = 'kms-runaway-alerts';
const EMAIL = 'on-call@example.com';

/** What may differ from an installation that is complete. */
export interface InstallOptions {
  /** Whether the link in the email from SNS has been clicked. @default true */
  readonly isEmailConfirmed?: boolean;
}

/** Makes in the embedded AWS what the template makes in a real account: table, topic with an email, secret. */
export async function installDetector(
  aws: LocalAws,
  { isEmailConfirmed = true }: InstallOptions = {},
): Promise<Installation> {
  // Simulated hours pass in seconds: two look-ups a second of real time would be two an hour.
  aws.cloudtrail.requestsPerSecond = Number.POSITIVE_INFINITY;
  const topicArn = aws.sns.createTopic(TOPIC_NAME);
  aws.sns.subscribe(topicArn, 'email', EMAIL, isEmailConfirmed);
  const secretArn = aws.secrets.put(
    'kms-runaway-slack',
    JSON.stringify({ webhookUrl: aws.slack.webhookUrl }),
  );
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: aws.endpoint, region: aws.world.region, credentials });
  await createDetectorTable(client, TABLE_NAME);
  client.destroy();
  return {
    tableName: TABLE_NAME,
    topicArn,
    environment: {
      ...aws.environment,
      TABLE_NAME,
      TOPIC_ARN: topicArn,
      SLACK_WEBHOOK_SECRET_ARN: secretArn,
      AWS_LAMBDA_FUNCTION_NAME: 'kms-runaway-detector',
      CLOCK: 'schedule',
    },
  };
}

/** Makes what the template makes for PagerDuty and EventBridge, and returns what the function's environment has more then. */
export function installReceivers(aws: LocalAws): Readonly<Record<string, string>> {
  const { pagerduty, secrets } = aws;
  return {
    PAGERDUTY_SECRET_ARN: secrets.put('kms-runaway-pagerduty', pagerduty.routingKey),
    PAGERDUTY_URL: pagerduty.url,
    EVENT_BUS_NAME: 'default',
  };
}

/** Puts a bot of Slack into the secret in place of the webhook, and returns the same. */
export function installSlackBot(aws: LocalAws): Readonly<Record<string, string>> {
  const { apiUrl, botToken, channel } = aws.slackApi;
  return {
    SLACK_WEBHOOK_SECRET_ARN: aws.secrets.put('kms-runaway-slack', JSON.stringify({ botToken, channel })),
    SLACK_API_URL: apiUrl,
  };
}

/** Makes the detector's table, as the template does. */
export async function createDetectorTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}
