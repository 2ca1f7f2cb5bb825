import { type AccountOptions, homeRegion } from './account.ts';
import { UsageError } from './usage-error.ts';

/**
 * Regions that every account has. Those to opt in to are not known without asking for them, so they have to be named
 * (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html).
 */
const EVERYBODYS_REGIONS: readonly string[] = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-north-1',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-southeast-1',
  'ap-southeast-2',
];

const REGION_NAME = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** The Regions of `--region R[,R...]|all`; without one, that of the environment or the profile. */
export async function regionsOf({ region, profile }: AccountOptions): Promise<readonly string[]> {
  const named = region ?? (await homeRegion({ profile }));
  if (named === 'all') return EVERYBODYS_REGIONS;
  const regions = [...new Set(named.split(',').map((region) => region.trim()))];
  const wrong = regions.find((region) => !REGION_NAME.test(region));
  if (wrong === undefined) return regions;
  throw new UsageError(
    `--region ${JSON.stringify(wrong)}: expected Regions such as eu-central-1,us-east-1, or all`,
  );
}
