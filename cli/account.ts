import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { CloudWatchMetricDirectory } from '../shared/adapters/aws/cloudwatch-metric-directory.ts';
import { CloudWatchMetricSource } from '../shared/adapters/aws/cloudwatch-metric-source.ts';
import { KmsKeyLookup } from '../shared/adapters/aws/kms-key-lookup.ts';
import { ServiceQuotasLookup } from '../shared/adapters/aws/service-quotas-lookup.ts';
import { MemoryBaselineStore } from '../shared/adapters/memory/memory-baseline-store.ts';
import { MemoryIncidentStore } from '../shared/adapters/memory/memory-incident-store.ts';
import { MemoryKeyFactsStore } from '../shared/adapters/memory/memory-key-facts-store.ts';
import { MemoryRunStore } from '../shared/adapters/memory/memory-run-store.ts';
import { systemClock } from '../shared/adapters/system-clock.ts';
import type { DetectPorts } from '../shared/app/detect-request.ts';
import type { Log } from '../shared/app/ports.ts';
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
): DetectPorts & { readonly region: string } {
  const where = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (!where) throw new UsageError('no Region: name one by --region, or set AWS_REGION');
  const client = { region: where, ...(profile === undefined ? {} : { profile }) };
  const cloudWatch = new CloudWatchClient({ ...client, retryMode: 'adaptive', maxAttempts: 5 });
  return {
    region: where,
    clock: systemClock,
    log,
    metricDirectory: new CloudWatchMetricDirectory(cloudWatch, log),
    metrics: new CloudWatchMetricSource(cloudWatch, systemClock, log),
    baselines: new MemoryBaselineStore(),
    incidents: new MemoryIncidentStore(),
    runs: new MemoryRunStore(),
    keyLookup: new KmsKeyLookup(new KMSClient(client)),
    quotaLookup: new ServiceQuotasLookup(new ServiceQuotasClient(client)),
    facts: new MemoryKeyFactsStore(),
    receivers: [],
  };
}
