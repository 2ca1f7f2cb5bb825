import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { AccountProbe } from '../../app/doctor/account-probe.ts';
import { ANSWER_TIMEOUTS } from './answer-timeouts.ts';
import { AwsAccountProbe } from './aws-account-probe.ts';

/** A probe of an account and Region for so many seconds, with clients of its own: their calls are counted. */
export function openAccountProbe(
  account: { readonly region: string; readonly profile?: string },
  seconds: number,
): AccountProbe {
  const client = { ...account, maxAttempts: 2, requestHandler: ANSWER_TIMEOUTS };
  return new AwsAccountProbe({
    cloudWatch: new CloudWatchClient(client),
    cloudTrail: new CloudTrailClient(client),
    kms: new KMSClient(client),
    serviceQuotas: new ServiceQuotasClient(client),
    seconds,
  });
}
