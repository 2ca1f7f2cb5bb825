import { readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDbBaselineStore } from '../../shared/adapters/aws/dynamodb-baseline-store.ts';
import { DynamoDbCommandStore } from '../../shared/adapters/aws/dynamodb-command-store.ts';
import { DynamoDbIncidentStore } from '../../shared/adapters/aws/dynamodb-incident-store.ts';
import { DynamoDbKeyFactsStore } from '../../shared/adapters/aws/dynamodb-key-facts-store.ts';
import { DynamoDbNoticeStore } from '../../shared/adapters/aws/dynamodb-notice-store.ts';
import { DynamoDbRunStore } from '../../shared/adapters/aws/dynamodb-run-store.ts';
import { DynamoDbShardStore } from '../../shared/adapters/aws/dynamodb-shard-store.ts';
import { openTable } from '../../shared/adapters/aws/dynamodb-table.ts';
import { KmsKeyLookup } from '../../shared/adapters/aws/kms-key-lookup.ts';
import { SecretSource } from '../../shared/adapters/aws/secret-source.ts';
import { SnsReceiver } from '../../shared/adapters/aws/sns-receiver.ts';
import { PagerDutyReceiver } from '../../shared/adapters/pagerduty/pagerduty-receiver.ts';
import { parseRoutingKey } from '../../shared/adapters/pagerduty/routing-key.ts';
import { keptByTarget } from '../../shared/adapters/routing/by-target.ts';
import {
  RegionalCallerSource,
  RegionalKeyLookup,
  RegionalQuotaLookup,
} from '../../shared/adapters/routing/regional-lookups.ts';
import { SlackReceiver } from '../../shared/adapters/slack/slack-receiver.ts';
import { parseSlackSecret } from '../../shared/adapters/slack/slack-secret.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { DetectSettings, Spending } from '../../shared/app/detect-request.ts';
import type { CallerSource, Clock, Log, QuotaLookup, Receiver, ShardStore } from '../../shared/app/ports.ts';
import type { TopPorts } from '../../shared/app/top.ts';
import { type Config, parseConfig, policyDefaults } from '../../shared/config.ts';
import { defaultQuota } from '../../shared/domain/assess/quota.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { Target } from '../../shared/domain/usage/key.ts';
import type { EpochSeconds } from '../../shared/domain/usage/time.ts';
import { parsePolicy, policyText } from '../../shared/policy-document.ts';
import { RUN_METRICS } from '../../shared/run-metrics.ts';
import { metricPorts } from './metric-ports.ts';
import { type SweepMetrics, sweepMetrics } from './observability.ts';
import { type ClientPlace, clientOf, mayLook, ownClient, type Places, placesOf } from './places.ts';

/** The detector of one container: built once, used by every invocation. */
export interface Detector {
  readonly ports: TopPorts;
  /** What the steps of a divided check hand on. */
  readonly shards: ShardStore;
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
  const table = openTable(new DynamoDBClient(ownClient(config.AWS_REGION)), config.TABLE_NAME);
  const places = placesOf(config);
  const policy = await readPolicy(policyFile, config);
  return {
    ports: {
      clock,
      log,
      ...metricPorts(config, places, clock, log),
      baselines: new DynamoDbBaselineStore(table, log),
      incidents: new DynamoDbIncidentStore(table, log),
      commands: new DynamoDbCommandStore(table, log),
      notices: new DynamoDbNoticeStore(table, log),
      runs: new DynamoDbRunStore(table, log),
      keyLookup: new RegionalKeyLookup(
        places.regions,
        keptByTarget((target) =>
          mayLook(places, target) ? new KmsKeyLookup(new KMSClient(clientOf(places, target))) : undefined,
        ),
      ),
      quotaLookup: new RegionalQuotaLookup(
        config.AWS_REGION,
        keptByTarget((target) =>
          mayLook(places, target) ? lazyQuotaLookup(clientOf(places, target)) : undefined,
        ),
      ),
      facts: new DynamoDbKeyFactsStore(table, log),
      callers: callersOf(config, places, clock, log),
      receivers: await receiversOf(config),
    },
    shards: new DynamoDbShardStore(table, log),
    settings: {
      policy,
      origin: {
        account: accountNameOf(config, policy),
        ...(config.ACCOUNT_ID ? { accountId: config.ACCOUNT_ID } : {}),
        ...(policy.accounts ? { accounts: policy.accounts } : {}),
        region: config.AWS_REGION,
        timeZone: config.TIME_ZONE,
        ...(environment['AWS_LAMBDA_FUNCTION_NAME']
          ? { functionName: environment['AWS_LAMBDA_FUNCTION_NAME'] }
          : {}),
      },
      watched: {
        regions: places.regions,
        linkedAccounts: config.INCLUDE_LINKED_ACCOUNTS,
        ...(config.ENRICHMENT_ROLE_NAME ? { enrichmentRole: config.ENRICHMENT_ROLE_NAME } : {}),
      },
      settleSeconds: config.SETTLE_SECONDS,
      maxMessagesPerHour: config.MAX_MESSAGES_PER_HOUR,
      ...(config.MONTHLY_USD_CAP > 0 ? { spending: spendingOf(config) } : {}),
      quota: (group, region = config.AWS_REGION) => defaultQuota(group, region),
    },
    metrics: sweepMetrics(config.STACK_NAME),
    clockMode: config.CLOCK,
    setClock: clock.set,
  };
}

