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
import type { Log } from '../shared/app/ports.ts';
import type { TopPorts } from '../shared/app/top.ts';
import { UsageError } from './usage-error.ts';

/** Whose account, and where. */
export interface AccountOptions {
  readonly region?: string;
  readonly profile?: string;
}

/**
 * The pipeline's ports on an account that is only read: CloudWatch and KMS with the user's own credentials, stores in
 * memory, no receivers.
 */
export function readOnlyPorts(
  { region, profile }: AccountOptions,
  log: Log,
): TopPorts & { readonly region: string } {
  const where = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (!where) throw new UsageError('no Region: name one by --region, or set AWS_REGION');
  const client = { region: where, ...(profile === undefined ? {} : { profile }) };
  // The source of callers retries at the pace that CloudTrail allows.
  const once = { ...client, maxAttempts: 1 };
  const cloudWatch = new CloudWatchClient({ ...client, retryMode: 'adaptive', maxAttempts: 5 });
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
    keyLookup: new KmsKeyLookup(new KMSClient(client)),
    quotaLookup: new ServiceQuotasLookup(new ServiceQuotasClient(client)),
    facts: new MemoryKeyFactsStore(),
    callers: new CloudTrailCallerSource(new CloudTrailClient(once), new KMSClient(once), systemClock, log),
    receivers: [],
  };
}
