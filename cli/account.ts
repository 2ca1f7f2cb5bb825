import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { CloudTrailCallerSource } from '../shared/adapters/aws/cloudtrail-caller-source.ts';
import { CloudWatchMetricDirectory } from '../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { CloudWatchMetricSource } from '../shared/adapters/aws/cloudwatch-metric-source.ts';
import { CloudWatchUsageQuery } from '../shared/adapters/aws/cloudwatch-usage-query.ts';
import { KmsKeyLookup } from '../shared/adapters/aws/kms-key-lookup.ts';
import { ServiceQuotasLookup } from '../shared/adapters/aws/service-quotas-lookup.ts';
import { MemoryBaselineStore } from '../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryCommandStore } from '../shared/adapters/memory/memory-command-store.ts';
import { MemoryIncidentStore } from '../shared/adapters/memory/memory-incident-store.ts';
import { MemoryKeyFactsStore } from '../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryNoticeStore } from '../shared/adapters/memory/memory-notice-store.ts';
import { MemoryRunStore } from '../shared/adapters/memory/memory-run-store.ts';
import { systemClock } from '../shared/adapters/system-clock.ts';
import type { DetectSettings } from '../shared/app/detect-request.ts';
import type { Log } from '../shared/app/ports.ts';
import type { TopPorts } from '../shared/app/top.ts';
import { shippedConfig } from '../shared/config.ts';
import { defaultQuota } from '../shared/domain/assess/quota.ts';
import type { Policy } from '../shared/domain/policy.ts';
import { noticing } from './permissions/denials.ts';
import { UsageError } from './usage-error.ts';

/** Whose account, and where. */
export interface AccountOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** What the commands that look into keys have in common on the command line. */
export interface LookOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly policy?: string;
  /** Where to write a report page. */
  readonly html?: string;
  /** Look at a simulated account. */
  readonly local?: true;
  /** Ask the deployed detector. */
  readonly function?: string;
}

/** What a run on an account goes by; the documented quotas hold until they are read. */
export const readOnlySettings = (policy: Policy, region: string): DetectSettings => ({
  policy,
  origin: { account: '', region, timeZone: 'UTC' },
  settleSeconds: shippedConfig().SETTLE_SECONDS,
  maxMessagesPerHour: shippedConfig().MAX_MESSAGES_PER_HOUR,
  quota: (group) => defaultQuota(group, region),
  maxReplayedSeries: Number.POSITIVE_INFINITY,
});

/** Where nobody reads along: faults of single series are part of the answer. */
export const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The Region that is meant, looked up where the AWS CLI looks: option, environment, profile. */
export async function homeRegion({ region, profile }: AccountOptions): Promise<string> {
  const named = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (named) return named;
  const client = new KMSClient(profile === undefined ? {} : { profile });
  const configured = await client.config.region().catch(() => undefined);
  if (configured) return configured;
  throw new UsageError('no Region: name one by --region, or set AWS_REGION');
}

/**
 * The pipeline's ports on an account that is only read: CloudWatch and KMS with the user's own credentials, stores in
 * memory, no receivers.
 */
export async function readOnlyPorts(
  { region, profile }: AccountOptions,
  log: Log,
): Promise<TopPorts & { readonly region: string }> {
  const where = await homeRegion({ region, profile });
  const client = { region: where, ...(profile === undefined ? {} : { profile }) };
  // The source of callers retries at the pace that CloudTrail allows.
  const once = { ...client, maxAttempts: 1 };
  const cloudWatch = noticing(
    'cloudwatch',
    new CloudWatchClient({ ...client, retryMode: 'adaptive', maxAttempts: 5 }),
  );
  const kms = (config: typeof client) => noticing('kms', new KMSClient(config));
  return {
    region: where,
    clock: systemClock,
    log,
    metricDirectory: new CloudWatchMetricDirectory(cloudWatch, log),
    metrics: new CloudWatchMetricSource(cloudWatch, systemClock, log),
    usageQuery: new CloudWatchUsageQuery(cloudWatch),
    baselines: new MemoryBaselineStore(),
    incidents: new MemoryIncidentStore(),
    commands: new MemoryCommandStore(),
    notices: new MemoryNoticeStore(),
    runs: new MemoryRunStore(),
    keyLookup: new KmsKeyLookup(kms(client)),
    quotaLookup: new ServiceQuotasLookup(noticing('servicequotas', new ServiceQuotasClient(client))),
    facts: new MemoryKeyFactsStore(),
    callers: new CloudTrailCallerSource(
      noticing('cloudtrail', new CloudTrailClient(once)),
      kms(once),
      systemClock,
      log,
    ),
    receivers: [],
  };
}