const spendingOf = (config: Config): Spending => ({
  monthlyUsdCap: config.MONTHLY_USD_CAP,
  scheduleMinutes: config.SCHEDULE_MINUTES,
  customMetrics: Object.keys(RUN_METRICS).length,
  slack: [config.SLACK_WEBHOOK_SECRET_ARN, config.PAGERDUTY_SECRET_ARN].some((arn) => arn !== undefined),
});

/**
 * Loaded when a key is in trouble, so that quiet checks start faster; one for the container and each account and Region,
 * because it holds the pace.
 * Both clients ask once: the source retries at the pace that CloudTrail allows, where time is real.
 */
function callersOf({ CLOCK }: Config, places: Places, clock: Clock, log: Log): CallerSource {
  const load = async (target: Target): Promise<CallerSource> => {
    const once = { ...clientOf(places, target), maxAttempts: 1 };
    const [{ CloudTrailClient }, { CloudTrailCallerSource }] = await Promise.all([
      import('@aws-sdk/client-cloudtrail'),
      import('../../shared/adapters/aws/cloudtrail-caller-source.ts'),
    ]);
    const pace = CLOCK === 'schedule' ? { spacingMs: 0 } : {};
    return new CloudTrailCallerSource(new CloudTrailClient(once), new KMSClient(once), clock, log, pace);
  };
  const kept = keptByTarget((target) =>
    mayLook(places, target) ? load(target) : Promise.resolve(undefined),
  );
  return new RegionalCallerSource(kept);
}

/** Loaded once a day. */
const lazyQuotaLookup = (client: ClientPlace): QuotaLookup => ({
  readQuotas: async () => (await import('./open-quota-lookup.ts')).openQuotaLookup(client).readQuotas(),
});

/** A new receiver is one adapter, one renderer and one function here. */
async function receiversOf(config: Config): Promise<Receiver[]> {
  const { TOPIC_ARN, AWS_REGION: region } = config;
  return [
    ...(TOPIC_ARN ? [new SnsReceiver(new SNSClient(ownClient(region)), TOPIC_ARN)] : []),
    ...slackOf(config),
    ...pagerDutyOf(config),
    ...(await eventsOf(config)),
  ];
}

function slackOf(config: Config): Receiver[] {
  const { SLACK_WEBHOOK_SECRET_ARN, SLACK_WEBHOOK_URL: webhookUrl, SLACK_API_URL: apiUrl } = config;
  if (SLACK_WEBHOOK_SECRET_ARN) {
    const { read, forget } = secretOf(config, SLACK_WEBHOOK_SECRET_ARN, parseSlackSecret);
    return [new SlackReceiver({ credentials: read, onRefused: forget, apiUrl })];
  }
  return webhookUrl
    ? [new SlackReceiver({ credentials: () => Promise.resolve({ kind: 'webhook', webhookUrl }) })]
    : [];
}

function pagerDutyOf(config: Config): Receiver[] {
  const { PAGERDUTY_SECRET_ARN, PAGERDUTY_URL: url } = config;
  if (!PAGERDUTY_SECRET_ARN) return [];
  const { read, forget } = secretOf(config, PAGERDUTY_SECRET_ARN, parseRoutingKey);
  return [new PagerDutyReceiver({ routingKey: read, onRefused: forget, url })];
}

const secretOf = <T>({ AWS_REGION: region }: Config, arn: string, parse: (text: string) => T) =>
  new SecretSource(new SecretsManagerClient(ownClient(region)), arn, parse);

/** The client of EventBridge is loaded only where there is a bus: most stacks have none. */
async function eventsOf({ EVENT_BUS_NAME, AWS_REGION: region }: Config): Promise<Receiver[]> {
  if (!EVENT_BUS_NAME) return [];
  const { openEventBus } = await import('./event-bus.ts');
  return [openEventBus(region, EVENT_BUS_NAME)];
}

async function readPolicy(file: URL, config: Config): Promise<Policy> {
  const text = await readFile(config.POLICY_FILE ?? file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && config.POLICY_FILE === undefined) return undefined;
    throw error;
  });
  return parsePolicy(text === undefined ? undefined : JSON.parse(policyText(text)), policyDefaults(config));
}

/** What messages call the account: its name, or its number, which the topic's ARN has, too. */
function accountNameOf({ ACCOUNT_NAME, ACCOUNT_ID, TOPIC_ARN }: Config, { accounts }: Policy): string {
  const id = ACCOUNT_ID ?? TOPIC_ARN?.split(':')[4];
  return ACCOUNT_NAME ?? (id === undefined ? 'this account' : (accounts?.[id] ?? id));
}

function movableClock(): Clock & { set(at: EpochSeconds): void } {
  let fixed: EpochSeconds | undefined;
  return {
    now: () => fixed ?? systemClock.now(),
    set(at) {
      fixed = at;
    },
  };
}
