import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';

/** The read-only role that other accounts keep for the detector. */
export interface EnrichmentRole {
  readonly name: string;
  /** `aws`, `aws-cn`, ... */
  readonly partition: string;
  /** Region whose STS is asked. */
  readonly region: string;
}

/** Seconds that credentials are good for: the least that STS gives. */
const SESSION_SECONDS = 900;

/** Credentials of the role in another account; the SDK renews them. Only the accounts that CloudWatch lists are asked. */
export const credentialsFor = ({ name, partition, region }: EnrichmentRole, account: string) =>
  fromTemporaryCredentials({
    params: {
      RoleArn: `arn:${partition}:iam::${account}:role/${name}`,
      RoleSessionName: 'kms-runaway-detector',
      DurationSeconds: SESSION_SECONDS,
    },
    clientConfig: { region },
  });
