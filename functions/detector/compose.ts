import { readFile } from 'node:fs/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { CloudWatchMetricDirectory } from '../../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { CloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { DynamoDbBaselineStore } from '../../shared/adapters/aws/dynamodb-baseline-store.ts';
import { DynamoDbIncidentStore } from '../../shared/adapters/aws/dynamodb-incident-store.ts';
import { DynamoDbKeyFactsStore } from '../../shared/adapters/aws/dynamodb-key-facts-store.ts';
import { DynamoDbRunStore } from '../../shared/adapters/aws/dynamodb-run-store.ts';
import { openTable } from '../../shared/adapters/aws/dynamodb-table.ts';
import { KmsKeyLookup } from '../../shared/adapters/aws/kms-key-lookup.ts';
import { SecretsWebhookSource } from '../../shared/adapters/aws/secrets-webhook-source.ts';
import { SnsReceiver } from '../../shared/adapters/aws/sns-receiver.ts';
import { WebhookReceiver } from '../../shared/adapters/slack/webhook-receiver.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { DetectPorts, DetectSettings } from '../../shared/app/detect-request.ts';
import type { Clock, Log, Receiver } from '../../shared/app/ports.ts';
import { type Config, parseConfig, policyDefaults } from '../../shared/config.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { EpochSeconds } from '../../shared/domain/usage/time.ts';
import { parsePolicy } from '../../shared/policy-document.ts';
import { type SweepMetrics, sweepMetrics } from './observability.ts';

/** The detector of one container: built once, used by every invocation. */
export interface Detector {
  readonly ports: DetectPorts;
  readonly settings: DetectSettings;
  readonly metrics: SweepMetrics;
  readonly clockMode: Config['CLOCK'];
  /** Moves the clock to a scheduled time; only with `CLOCK=schedule`. */
  setClock(at: EpochSeconds): void;
}

/** Where a detector runs, beyond its environment. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The policy packed beside the bundle; absent: the defaults hold. */
  readonly policyFile: URL;
  readonly log: Log;
}

/** THE COMPOSITION ROOT: environment -> config -> clients -> ports. Nothing else reads the environment or makes a client. */
export async function compose({ environment, policyFile, log }: Surroundings): Promise<Detector> {
  const config = parseConfig(environment);
  const clock = movableClock();
  const table = openTable(new DynamoDBClient({ region: config.AWS_REGION }), config.TABLE_NAME);
  const cloudWatch = new CloudWatchClient({
    region: config.AWS_REGION,
    retryMode: 'adaptive',
    maxAttempts: 5,
  });
  return {
    ports: {
      clock,
      log,
      metricDirectory: new CloudWatchMetricDirectory(cloudWatch, log),
      metrics: new CloudWatchMetricSource(cloudWatch, clock, log),
      baselines: new DynamoDbBaselineStore(table, log),
      incidents: new DynamoDbIncidentStore(table, log),
      runs: new DynamoDbRunStore(table, log),
      keyLookup: new KmsKeyLookup(new KMSClient({ region: config.AWS_REGION })),
      quotaLookup: {
        readQuotas: async () =>
          (await import('./open-quota-lookup.ts')).openQuotaLookup(config.AWS_REGION).readQuotas(),
      },
      facts: new DynamoDbKeyFactsStore(table, log),
      receivers: receiversOf(config),
    },
    settings: {
      policy: await readPolicy(policyFile, config),
      origin: {
        account: config.ACCOUNT_NAME ?? accountIdOf(config),
        region: config.AWS_REGION,
        timeZone: config.TIME_ZONE,
        ...(environment['AWS_LAMBDA_FUNCTION_NAME']
          ? { functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] }
          : {}),
      },
      settleSeconds: config.SETTLE_SECONDS,
      quota: (group) => defaultQuota(group, config.AWS_REGION),
    },
    metrics: sweepMetrics(config.STACK_NAME),
    clockMode: config.CLOCK,
    setClock: clock.set,
  };
}

/** A new receiver is one adapter, one renderer and one line here. */
function receiversOf(config: Config): Receiver[] {
  const { TOPIC_ARN, SLACK_WEBHOOK_SECRET_ARN, SLACK_WEBHOOK_URL, AWS_REGION: region } = config;
  const receivers: Receiver[] = [];
  if (TOPIC_ARN) receivers.push(new SnsReceiver(new SNSClient({ region }), TOPIC_ARN));
  if (SLACK_WEBHOOK_SECRET_ARN) {
    const secret = new SecretsWebhookSource(new SecretsManagerClient({ region }), SLACK_WEBHOOK_SECRET_ARN);
    receivers.push(new WebhookReceiver({ webhookUrl: secret.webhookUrl, onRefused: secret.forget }));
  } else if (SLACK_WEBHOOK_URL) {
    receivers.push(new WebhookReceiver({ webhookUrl: () => Promise.resolve(SLACK_WEBHOOK_URL) }));
  }
  return receivers;
}

async function readPolicy(file: URL, config: Config): Promise<Policy> {
  const text = await readFile(config.POLICY_FILE ?? file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && config.POLICY_FILE === undefined) return undefined;
    throw error;
  });
  return parsePolicy(text === undefined ? undefined : JSON.parse(text), policyDefaults(config));
}

/** The account's id, as the topic's ARN has it: no call is needed to know it. */
const accountIdOf = ({ TOPIC_ARN }: Config): string => TOPIC_ARN?.split(':')[4] ?? 'this account';

function movableClock(): Clock & { set(at: EpochSeconds): void } {
  let fixed: EpochSeconds | undefined;
  return {
    now: () => fixed ?? systemClock.now(),
    set(at) {
      fixed = at;
    },
  };
}
