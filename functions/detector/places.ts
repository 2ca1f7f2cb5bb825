import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { ANSWER_TIMEOUTS } from '../../shared/adapters/aws/answer-timeouts.ts';
import type { Config } from '../../shared/config.ts';
import type { Target } from '../../shared/domain/usage/key.ts';

/** Where the detector looks, and as whom. */
export interface Places {
  readonly regions: readonly string[];
  readonly home: string;
  /** The role in other accounts; undefined: nothing but metrics is read there. */
  readonly role: string | undefined;
}

/** The Regions and accounts of a configuration. */
export const placesOf = ({ REGIONS, AWS_REGION, ENRICHMENT_ROLE_NAME: role }: Config): Places => ({
  regions: REGIONS ?? [AWS_REGION],
  home: AWS_REGION,
  role,
});

/** Whether the detector may look into a target beyond its metrics: its own account, or by the role. */
export const mayLook = ({ role }: Places, { account }: Target): boolean =>
  account === undefined || role !== undefined;

/** Where a client asks, and as whom; without credentials as the function itself. */
export interface ClientPlace {
  readonly region: string;
  readonly requestHandler: typeof ANSWER_TIMEOUTS;
  readonly credentials?: NonNullable<KMSClientConfig['credentials']>;
}

/** What a client with the function's own credentials is made of. */
export const ownClient = (region: string): ClientPlace => ({ region, requestHandler: ANSWER_TIMEOUTS });

/** What a client for a target is made of. Credentials of a role are asked for when they are first needed. */
export function clientOf({ home, role }: Places, { region, account }: Target): ClientPlace {
  if (account === undefined || role === undefined) return ownClient(region);
  const load = async () => {
    const { credentialsFor } = await import('../../shared/adapters/aws/enrichment-credentials.ts');
    return credentialsFor({ name: role, partition: partitionOf(home), region: home }, account);
  };
  let provider: ReturnType<typeof load> | undefined;
  return {
    ...ownClient(region),
    credentials: async (properties) => {
      provider ??= load();
      return (await provider)(properties);
    },
  };
}

/** The partition of a Region, which linked accounts share. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}
